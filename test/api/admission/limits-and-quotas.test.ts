import { expect, test } from 'vitest';
import { limitRanger } from '../../../src/api/admission/limit-ranger.ts';
import { resourceQuota } from '../../../src/api/admission/resource-quota.ts';
import { named, pod, run } from './admission-fixture.ts';

const limits = (...items: object[]) => ({ limitranges: [named('lr', { spec: { limits: items } })] });
const asking = (requests: object, more: object = {}) => pod({ containers: [{ name: 'a', resources: { requests, ...more } }] });
const quota = (hard: object, used: object, spec: object = {}) => ({ resourcequotas: [named('q', { spec, status: { hard, used } })] });
const refused = (why: string) => `pods "p" is forbidden: ${why}`;

test('defaults of a namespace fill what a container leaves open, and say so', () => {
  const range = limits({ type: 'Container', default: { cpu: '2', memory: '1Gi' }, defaultRequest: { cpu: '1' } });
  const { object } = run(limitRanger, { object: asking({ cpu: '500m' }) }, range);
  expect(object['spec']).toEqual({ containers: [{ name: 'a', resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '500m' } } }] });
  expect(object.metadata.annotations).toEqual({ 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu, memory limit for container a' });
});

test.each([
  [{ type: 'Container', min: { cpu: '1' } }, 'minimum cpu usage per Container is 1, but request is 500m'],
  [{ type: 'Container', min: { memory: '1Gi' } }, 'minimum memory usage per Container is 1Gi.  No request is specified'],
  [{ type: 'Container', max: { cpu: '1' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
  [{ type: 'Container', max: { memory: '1Gi' } }, 'maximum memory usage per Container is 1Gi.  No limit is specified'],
  [{ type: 'Container', maxLimitRequestRatio: { cpu: '3' } }, 'cpu max limit to request ratio per Container is 3, but provided ratio is 4.000000'],
  [{ type: 'Pod', max: { cpu: '1' } }, 'maximum cpu usage per Pod is 1, but limit is 2'],
])('a bound is kept: %j', (item, why) => {
  expect(run(limitRanger, { object: asking({ cpu: '500m' }, { limits: { cpu: '2' } }) }, limits(item)).refusal).toBe(refused(why));
});

test('claims are bounded by what they request', () => {
  const claim = { metadata: { name: 'c' }, spec: { resources: { requests: { storage: '5Gi' } } } };
  const write = { resource: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', name: 'c', object: claim };
  expect(run(limitRanger, write, limits({ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } })).refusal)
    .toBe('persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 5Gi');
});

test('a Pod is charged, and its charge goes back when the write fails', () => {
  const before = { pods: '1', 'requests.cpu': '250m' };
  const { refusal, written, undo } = run(resourceQuota, { object: asking({ cpu: '500m' }) }, quota({ pods: '2', 'requests.cpu': '1' }, before));
  expect(refusal).toBeUndefined();
  undo();
  expect(written.map((object) => (object['status'] as { used: object }).used)).toEqual([{ pods: '2', 'requests.cpu': '750m' }, before]);
});

test('what is too much is refused with all that is exceeded', () => {
  const world = quota({ pods: '1', 'requests.cpu': '1', 'requests.memory': '1Gi' }, { pods: '1', 'requests.cpu': '800m', 'requests.memory': '0' });
  expect(run(resourceQuota, { object: asking({ cpu: '500m', memory: '1Mi' }) }, world).refusal)
    .toBe(refused('exceeded quota: q, requested: pods=1,requests.cpu=500m, used: pods=1,requests.cpu=800m, limited: pods=1,requests.cpu=1'));
});

test('a quota without usage, or a container without the request it demands, refuses', () => {
  expect(run(resourceQuota, { object: asking({}) }, quota({ pods: '2' }, {})).refusal)
    .toBe(refused('status unknown for quota: q, resources: pods'));
  expect(run(resourceQuota, { object: asking({}) }, quota({ 'limits.cpu': '2', memory: '1Gi' }, { 'limits.cpu': '0', memory: '0' })).refusal)
    .toBe(refused('failed quota: q: must specify limits.cpu for: a; memory for: a'));
});

test('a dry run is judged, not charged', () => {
  expect(run(resourceQuota, { object: asking({}), dryRun: true }, quota({ pods: '2' }, { pods: '1' })).written).toEqual([]);
  expect(run(resourceQuota, { object: asking({}), dryRun: true }, quota({ pods: '1' }, { pods: '1' })).refusal).toContain('exceeded quota: q');
});

test('scopes choose the pods that count', () => {
  const full = (spec: object) => quota({ pods: '0' }, { pods: '0' }, spec);
  const ofClass = (qosClass: string) => ({ ...asking({}), status: { qosClass } });
  expect(run(resourceQuota, { object: ofClass('BestEffort') }, full({ scopes: ['BestEffort'] })).code).toBe(403);
  expect(run(resourceQuota, { object: ofClass('Burstable') }, full({ scopes: ['BestEffort'] })).code).toBeUndefined();
  const byClass = full({ scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } });
  expect(run(resourceQuota, { object: pod({ priorityClassName: 'high' }) }, byClass).code).toBe(403);
  expect(run(resourceQuota, { object: pod({ priorityClassName: 'low' }) }, byClass).code).toBeUndefined();
});

test('objects of any kind can be counted, node ports and storage too', () => {
  const create = (resource: string, group: string, object: object, world: object) => run(resourceQuota, { resource, group, object, name: 'x' }, world as never).refusal;
  expect(create('leases', 'coordination.k8s.io', named('x'), quota({ 'count/leases.coordination.k8s.io': '0' }, { 'count/leases.coordination.k8s.io': '0' })))
    .toContain('requested: count/leases.coordination.k8s.io=1');
  const service = { metadata: { name: 'x' }, spec: { type: 'LoadBalancer', ports: [{ port: 1 }, { port: 2 }] } };
  expect(create('services', '', service, quota({ 'services.nodeports': '1' }, { 'services.nodeports': '0' }))).toContain('requested: services.nodeports=2');
  const claim = { metadata: { name: 'x' }, spec: { storageClassName: 'fast', resources: { requests: { storage: '2Gi' } } } };
  const byClass = 'fast.storageclass.storage.k8s.io/requests.storage';
  expect(create('persistentvolumeclaims', '', claim, quota({ [byClass]: '1Gi' }, { [byClass]: '0' }))).toContain(`requested: ${byClass}=2Gi`);
});

test('an update is charged for what it adds', () => {
  const sized = (cpu: string) => asking({ cpu });
  const write = { operation: 'UPDATE', subresource: 'resize', object: sized('2'), oldObject: sized('1500m') } as const;
  const { written } = run(resourceQuota, write, quota({ 'requests.cpu': '2' }, { 'requests.cpu': '1500m' }));
  expect(written.map((object) => object['status'])).toEqual([{ hard: { 'requests.cpu': '2' }, used: { 'requests.cpu': '2' } }]);
});
