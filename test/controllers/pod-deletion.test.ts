import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { node, pod } from './objects.ts';
import { startMs, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster();
  cluster.addNode(node('n1'));
});
afterEach(() => cluster.close());

const seconds = () => (cluster.clock.now() - startMs) / 1000;
const get = (name: string) => cluster.get('pods', 'default', name);
const taint = (...taints: object[]) => cluster.patch('nodes', '', 'n1', { spec: { taints: taints.length > 0 ? taints : null } });
const noExecute = { key: 'example.com/x', effect: 'NoExecute' };
const tolerating = (name: string, ...tolerationSeconds: (number | undefined)[]) => pod(name, {
  nodeName: 'n1',
  tolerations: tolerationSeconds.map((limit) => ({
    key: 'example.com/x', operator: 'Exists', effect: 'NoExecute', ...(limit === undefined ? {} : { tolerationSeconds: limit }),
  })),
});

describe('taint eviction', () => {
  beforeEach(() => {
    cluster.run('taint-eviction-controller');
  });

  test('deletes a Pod when its toleration has run out (golden 207-taint-no-execute)', () => {
    cluster.create('pods', tolerating('p', 5));
    cluster.advance(4000);
    taint(noExecute);
    cluster.advance(4999);
    expect(get('p').metadata.deletionTimestamp).toBeUndefined();
    cluster.advance(1);
    expect(get('p').metadata.deletionGracePeriodSeconds).toBe(30);
    expect(get('p').status.conditions).toEqual([{
      type: 'DisruptionTarget', observedGeneration: 1, status: 'True', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:09Z',
      reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint',
    }]);
    cluster.advance(60_000);
    expect(cluster.events('p')).toEqual(['Normal TaintManagerEviction: Marking for deletion Pod default/p']);
  });

  test('spares a Pod whose taint goes in time (golden 208-taint-cancelled)', () => {
    cluster.create('pods', tolerating('p', 8));
    taint(noExecute);
    cluster.advance(4000);
    taint();
    cluster.advance(60_000);
    expect(get('p').metadata.deletionTimestamp).toBeUndefined();
    expect(cluster.events('p')).toEqual(['Normal TaintManagerEviction: Cancelling deletion of Pod default/p']);
  });

  test('deletes at once what does not tolerate, and never what tolerates for ever', () => {
    cluster.create('pods', pod('none', { nodeName: 'n1' }));
    cluster.create('pods', tolerating('ever', undefined));
    cluster.create('pods', tolerating('least', 7, 3));
    taint(noExecute);
    expect([get('none'), get('ever'), get('least')].map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, false, false]);
    cluster.advance(3000);
    expect(get('least').metadata.deletionTimestamp).toBeDefined();
    cluster.advance(1_000_000);
    expect(get('ever').metadata.deletionTimestamp).toBeUndefined();
  });

  test('a change of status or another taint does not put the deletion off', () => {
    cluster.create('pods', tolerating('p', 5));
    taint(noExecute);
    cluster.advance(3000);
    cluster.patch('pods', 'default', 'p', { status: { phase: 'Running' } }, 'status');
    taint(noExecute, { key: 'k', effect: 'NoSchedule' });
    cluster.advance(2000);
    expect(get('p').metadata.deletionTimestamp).toBeDefined();
  });

  test('acts on Pods that come to a tainted node', () => {
    taint(noExecute);
    cluster.create('pods', pod('late', { nodeName: 'n1' }));
    expect(get('late').metadata.deletionTimestamp).toBeDefined();
  });

  test('forgets a Pod that vanishes before its time (golden 219-node-lost-evicted)', () => {
    cluster.create('pods', tolerating('p', 300));
    taint(noExecute);
    cluster.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
    expect(cluster.events('p')).toEqual(['Normal TaintManagerEviction: Cancelling deletion of Pod default/p']);
    expect(cluster.clock.pending().count).toBe(0);
  });
});

describe('pod garbage collection', () => {
  beforeEach(() => {
    cluster.run('pod-garbage-collector-controller');
  });

  test('fails and deletes Pods of a node that has been missing for long enough (golden 196-node-does-not-exist)', () => {
    cluster.create('pods', pod('p', { nodeName: 'no-such-node' }, { finalizers: ['a.b/keep'] }));
    while (!get('p').metadata.deletionTimestamp) cluster.advance(1000);
    expect(seconds()).toBeGreaterThan(40);
    expect(seconds()).toBeLessThanOrEqual(80);
    expect(get('p').status).toMatchObject({
      observedGeneration: 1, phase: 'Failed',
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists', observedGeneration: 1 }],
    });
    cluster.patch('pods', 'default', 'p', { metadata: { finalizers: null } });
    expect(cluster.names('pods')).toEqual([]);
  });

  test('waits anew when the node comes back', () => {
    cluster.create('pods', pod('p', { nodeName: 'n2' }));
    cluster.advance(50_000);
    cluster.addNode(node('n2'));
    cluster.advance(100_000);
    expect(get('p').status.phase).toBe('Pending');
  });

  test('leaves the status of a finished Pod as it is', () => {
    cluster.create('pods', pod('p', { nodeName: 'no-such-node' }, { finalizers: ['a.b/keep'] }));
    cluster.patch('pods', 'default', 'p', { status: { phase: 'Succeeded' } }, 'status');
    cluster.advance(80_000);
    expect(get('p')).toMatchObject({ metadata: { deletionGracePeriodSeconds: 0 }, status: { phase: 'Succeeded' } });
    expect(get('p').status.conditions).toBeUndefined();
  });

  test('ends a deleted Pod that never got a node within 20 s (golden 136-delete-unscheduled-finalizer)', () => {
    cluster.create('pods', pod('p', {}, { finalizers: ['a.b/keep'] }));
    cluster.delete('pods', 'default', 'p');
    cluster.advance(20_000);
    expect(get('p').status.phase).toBe('Failed');
  });

  test('ends deleted Pods of a node that is out of service', () => {
    cluster.create('pods', pod('p', { nodeName: 'n1' }));
    cluster.delete('pods', 'default', 'p');
    cluster.advance(60_000);
    expect(cluster.names('pods')).toEqual(['p']);
    cluster.patch('nodes', '', 'n1', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }, 'status');
    taint({ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' });
    cluster.advance(20_000);
    expect(cluster.names('pods')).toEqual([]);
  });
});
