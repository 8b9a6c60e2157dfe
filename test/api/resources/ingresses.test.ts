import { expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

const group = '/apis/networking.k8s.io/v1';
const causesOf = (path: string, body: object): string[] => {
  const answer = new TestApi().call('POST', group + path, body).body as unknown as { details: { causes: { field: string; message: string }[] } };
  return answer.details.causes.map(({ field, message }) => `${field}: ${message}`);
};
const ofIngress = (spec: object) => causesOf('/namespaces/default/ingresses', { metadata: { name: 'a' }, spec });

test('an Ingress leads somewhere', () => {
  expect(ofIngress({})).toEqual(['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']);
});

test('a path is absolute and says how it matches', () => {
  const backend = { service: { name: 'a', port: { name: 'http', number: 80 } } };
  const paths = [{ path: 'a//..', pathType: 'Prefix', backend }, { path: '/', backend: {} }, { path: '/', pathType: 'Exact', backend: {} }];
  expect(ofIngress({ rules: [{ host: '1.2.3.4', http: { paths } }] })).toEqual([
    'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    'spec.rules[0].http.paths[0].path: Invalid value: "a//..": must be an absolute path',
    'spec.rules[0].http.paths[0].path: Invalid value: "a//..": must not contain \'//\'',
    'spec.rules[0].http.paths[0].path: Invalid value: "a//..": cannot end with \'/..\'',
    'spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both port name & port number',
    'spec.rules[0].http.paths[1].pathType: Required value: pathType must be specified',
    'spec.rules[0].http.paths[2].backend: Invalid value: "": resource or service backend is required',
  ]);
});

test('a class names its controller below a domain', () => {
  const spec = { controller: 'a', parameters: { kind: '', name: 'a/b', scope: 'Namespace' } };
  expect(causesOf('/ingressclasses', { metadata: { name: 'a' }, spec })).toEqual([
    'spec.controller: Invalid value: "a": must be a domain-prefixed path (such as "acme.io/foo")',
    'spec.parameters.kind: Required value',
    "spec.parameters.name: Invalid value: \"a/b\": may not contain '/'",
    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ]);
});
