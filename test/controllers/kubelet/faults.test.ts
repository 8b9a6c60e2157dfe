/** What random lives (test/property) brought to light. */
import { expect, test } from 'vitest';
import { KubeletHarness } from '../../support/kubelet-harness.ts';

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
