/** What random lives (test/property) brought to light. */
import { expect, test } from 'vitest';
import { realisticLatencies } from '../../../src/controllers/kubelet/latencies.ts';
import { KubeletHarness, nodeName } from '../../support/kubelet-harness.ts';

const sh = (script: string) => ['sh', '-c', script];
const image = 'busybox:1.36';

test('the probe of a container that has ended for good asks for a sync a second, not for syncs without end', () => {
  const node = new KubeletHarness();
  const livenessProbe = { exec: { command: ['true'] }, periodSeconds: 3 };
  node.createPod({
    restartPolicy: 'Never',
    containers: [{ name: 'a', image, command: sh('exit 1'), livenessProbe }, { name: 'b', image, command: sh('sleep 60'), livenessProbe }],
  });
  node.run(10);
  expect(node.story().at(-1)).toBe('0 Running Ready=False a:terminated(Error) b:running');
});

test('a Pod that restarts all its containers at once does so once a second, where nothing else takes time', () => {
  const node = new KubeletHarness();
  const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } }];
  node.createPod({ restartPolicy: 'Always', containers: [{ name: 'a', image, command: sh('exit 1'), restartPolicy: 'Never', restartPolicyRules }] });
  node.run(10);
  expect(node.pod()!.status.containerStatuses![0]!.restartCount).toBe(10);
});

test('a Pod that was deleted by force while no kubelet ran is stopped when one runs again', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: sh('sleep 1000') }] });
  node.run(1);
  node.kubelet.stop();
  node.deletePod('p', 0);
  node.run(1);
  expect(node.runtime.podUids().length).toBe(1);
  node.kubelet.start();
  node.run(2);
  expect(node.runtime.podUids()).toEqual([]);
  expect(node.clock.pending().count).toBe(0);
});

test('a deletion that comes while a sync waits for its look at the runtime has its turn after that sync', () => {
  const node = new KubeletHarness(realisticLatencies);
  const livenessProbe = { exec: { command: ['true'] }, periodSeconds: 1 };
  const ended = { name: 'b', image, command: sh('exit 0'), restartPolicy: 'OnFailure', livenessProbe };
  node.createPod({ containers: [{ name: 'a', image, command: sh('exit 0') }, ended] });
  node.run(8.8);
  expect(node.story().at(-1)).toMatch(/a:waiting\(CrashLoopBackOff\)#1 b:terminated\(Completed\)$/);
  node.deletePod();
  node.run(4);
  const phases = node.seen.filter(({ pod }) => pod.metadata.deletionTimestamp).map(({ pod }) => pod.status.phase);
  expect([...new Set(phases)]).toEqual(['Running', 'Succeeded']);
});

test('a Pod that a new kubelet rejects is stopped, and goes when it is deleted', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: sh('sleep 1000') }] }, { finalizers: ['example.com/kept'] });
  node.run(1);
  node.kubelet.stop();
  const conditions = [{ type: 'MemoryPressure', status: 'True' }];
  node.do({ verb: 'patch', resource: 'nodes', name: nodeName, subresource: 'status', patchType: 'merge', patch: { status: { conditions } } });
  node.kubelet.start();
  node.deletePod();
  node.run(40);
  expect(node.status()).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  node.do({ verb: 'patch', resource: 'pods', namespace: 'default', name: 'p', patchType: 'merge', patch: { metadata: { finalizers: [] } } });
  node.run(40);
  expect(node.pod()).toBeUndefined();
  expect(node.runtime.podUids()).toEqual([]);
});
