import { expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

const causesOf = (api: TestApi, method: string, path: string, body: object): string[] => {
  const answer = api.call(method, path, body).body as unknown as { details: { causes: { field: string; message: string }[] } };
  return answer.details.causes.map(({ field, message }) => `${field}: ${message}`);
};
const limitRanges = '/api/v1/namespaces/default/limitranges';
const quotas = '/api/v1/namespaces/default/resourcequotas';

test('the amounts of a limit fit each other', () => {
  const limits = [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' }, default: { cpu: '100m' }, defaultRequest: { cpu: '3' }, maxLimitRequestRatio: { cpu: '0.5' } }];
  expect(causesOf(new TestApi(), 'POST', limitRanges, { metadata: { name: 'a' }, spec: { limits } })).toEqual([
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    'spec.limits[0].defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than max value 1',
    'spec.limits[0].defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than default limit value 100m',
    'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 100m',
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
  ]);
});

test('each type is limited once, by what it has', () => {
  const limits = [{ type: 'Pod', default: { cpu: '1' } }, { type: 'Pod' }, { type: 'Bad' }, { type: 'PersistentVolumeClaim' }];
  expect(causesOf(new TestApi(), 'POST', limitRanges, { metadata: { name: 'a' }, spec: { limits } })).toEqual([
    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
    'spec.limits[1].type: Duplicate value: "Pod"',
    'spec.limits[2].type: Invalid value: "Bad": must be a standard limit type or fully qualified',
    'spec.limits[3].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
  ]);
});

test('a quota counts whole things, by scopes that fit', () => {
  const spec = { hard: { pods: '1.5', foo: '1', cpu: '-1' }, scopes: ['BestEffort', 'NotBestEffort'] };
  const printed = '["BestEffort","NotBestEffort"]';
  expect(causesOf(new TestApi(), 'POST', quotas, { metadata: { name: 'a' }, spec })).toEqual([
    'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    'spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
    'spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota',
    'spec.hard[pods]: Invalid value: "1500m": must be an integer',
    `spec.scopes: Invalid value: ${printed}: unsupported scope applied to resource`,
    `spec.scopes: Invalid value: ${printed}: conflicting scopes`,
  ]);
});

test("a quota's scopes stay", () => {
  const api = new TestApi();
  api.call('POST', quotas, { metadata: { name: 'a' }, spec: { hard: { pods: '1' } } });
  expect(causesOf(api, 'PUT', `${quotas}/a`, { metadata: { name: 'a' }, spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } })).toEqual([
    'spec.scopes: Invalid value: ["BestEffort"]: field is immutable',
  ]);
});
