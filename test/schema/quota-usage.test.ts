import { describe, expect, test } from 'vitest';
import type { ResourceQuota } from '../../src/schema/core/v1.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { countedResource, quotaApplies, usageOf } from '../../src/schema/quota-usage.ts';

const object = (parts: object): KubeObject => ({ metadata: { name: 'x', namespace: 'default' }, ...parts });
const usage = (resource: string, parts: object): Record<string, string> =>
  Object.fromEntries([...usageOf(resource, object(parts), Date.parse('2030-01-01T00:01:00Z'))].map(([name, amount]) => [name, amount.canonical()]));

describe('what an object uses of a quota', () => {
  test('a Pod uses its requests and limits until it has ended', () => {
    const containers = [{ name: 'a', resources: { requests: { cpu: '250m', 'example.com/gpu': '1' }, limits: { cpu: '1', 'example.com/gpu': '1' } } }];
    expect(usage('pods', { spec: { containers }, status: { phase: 'Running' } })).toEqual({
      'count/pods': '1', pods: '1', cpu: '250m', 'requests.cpu': '250m', 'limits.cpu': '1', 'requests.example.com/gpu': '1',
    });
    expect(usage('pods', { spec: { containers }, status: { phase: 'Failed' } })).toEqual({ 'count/pods': '1' });
    const deleted = (seconds: number) => ({ metadata: { name: 'x', deletionTimestamp: '2030-01-01T00:00:00Z', deletionGracePeriodSeconds: seconds } });
    expect(usage('pods', { spec: {}, ...deleted(60) })).toEqual({ 'count/pods': '1', pods: '1' });
    expect(usage('pods', { spec: {}, ...deleted(59) })).toEqual({ 'count/pods': '1' });
  });

  test('a Service uses node ports by its type', () => {
    const ports = [{ port: 80 }, { port: 81 }];
    expect(usage('services', { spec: { type: 'ClusterIP', ports } })).toEqual({ 'count/services': '1', services: '1' });
    expect(usage('services', { spec: { type: 'NodePort', ports } })).toEqual({ 'count/services': '1', services: '1', 'services.nodeports': '2' });
    expect(usage('services', { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports } }))
      .toEqual({ 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '0' });
    expect(usage('services', { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80, nodePort: 30_000 }, { port: 81 }] } }))
      .toEqual({ 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '1' });
  });

  test('a claim uses storage of its class', () => {
    expect(usage('persistentvolumeclaims', { spec: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } } })).toEqual({
      'count/persistentvolumeclaims': '1', persistentvolumeclaims: '1', 'requests.storage': '1Gi',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1', 'fast.storageclass.storage.k8s.io/requests.storage': '1Gi',
    });
  });

  test('anything else is counted', () => {
    expect(usage('leases.coordination.k8s.io', {})).toEqual({ 'count/leases.coordination.k8s.io': '1' });
  });
});

describe('quota names and scopes', () => {
  test('every name tells which resource it is counted on', () => {
    expect(['count/leases.coordination.k8s.io', 'secrets', 'services.nodeports', 'requests.storage', 'x.storageclass.storage.k8s.io/requests.storage',
      'requests.cpu', 'memory', 'hugepages-2Mi', 'odd'].map(countedResource)).toEqual([
      'leases.coordination.k8s.io', 'secrets', 'services', 'persistentvolumeclaims', 'persistentvolumeclaims', 'pods', 'pods', 'pods', undefined,
    ]);
  });

  test('a quota with scopes is about the Pods in all of them', () => {
    const applies = (spec: object, pod: object, resource = 'pods') => quotaApplies(object({ spec }) as unknown as ResourceQuota, resource, object(pod));
    const bestEffort = { spec: {}, status: { qosClass: 'BestEffort' } };
    expect(applies({}, bestEffort)).toBe(true);
    expect(applies({ scopes: ['BestEffort', 'NotTerminating'] }, bestEffort)).toBe(true);
    expect(applies({ scopes: ['BestEffort', 'Terminating'] }, bestEffort)).toBe(false);
    expect(applies({ scopes: ['BestEffort'] }, {}, 'services')).toBe(false);
    const classes = { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } };
    expect(applies(classes, { spec: { priorityClassName: 'high' } })).toBe(true);
    expect(applies(classes, { spec: { priorityClassName: 'low' } })).toBe(false);
    const attributes = { scopeSelector: { matchExpressions: [{ scopeName: 'VolumeAttributesClass', operator: 'In', values: ['gold'] }] } };
    const claim = 'persistentvolumeclaims';
    expect(applies(attributes, { spec: { volumeAttributesClassName: 'gold' } }, claim)).toBe(true);
    expect(applies(attributes, { spec: {}, status: { currentVolumeAttributesClassName: 'gold' } }, claim)).toBe(true);
    expect(applies(attributes, { spec: {} }, claim)).toBe(false);
  });
});
