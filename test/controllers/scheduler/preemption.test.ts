import { describe, expect, test } from 'vitest';
import { node, pod, podAsking } from '../objects.ts';
import { decide, outcome } from './world.ts';

const low = (name: string, nodeName: string, memory: string, more: { priority?: number; startTime?: string; labels?: Record<string, string> } = {}) => ({
  ...podAsking(name, { memory }, { nodeName, priority: more.priority ?? 0 }),
  metadata: { name, namespace: 'default', labels: more.labels ?? {} },
  status: { startTime: more.startTime ?? '2026-01-01T00:00:00Z' },
});
const high = (memory: string, spec: object = {}) => podAsking('high', { memory }, { priority: 1000, ...spec });
/** The nominated node and the victims. */
function preempted(world: Parameters<typeof decide>[0], incoming: object): string {
  const decision = decide(world, incoming);
  if (decision.kind === 'fits') return `fits ${decision.node}`;
  return `${decision.nominatedNode}: ${decision.victims.map(({ pod: victim }) => victim.metadata.name).join(' ')}`;
}

describe('preemption', () => {
  test('nominates the node and says only why the Pod did not fit (golden sched-preemption)', () => {
    const world = { nodes: [node('n1')], pods: [low('a', 'n1', '7Gi')] };
    expect(decide(world, high('7Gi'))).toMatchObject({
      kind: 'unschedulable', message: '0/1 nodes are available: 1 Insufficient memory.', nominatedNode: 'n1',
    });
    expect(preempted(world, high('7Gi'))).toBe('n1: a');
  });

  test('takes no more Pods than needed, the least important ones', () => {
    const pods = [low('a', 'n1', '3Gi', { priority: 10 }), low('b', 'n1', '3Gi', { priority: 5 }), low('c', 'n1', '1Gi', { priority: 1 })];
    expect(preempted({ nodes: [node('n1')], pods }, high('4Gi'))).toBe('n1: b');
  });

  test('spares the older of two equals', () => {
    const pods = [low('young', 'n1', '4Gi', { startTime: '2026-01-01T00:00:09Z' }), low('old', 'n1', '4Gi')];
    expect(preempted({ nodes: [node('n1')], pods }, high('4Gi'))).toBe('n1: young');
  });

  test('prefers the node whose victims matter least, then the one with fewer', () => {
    const nodes = ['n1', 'n2', 'n3'].map((name) => node(name));
    const pods = [low('a', 'n1', '7Gi', { priority: 9 }), low('b', 'n2', '4Gi'), low('c', 'n2', '3Gi'), low('d', 'n3', '7Gi')];
    expect(preempted({ nodes, pods }, high('7Gi'))).toBe('n3: d');
  });

  test('avoids breaking a disruption budget where it can', () => {
    const nodes = [node('n1'), node('n2')];
    const pods = [low('a', 'n1', '7Gi', { labels: { app: 'x' } }), low('b', 'n2', '7Gi', { priority: 5 })];
    const budgets = [{ metadata: { name: 'b', namespace: 'default' }, spec: { selector: { matchLabels: { app: 'x' } } }, status: { disruptionsAllowed: 0 } }];
    expect(preempted({ nodes, pods }, high('7Gi'))).toBe('n1: a');
    expect(preempted({ nodes, pods, budgets }, high('7Gi'))).toBe('n2: b');
  });

  test('does not touch equals, nor anything for a Pod that must not preempt', () => {
    const world = { nodes: [node('n1')], pods: [low('a', 'n1', '7Gi', { priority: 1000 })] };
    expect(outcome(world, high('7Gi'))).toBe('0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate, '
      + 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.');
    expect(outcome({ nodes: [node('n1')], pods: [low('a', 'n1', '7Gi')] }, high('7Gi', { preemptionPolicy: 'Never' })))
      .toBe('0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.');
  });

  test('waits for victims that are on their way out', () => {
    const victim = {
      ...low('a', 'n1', '7Gi'), metadata: { name: 'a', namespace: 'default', deletionTimestamp: '2026-01-01T00:00:30Z' },
      status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] },
    };
    const waiting = { ...high('7Gi'), status: { nominatedNodeName: 'n1' } };
    expect(outcome({ nodes: [node('n1')], pods: [victim] }, waiting)).toBe('0/1 nodes are available: 1 Insufficient memory. '
      + 'no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.');
  });

  test('says why a node would not do even when it is cleared', () => {
    const blocker = { ...pod('o', { nodeName: 'n1', priority: 2000 }), metadata: { name: 'o', namespace: 'default', labels: { app: 'x' } } };
    const affinity = {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{
        topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } }] } },
    };
    expect(outcome({ nodes: [node('n1')], pods: [blocker, low('a', 'n1', '1Gi')] }, high('1Gi', affinity)))
      .toBe("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, "
        + "preemption: 0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
  });

  test('Pods nominated to a node take room there before they arrive', () => {
    const nominated = [[high('5Gi'), 'n1']] as const;
    expect(outcome({ nodes: [node('n1')], nominated }, podAsking('p', { memory: '5Gi' }))).toMatch(/^0\/1 nodes are available: 1 Insufficient memory\./);
    expect(outcome({ nodes: [node('n1')], nominated }, podAsking('p', { memory: '5Gi' }, { priority: 2000 }))).toBe('n1');
  });
});
