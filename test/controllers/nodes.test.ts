import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeHeartbeats } from '../../src/controllers/node-heartbeat.ts';
import { pod } from './objects.ts';
import { startMs, TestCluster } from './test-cluster.ts';

const machine = (name: string) => ({ name, ip: '10.0.0.1', cpu: '8', memory: '24Gi', pods: '110' });
const lease = () => cluster.get('leases.coordination.k8s.io', 'kube-node-lease', 'n1');
const ready = (name = 'n1') => cluster.get('nodes', '', name).status.conditions.find(({ type }) => type === 'Ready')!;
const taints = (name = 'n1') => (cluster.get('nodes', '', name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const seconds = () => (cluster.clock.now() - startMs) / 1000;

let cluster: TestCluster;
let heartbeats: NodeHeartbeats;
beforeEach(() => {
  cluster = new TestCluster();
  heartbeats = cluster.heartbeats();
});
afterEach(() => {
  heartbeats.close();
  cluster.close();
});

describe('a node', () => {
  test('registers with what a kubelet knows of it', () => {
    heartbeats.add({ ...machine('n1'), labels: { disk: 'ssd' } });
    const { metadata, status } = cluster.get('nodes', '', 'n1');
    expect(metadata.labels).toEqual({
      'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', disk: 'ssd', 'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'n1', 'kubernetes.io/os': 'linux',
    });
    expect(status.capacity).toEqual({
      cpu: '8', 'ephemeral-storage': '99951524Ki', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', memory: '24Gi', pods: '110',
    });
    expect(status.allocatable).toEqual({ ...status.capacity, 'ephemeral-storage': '92115324518', memory: '24476Mi' });
    expect(status.addresses).toEqual([{ type: 'InternalIP', address: '10.0.0.1' }, { type: 'Hostname', address: 'n1' }]);
    expect(status.nodeInfo).toMatchObject({ kubeletVersion: 'v1.36.2', containerRuntimeVersion: 'containerd://2.2.9', operatingSystem: 'linux' });
    const time = '2026-01-01T00:00:00Z';
    expect(status.conditions).toEqual([
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
    ].map(([type, value, reason, message]) => ({ type, status: value, lastHeartbeatTime: time, lastTransitionTime: time, reason, message })));
    expect(cluster.events('n1').map((event) => event.split(':')[0])).toEqual([
      'Normal Starting', 'Normal NodeHasSufficientMemory', 'Normal NodeHasNoDiskPressure', 'Normal NodeHasSufficientPID', 'Normal NodeReady',
    ]);
  });

  test('renews its lease every 10 s and its status every 5 min or so', () => {
    heartbeats.add(machine('n1'));
    const { uid, resourceVersion } = cluster.get('nodes', '', 'n1').metadata;
    expect(lease()).toMatchObject({
      metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid }] },
      spec: { holderIdentity: 'n1', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.000000Z' },
    });
    const first = Number(lease().metadata.resourceVersion);
    cluster.advance(100_000);
    expect(Number(lease().metadata.resourceVersion)).toBeGreaterThan(first);
    expect(Date.parse(lease().spec.renewTime)).toBeGreaterThan(cluster.clock.now() - 10_001);
    expect(cluster.get('nodes', '', 'n1').metadata.resourceVersion).toBe(resourceVersion);
    cluster.advance(400_000);
    expect(Date.parse(ready().lastHeartbeatTime)).toBeGreaterThan(startMs + 100_000);
    expect(ready().lastTransitionTime).toBe('2026-01-01T00:00:00Z');
  });

  test('reports pressure, and the end of it, at once', () => {
    heartbeats.add(machine('n1'));
    heartbeats.setPressure('n1', 'DiskPressure', true);
    expect(cluster.get('nodes', '', 'n1').status.conditions[1]).toMatchObject({ status: 'True', reason: 'KubeletHasDiskPressure' });
    heartbeats.setPressure('n1', 'DiskPressure', false);
    expect(cluster.get('nodes', '', 'n1').status.conditions[1]).toMatchObject({ status: 'False', reason: 'KubeletHasNoDiskPressure' });
    expect(cluster.events('n1').at(-1)).toBe('Normal NodeHasDiskPressure: Node n1 status is now: NodeHasDiskPressure');
  });

  test('has a new boot id after a reboot', () => {
    heartbeats.add(machine('n1'));
    const before = cluster.get('nodes', '', 'n1').status.nodeInfo;
    heartbeats.reboot('n1');
    const after = cluster.get('nodes', '', 'n1').status.nodeInfo;
    expect({ ...after, bootID: before.bootID }).toEqual(before);
    expect(after.bootID).not.toBe(before.bootID);
    expect(cluster.events('n1').at(-1)).toBe(`Warning Rebooted: Node n1 has been rebooted, boot id: ${after.bootID}`);
  });

  test('comes back after its Node was deleted only when its kubelet starts again', () => {
    heartbeats.add(machine('n1'));
    cluster.delete('nodes', '', 'n1');
    cluster.advance(600_000);
    expect(cluster.names('nodes')).toEqual([]);
    heartbeats.stop('n1');
    heartbeats.start('n1');
    expect(cluster.names('nodes')).toEqual(['n1']);
  });

  test('of a hundred idle nodes each costs one write in 10 s', () => {
    for (let i = 0; i < 100; i++) heartbeats.add(machine(`n${i}`));
    cluster.advance(10_000);
    const before = cluster.store.revision;
    cluster.advance(100_000);
    expect(cluster.store.revision - before).toBe(1000);
  });
});

