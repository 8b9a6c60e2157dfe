import { expect, test } from 'vitest';
import type { PodSpec } from '../../src/schema/core/v1.ts';
import { podQOSClass } from '../../src/schema/pod-qos.ts';
import { podLimits, podRequests, type ResourceTotals } from '../../src/schema/pod-resources.ts';

const asks = (requests: object, more: object = {}) => ({ name: 'c', resources: { requests, ...more } });
const spec = (members: object) => members as PodSpec;
const printed = (totals: ResourceTotals) => Object.fromEntries([...totals].map(([name, quantity]) => [name, quantity.canonical()]));

test('containers add up, init containers count by their greatest, sidecars beside those that follow', () => {
  const sidecar = { ...asks({ cpu: '1' }), restartPolicy: 'Always' };
  expect(printed(podRequests(spec({ containers: [asks({ cpu: '1' }), asks({ cpu: '500m', memory: '1Gi' })] })))).toEqual({ cpu: '1500m', memory: '1Gi' });
  expect(printed(podRequests(spec({ containers: [asks({ cpu: '1' })], initContainers: [asks({ cpu: '3' }), sidecar] })))).toEqual({ cpu: '3' });
  expect(printed(podRequests(spec({ containers: [asks({ cpu: '1' })], initContainers: [sidecar, asks({ cpu: '3' })] })))).toEqual({ cpu: '4' });
});

test('pod-level resources replace the sums, overhead comes on top', () => {
  const pod = spec({ containers: [asks({ cpu: '1', 'x.io/y': '2' })], resources: { requests: { cpu: '3' } }, overhead: { cpu: '1' } });
  expect(printed(podRequests(pod))).toEqual({ cpu: '4', 'x.io/y': '2' });
  expect(printed(podLimits(spec({ containers: [asks({}, { limits: { cpu: '1' } })], overhead: { cpu: '1', memory: '1Mi' } })))).toEqual({ cpu: '2' });
});

const full = { cpu: '1', memory: '1Gi' };
const guaranteed = asks(full, { limits: full });

test.each([
  [{ containers: [asks({})] }, 'BestEffort'], [{ containers: [asks({ cpu: '0' })] }, 'BestEffort'], [{ containers: [guaranteed] }, 'Guaranteed'],
  [{ containers: [asks({ 'ephemeral-storage': '1Gi' })] }, 'BestEffort'],
  [{ containers: [asks({ cpu: '1000m', memory: '1024Mi' }, { limits: full })] }, 'Guaranteed'], [{ containers: [guaranteed, asks({})] }, 'Burstable'],
  [{ containers: [guaranteed], initContainers: [asks({ cpu: '1' })] }, 'Burstable'], [{ containers: [asks({ cpu: '1' })] }, 'Burstable'],
  [{ containers: [asks({})], resources: { requests: full, limits: full } }, 'Guaranteed'],
  [{ containers: [guaranteed], resources: { requests: { cpu: '1' } } }, 'Burstable'],
])('%j is %s', (members, expected) => {
  expect(podQOSClass(spec(members))).toBe(expected);
});
