import { expect, test } from 'vitest';
import { pod, pods, TestApi } from './api-fixture.ts';

const binding = (name: string, node: string) => ({ metadata: { name }, target: { kind: 'Node', name: node } });

test('a binding puts a Pod on a node once', () => {
  const api = new TestApi();
  api.call('POST', pods, pod('a'));
  expect(api.call('POST', `${pods}/a/binding`, binding('b', 'n1')).body['message']).toBe('name in URL does not match name in Binding object');
  expect(api.call('POST', `${pods}/a/binding`, binding('a', 'n1')).body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  const bound = api.call('GET', `${pods}/a`).body as unknown as { spec: { nodeName: string }; status: { conditions: unknown[] }; metadata: { generation: number } };
  expect([bound.spec.nodeName, bound.metadata.generation, bound.status.conditions]).toEqual(['n1', 1, [
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z' },
  ]]);
  expect(api.call('POST', `${pods}/a/binding`, binding('a', 'n2')).body['message'])
    .toBe('Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n1"');
});

const budget = { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } };
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

function runningPod(api: TestApi, name: string): void {
  api.call('POST', pods, { metadata: { name, labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'x:1' }], nodeName: 'n1' } });
  api.patch(`${pods}/${name}/status`, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } });
}

test('an eviction takes from the budget, and stops when there is nothing to take', () => {
  const api = new TestApi();
  for (const name of ['a', 'c']) runningPod(api, name);
  api.call('POST', budgets, budget);
  const evict = (name: string) => api.call('POST', `${pods}/${name}/eviction`, { metadata: { name } });
  expect([evict('a').status, evict('a').headers['retry-after']]).toEqual([429, '10']);
  api.patch(`${budgets}/b/status`, { status: { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 } });
  expect(evict('a').status).toBe(201);
  expect(api.call('GET', `${budgets}/b`).body['status']).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { a: '2026-01-01T00:00:00Z' } });
  expect(evict('c').body['details']).toEqual({ causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget b does not allow evicting pods currently' }] });
});

test('the scale of a deployment is its replicas', () => {
  const api = new TestApi();
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'x:1' }] } };
  api.call('POST', deployments, { metadata: { name: 'd' }, spec: { selector: { matchLabels: { app: 'x' } }, template } });
  const scaled = api.patch(`${deployments}/d/scale`, { spec: { replicas: 3 } });
  expect([scaled.body['kind'], scaled.body['spec'], scaled.body['status']]).toEqual(['Scale', { replicas: 3 }, { replicas: 0, selector: 'app=x' }]);
  expect(api.call('GET', `${deployments}/d`).body).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 2 } });
  expect(api.patch(`${deployments}/d/scale`, { spec: { replicas: -1 } }).status).toBe(422);
});

test('a token says whose it is and when it ends', () => {
  const api = new TestApi();
  const answer = api.call('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: { audiences: ['x'], expirationSeconds: 600 } });
  const { token, expirationTimestamp } = answer.body['status'] as unknown as { token: string; expirationTimestamp: string };
  expect([answer.status, expirationTimestamp]).toEqual([201, '2026-01-01T00:10:00Z']);
  expect(JSON.parse(token)).toMatchObject({ aud: ['x'], sub: 'system:serviceaccount:default:default', exp: 1767226200 });
  const review = api.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } });
  expect(review.body['status']).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:default' } });
});

test('everybody may do everything', () => {
  const api = new TestApi();
  const review = api.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } });
  expect([review.status, review.body['status']]).toEqual([201, { allowed: true }]);
});

test.each([
  ['log', 204, undefined],
  ['log?container=x', 400, 'container x is not valid for pod a'],
  ['log?tailLines=-1', 422, 'PodLogOptions "a" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
  ['exec?command=ls&stdout=true', 400, 'pod a does not have a host assigned'],
  ['portforward', 400, 'pod a does not have a host assigned'],
  ['proxy/', 400, 'address not allowed'],
])('%s of a Pod without a node answers %i', (subresource, status, message) => {
  const api = new TestApi();
  api.call('POST', pods, pod('a'));
  const answer = api.call('GET', `${pods}/a/${subresource}`);
  expect([answer.status, answer.body['message']]).toEqual([status, message]);
});

test('Events of both groups are the same Events', () => {
  const api = new TestApi();
  const events = '/apis/events.k8s.io/v1/namespaces/default/events';
  const created = api.call('POST', events, {
    metadata: { name: 'e' }, eventTime: '2026-01-01T00:00:00.000000Z', reportingController: 'a.b/c', reportingInstance: 'i', action: 'Do', reason: 'R',
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' }, note: 'hello', type: 'Normal',
  });
  expect(created.status).toBe(201);
  expect(api.call('GET', '/api/v1/namespaces/default/events/e').body).toMatchObject({ apiVersion: 'v1', message: 'hello', involvedObject: { name: 'p' }, reportingComponent: 'a.b/c' });
  expect(api.call('GET', `${events}?fieldSelector=regarding.name%3Dp`).body['items']).toHaveLength(1);
});

test('Services get an address, and ports on the nodes when their type has them', () => {
  const api = new TestApi();
  const services = '/api/v1/namespaces/default/services';
  const spec = api.call('POST', services, { metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } }).body['spec'] as unknown as
    { clusterIP: string; clusterIPs: string[]; ports: { nodePort: number }[] };
  expect(spec.clusterIP).toMatch(/^10\.96\./);
  expect(spec.clusterIPs).toEqual([spec.clusterIP]);
  expect(spec.ports[0]!.nodePort).toBeGreaterThanOrEqual(30_000);
  const taken = api.call('POST', services, { metadata: { name: 't' }, spec: { clusterIP: spec.clusterIP, ports: [{ port: 80 }] } });
  expect(taken.body['message']).toBe(`Service "t" is invalid: spec.clusterIPs: Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`);
});