describe('the node lifecycle controller', () => {
  beforeEach(() => {
    cluster.run('node-lifecycle-controller');
  });

  test('frees a ready node from the taint it was created with', () => {
    heartbeats.add(machine('n1'));
    expect(taints()).toEqual(['node.kubernetes.io/not-ready:NoSchedule']);
    cluster.clock.runDue();
    expect(taints()).toEqual([]);
  });

  test('taints a node that is cordoned or under pressure', () => {
    heartbeats.add(machine('n1'));
    cluster.patch('nodes', '', 'n1', { spec: { unschedulable: true } });
    heartbeats.setPressure('n1', 'MemoryPressure', true);
    cluster.clock.runDue();
    expect(taints()).toEqual(['node.kubernetes.io/unschedulable:NoSchedule', 'node.kubernetes.io/memory-pressure:NoSchedule']);
  });

  test('declares the only node unknown after 50 s of silence, without evicting anything (golden 217-node-lost)', () => {
    heartbeats.add(machine('n1'));
    cluster.create('pods', pod('p', { nodeName: 'n1' }));
    cluster.patch('pods', 'default', 'p', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }, 'status');
    cluster.advance(5000);
    heartbeats.stop('n1');
    while (ready().status === 'True') cluster.advance(1000);
    expect(seconds()).toBeGreaterThanOrEqual(50);
    expect(seconds()).toBeLessThanOrEqual(60);
    expect(ready()).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' });
    expect(cluster.get('pods', 'default', 'p').status.conditions).toMatchObject([{ type: 'Ready', status: 'False' }]);
    expect(cluster.events('p')).toEqual(['Warning NodeNotReady: Node is not ready']);
    expect(cluster.events('n1').at(-1)).toBe('Normal NodeNotReady: Node n1 status is now: NodeNotReady');
    cluster.advance(600_000);
    expect(taints()).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    heartbeats.start('n1');
    cluster.clock.runDue();
    expect(ready()).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(taints()).toEqual([]);
  });

  test('taints lost nodes one in ten seconds while others live', () => {
    for (let i = 1; i <= 6; i++) heartbeats.add(machine(`n${i}`));
    cluster.advance(5000);
    heartbeats.stop('n1');
    heartbeats.stop('n2');
    cluster.advance(54_000);
    const noExecute = (name: string) => taints(name).includes('node.kubernetes.io/unreachable:NoExecute');
    expect([noExecute('n1'), noExecute('n2')]).toEqual([true, false]);
    cluster.advance(11_000);
    expect([noExecute('n1'), noExecute('n2')]).toEqual([true, true]);
    heartbeats.start('n1');
    cluster.advance(5000);
    expect(taints()).toEqual([]);
  });
});
