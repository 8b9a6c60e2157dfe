import { expect, test } from 'vitest';
import { TestApi, type Answer } from '../api-fixture.ts';

const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
const jobs = '/apis/batch/v1/namespaces/default/jobs';

const causes = ({ body, status, text }: Answer): string[] => {
  if (status !== 422) throw new Error(text);
  return (body['details'] as unknown as { causes: { field: string; message: string }[] }).causes.map(({ field, message }) => `${field}: ${message}`);
};

const pem = (type: string) => Buffer.from(`-----BEGIN ${type}-----\nMAA=\n-----END ${type}-----\n`).toString('base64');
const signingRequest = (spec: object = {}) => ({
  metadata: { name: 'r' }, spec: { request: pem('CERTIFICATE REQUEST'), signerName: 'example.com/s', usages: ['client auth'], username: 'mallory', ...spec },
});

test('a certificate signing request is that of its client, who may not approve it on the way in', () => {
  const api = new TestApi();
  const { body } = api.call('POST', requests, { ...signingRequest(), status: { conditions: [{ type: 'Approved', status: 'True' }] } });
  expect([(body['spec'] as unknown as { username: string }).username, body['status']]).toEqual(['system:anonymous', {}]);
  expect(api.call('GET', `${requests}?fieldSelector=spec.signerName=example.com/s`).body['items']).toHaveLength(1);
});

test('a certificate signing request names known usages, a signer and enough time', () => {
  const api = new TestApi();
  const wrong = signingRequest({ request: pem('CERTIFICATE'), usages: ['any', 'any', 'x'], signerName: 'example/UP', expirationSeconds: 1 });
  expect(causes(api.call('POST', requests, wrong)).map((cause) => cause.replace(/(supported values|a lowercase).*/, '$1'))).toEqual([
    `spec.request: Invalid value: "${pem('CERTIFICATE')}": PEM block type must be CERTIFICATE REQUEST`,
    'spec.usages[2]: Unsupported value: "x": supported values',
    'spec.usages[1]: Duplicate value: "any"',
    'spec.signerName: Invalid value: "example": should be a domain with at least two segments separated by dots',
    'spec.signerName: Invalid value: "UP": validating label "UP": a lowercase',
    'spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)',
  ]);
});

test('approval approves, status brings the certificate, and neither is taken back', () => {
  const api = new TestApi();
  api.call('POST', requests, signingRequest());
  const approved = { type: 'Approved', status: 'True', reason: 'ByTest' };
  expect(causes(api.patch(`${requests}/r/status`, { status: { conditions: [approved] } }))).toEqual([
    'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
  ]);
  const now = '2026-01-01T00:00:00Z';
  const stamped = { ...approved, lastUpdateTime: now, lastTransitionTime: now };
  expect(api.patch(`${requests}/r/approval`, { status: { conditions: [approved], certificate: pem('CERTIFICATE') } }).body['status']).toEqual({ conditions: [stamped] });
  expect(causes(api.patch(`${requests}/r/approval`, { status: { conditions: [approved, { type: 'Denied', status: 'False' }] } }))).toEqual([
    'status.conditions[1].status: Unsupported value: "False": supported values: "True"',
    'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
  ]);
  expect(causes(api.patch(`${requests}/r/status`, { status: { certificate: Buffer.from('x').toString('base64') } }))).toEqual([
    'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
  ]);
  expect(api.patch(`${requests}/r/status`, { status: { certificate: pem('CERTIFICATE') } }).body['status']).toEqual({ conditions: [stamped], certificate: pem('CERTIFICATE') });
  expect(causes(api.patch(`${requests}/r/status`, { status: { certificate: null } }))).toEqual([
    'status.certificate: Forbidden: updates may not modify existing certificate content',
  ]);
});

test('the data of a ControllerRevision is an object that never changes', () => {
  const api = new TestApi();
  expect(causes(api.call('POST', revisions, { metadata: { name: 'r' }, revision: -1 }))).toEqual([
    'revision: Invalid value: -1: must be greater than or equal to 0', 'data: Required value: data is mandatory',
  ]);
  api.call('POST', revisions, { metadata: { name: 'r' }, revision: 1, data: { a: 1 } });
  expect(causes(api.patch(`${revisions}/r`, { data: { a: 2 } }))).toEqual(['data: Invalid value: {"a":2}: field is immutable']);
});

test('a Job ends once, with a time and without Pods', () => {
  const api = new TestApi();
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x:1' }] } };
  api.call('POST', jobs, { metadata: { name: 'j' }, spec: { template } });
  const status = (change: object) => api.patch(`${jobs}/j/status`, { status: change });
  const done = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True' }));
  expect(causes(status({ active: 1, ready: 2, conditions: [done[1]] }))).toEqual([
    'status.completionTime: Required value: completionTime is required for Complete jobs',
    'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    'status.active: Invalid value: 1: active>0 is invalid for finished job',
    'status.startTime: Required value: startTime is required for finished job',
    'status.ready: Invalid value: 2: cannot set more ready pods than active',
  ]);
  const [startTime, completionTime] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'];
  expect(status({ succeeded: 1, startTime, completionTime, conditions: done }).status).toBe(200);
  expect(causes(status({ succeeded: 0, startTime: null, completionTime: '2025-01-01T00:00:00Z', conditions: [] }))).toEqual([
    'status.completionTime: Invalid value: "2025-01-01T00:00:00Z": cannot set completionTime when there is no Complete=True condition',
    'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
    'status.succeeded: Invalid value: 0: cannot decrease the succeeded counter',
    'status.completionTime: Invalid value: "2025-01-01T00:00:00Z": field is immutable',
    'status.startTime: Invalid value: null: field is immutable for unsuspended job once set',
    'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
  ]);
});
