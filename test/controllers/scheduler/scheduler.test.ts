import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { node, pod, podAsking, priorityClass } from '../objects.ts';
import { TestCluster } from '../test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().runScheduler();
});
afterEach(() => cluster.close());

const nodeOf = (name: string): string | undefined => cluster.get('pods', 'default', name).spec.nodeName;
const scheduled = (name: string) => cluster.get('pods', 'default', name).status.conditions
  .find(({ type }) => type === 'PodScheduled');
const failures = (name: string): number => cluster.events(name).filter((event) => event.includes('FailedScheduling')).length;
const noRoom = '0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate, '
  + 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';

describe('the scheduler', () => {
  test('binds a Pod and says so', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', pod('p'));
    expect(nodeOf('p')).toBe('n1');
    expect(scheduled('p')).toEqual({ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z' });
    expect(cluster.events('p')).toEqual(['Normal Scheduled: Successfully assigned default/p to n1']);
  });

  test('says why a Pod does not fit, once, in condition and Event', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('p', { memory: '5Gi' }));
    cluster.create('pods', podAsking('q', { memory: '5Gi' }));
    cluster.advance(60_000);
    expect(scheduled('q')).toEqual({
      type: 'PodScheduled', observedGeneration: 1, status: 'False', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'Unschedulable', message: noRoom,
    });
    expect(cluster.events('q')).toEqual([`Warning FailedScheduling: ${noRoom}`]);
  });

  test('tries again at once when a Pod ends (golden 191-sched-memory-freed)', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('p', { memory: '5Gi' }));
    cluster.create('pods', podAsking('q', { memory: '5Gi' }));
    cluster.patch('pods', 'default', 'p', { status: { phase: 'Succeeded' } }, 'status');
    expect(nodeOf('q')).toBe('n1');
  });

  test('is not woken by what cannot help', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('p', { cpu: '500' }));
    cluster.create('pods', pod('other'));
    cluster.patch('nodes', '', 'n1', { metadata: { labels: { new: 'label' } } });
    cluster.patch('pods', 'default', 'p', { metadata: { labels: { new: 'label' } } });
    cluster.delete('pods', 'default', 'other', { gracePeriodSeconds: 0 });
    expect(failures('p')).toBe(2);
  });

  // Measured with a kube-scheduler v1.36.2: the Pod waits for the end of what it must keep away from, not for its deletion to begin.
  test('is not woken when a Pod that keeps it away begins to go', () => {
    cluster.addNode(node('n1'));
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'late' } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    cluster.create('pods', pod('first', { affinity, terminationGracePeriodSeconds: 30 }));
    cluster.create('pods', pod('late', {}, { labels: { app: 'late' } }));
    cluster.delete('pods', 'default', 'first');
    expect({ failures: failures('late'), node: nodeOf('late') }).toEqual({ failures: 1, node: undefined });
    cluster.delete('pods', 'default', 'first', { gracePeriodSeconds: 0 });
    expect(nodeOf('late')).toBe('n1');
  });

  test('tries a forgotten Pod again after five minutes', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('p', { cpu: '500' }));
    cluster.advance(300_000);
    expect(failures('p')).toBe(1);
    cluster.advance(30_000);
    expect(failures('p')).toBe(2);
  });

  test('notices a toleration that is added (golden 190-sched-toleration-added)', () => {
    cluster.addNode(node('n1', { spec: { taints: [{ key: 'example.com/t', effect: 'NoSchedule' }] } }));
    cluster.create('pods', pod('p'));
    expect(failures('p')).toBe(1);
    const tolerations = [...(cluster.get('pods', 'default', 'p').spec.tolerations ?? []), { key: 'example.com/t', operator: 'Exists' }];
    cluster.patch('pods', 'default', 'p', { spec: { tolerations } });
    expect(nodeOf('p')).toBe('n1');
  });

  test('leaves gated Pods alone until the last gate is gone (golden 181-sched-two-gates)', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', pod('p', { schedulingGates: [{ name: 'example.com/g' }, { name: 'example.com/h' }] }));
    cluster.patch('pods', 'default', 'p', { spec: { schedulingGates: [{ name: 'example.com/h' }] } });
    cluster.advance(600_000);
    expect(cluster.events('p')).toEqual([]);
    cluster.patch('pods', 'default', 'p', { spec: { schedulingGates: null } });
    expect(nodeOf('p')).toBe('n1');
  });

  test('leaves Pods of other schedulers alone, but counts them once they are bound (golden 189-sched-unknown-scheduler)', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('p', { memory: '5Gi' }, { schedulerName: 'other' }));
    cluster.advance(600_000);
    expect(nodeOf('p')).toBeUndefined();
    cluster.submit({ verb: 'bind', namespace: 'default', name: 'p', uid: '', node: 'n1' });
    cluster.create('pods', podAsking('q', { memory: '5Gi' }));
    expect(scheduled('q')).toMatchObject({ message: noRoom });
  });

  test('serves waiting Pods by priority, then by age', () => {
    cluster.create('priorityclasses.scheduling.k8s.io', priorityClass('high', 10));
    for (const name of ['old', 'young']) cluster.create('pods', podAsking(name, { memory: '3Gi' }));
    cluster.create('pods', podAsking('urgent', { memory: '3Gi' }, { priorityClassName: 'high' }));
    cluster.addNode(node('n1'));
    expect([nodeOf('urgent'), nodeOf('old'), nodeOf('young')]).toEqual(['n1', 'n1', undefined]);
  });

  test('preempts: nominates, marks and deletes the victim, and binds when it is gone', () => {
    cluster.addNode(node('n1'));
    cluster.create('pods', podAsking('victim', { memory: '5Gi' }));
    cluster.create('priorityclasses.scheduling.k8s.io', priorityClass('high', 1000));
    cluster.create('pods', podAsking('high', { memory: '5Gi' }, { priorityClassName: 'high' }));
    const { uid } = cluster.get('pods', 'default', 'high').metadata;
    expect(cluster.get('pods', 'default', 'high').status).toMatchObject({
      nominatedNodeName: 'n1', conditions: [{ reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient memory.' }],
    });
    expect(cluster.get('pods', 'default', 'victim')).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 30 },
      status: { conditions: [{ type: 'PodScheduled' }, {
        type: 'DisruptionTarget', observedGeneration: 1, status: 'True', reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      }] },
    });
    expect(cluster.events('victim').at(-1)).toBe(`Normal Preempted: Preempted by pod ${uid} on node n1`);
    cluster.delete('pods', 'default', 'victim', { gracePeriodSeconds: 0 });
    expect(nodeOf('high')).toBe('n1');
    expect(cluster.get('pods', 'default', 'high').status.nominatedNodeName).toBeUndefined();
  });

  test('the same Pods in the same order go to the same nodes', () => {
    const place = (other: TestCluster) => {
      for (let i = 0; i < 5; i++) other.addNode(node(`n${i}`));
      for (let i = 0; i < 10; i++) other.create('pods', pod(`p${i}`));
      return other.port.lister('pods').list().map((object) => (object['spec'] as { nodeName: string }).nodeName);
    };
    const again = new TestCluster().runScheduler();
    expect(place(again)).toEqual(place(cluster));
    again.close();
  });

  test('binds after the latency of the profile', () => {
    const slow = new TestCluster().runScheduler(10);
    slow.addNode(node('n1'));
    slow.create('pods', pod('p'));
    slow.advance(9);
    expect(slow.get('pods', 'default', 'p').spec.nodeName).toBeUndefined();
    slow.advance(1);
    expect(slow.get('pods', 'default', 'p').spec.nodeName).toBe('n1');
    slow.close();
  });

  test('reports an error of a plugin, tries that Pod again later, and goes on with others', () => {
    cluster.addNode(node('n1'));
    const { metadata, spec } = cluster.create('pods', pod('gated', { schedulingGates: [{ name: 'example.com/gate' }] })) as { metadata: object; spec: object };
    const topologySpreadConstraints = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'not valid' } } }];
    const bad = {
      apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'p', uid: 'u', resourceVersion: String(cluster.store.revision + 1) },
      spec: { ...spec, schedulingGates: [], topologySpreadConstraints }, status: {},
    };
    cluster.store.create('/pods/default/p', bad as never);
    cluster.create('pods', pod('q'));
    expect([nodeOf('p'), nodeOf('q')]).toEqual([undefined, 'n1']);
    const begin = `running PreFilter plugin "PodTopologySpread": obtaining pod's hard topology spread constraints: values[0][app]: Invalid value: "not valid"`;
    expect(scheduled('p')).toMatchObject({ status: 'False', reason: 'SchedulerError', message: expect.stringContaining(begin) });
    cluster.advance(1500);
    expect(failures('p')).toBe(2);
  });

  test('does not try a crowd of waiting Pods more often than a real scheduler could', () => {
    for (let i = 0; i < 250; i++) cluster.create('pods', podAsking(`p${i}`, { cpu: '500' }));
    cluster.addNode(node('n1'));
    const tried = () => cluster.port.lister('pods').list().filter(({ metadata }) =>
      (scheduled(metadata.name ?? '') as { message: string }).message !== 'no nodes available to schedule pods').length;
    expect(tried()).toBe(100);
    cluster.advance(100);
    expect(tried()).toBe(200);
    cluster.advance(100);
    expect(tried()).toBe(250);
  });
});
