import { describe, expect, test } from 'vitest';
import { feasibleNodesToFind } from '../../../src/controllers/scheduler/schedule-pod.ts';
import { node, pod, podAsking } from '../objects.ts';
import { outcome } from './world.ts';

const nodes = [node('n1'), node('n2')];
const on = (nodeName: string, name: string, labels: Record<string, string> = {}) =>
  ({ ...pod(name, { nodeName }), metadata: { name, namespace: 'default', labels } });

describe('the choice among nodes that fit', () => {
  test('the emptier node wins', () => {
    expect(outcome({ nodes, pods: [podAsking('o', { cpu: '2', memory: '4Gi' }, { nodeName: 'n1' })] }, podAsking('p', { cpu: '1' }))).toBe('n2');
    expect(outcome({ nodes, pods: [podAsking('o', { cpu: '2', memory: '4Gi' }, { nodeName: 'n2' })] }, podAsking('p', { cpu: '1' }))).toBe('n1');
  });

  test('Pods without requests count a little', () => {
    expect(outcome({ nodes, pods: ['a', 'b', 'c'].map((name) => on('n1', name)) }, pod('p'))).toBe('n2');
  });

  test('a node that the Pod evens out beats one that it unbalances', () => {
    const lopsided = [
      podAsking('a', { cpu: '3', memory: '1Gi' }, { nodeName: 'n1' }), podAsking('b', { cpu: '500m', memory: '6Gi' }, { nodeName: 'n2' }),
    ];
    expect(outcome({ nodes, pods: lopsided }, podAsking('p', { cpu: '100m', memory: '1Gi' }))).toBe('n1');
  });

  test('a taint PreferNoSchedule is avoided unless it is tolerated', () => {
    const tainted = [node('n1', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } }), node('n2')];
    const pods = [podAsking('o', { cpu: '3' }, { nodeName: 'n2' })];
    expect(outcome({ nodes: tainted, pods }, pod('p'))).toBe('n2');
    expect(outcome({ nodes: tainted, pods }, pod('p', { tolerations: [{ operator: 'Exists' }] }))).toBe('n1');
  });

  test('preferred node affinity outweighs load', () => {
    const labelled = [node('n1', { labels: { disk: 'ssd' } }), node('n2')];
    const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] };
    const spec = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] } } };
    expect(outcome({ nodes: labelled, pods: [podAsking('o', { cpu: '2' }, { nodeName: 'n1' })] }, pod('p', spec))).toBe('n1');
  });

  test('preferred affinity draws Pods together, preferred anti-affinity drives them apart', () => {
    const weighted = (kind: string) => ({
      affinity: { [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{
        weight: 1, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } } }] } },
    });
    const pods = [on('n1', 'o', { app: 'x' })];
    expect(outcome({ nodes, pods }, pod('p', weighted('podAffinity')))).toBe('n1');
    expect(outcome({ nodes, pods }, pod('p', weighted('podAntiAffinity')))).toBe('n2');
  });

  test('Pods of one Service spread over hosts and zones', () => {
    const zoned = ['a', 'a', 'b'].map((zone, i) => node(`n${i}`, { labels: { 'topology.kubernetes.io/zone': zone } }));
    const services = [{ metadata: { name: 's', namespace: 'default' }, spec: { selector: { app: 'x' } } }];
    const member = { ...pod('p'), metadata: { name: 'p', namespace: 'default', labels: { app: 'x' } } };
    // n1 and n2 are both free of members, but n1 shares its zone with n0; load alone would choose n1.
    const pods = [on('n0', 'o', { app: 'x' }), podAsking('load', { cpu: '500m' }, { nodeName: 'n2' })];
    expect(outcome({ nodes: zoned, pods, objects: { services } }, member)).toBe('n2');
    expect(outcome({ nodes: zoned, pods }, member)).toBe('n1');
  });

  test('a node that has the image wins over one that must pull it', () => {
    const withImage = { ...node('n1'), status: { ...(node('n1') as { status: object }).status, images: [{ names: ['img:1'], sizeBytes: 900_000_000 }] } };
    expect(outcome({ nodes: [withImage, node('n2')] }, pod('p'))).toBe('n1');
  });
});

describe('the number of nodes that are looked at', () => {
  test('is all of a small cluster and a shrinking share of a big one, but never less than 100 or 5 %', () => {
    expect([1, 99, 100, 1000, 5000, 20_000].map(feasibleNodesToFind)).toEqual([1, 99, 100, 420, 500, 1000]);
  });
});
