/** Pod network readiness: PodReadyToStartContainers tells whether a Pod has a sandbox with a network. */
import { expect, test } from 'vitest';
import { changes, condition, createPod, getPod, obedient, send, shell, statusesSeen, type PodStatus } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const statusOf = (pod: { status: PodStatus }, type: string) => condition(pod, type)?.status;
const network = (pod: { status: PodStatus }) => statusOf(pod, 'PodReadyToStartContainers');

const runningPod = async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  return getPod(kube, 'web');
};

test('a Pod whose volumes are not mounted yet has no network', async () => {
  const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];
  await createPod(kube, 'web', { volumes, containers: [obedient('app', { volumeMounts: [{ name: 'settings', mountPath: '/settings' }] })] });
  await kube.clock.advance('30s');
  expect(network(await getPod(kube, 'web'))).toBe('False');
  await send(kube, 'POST', '/api/v1/namespaces/default/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
  await kube.wait({ name: 'web', for: 'condition=PodReadyToStartContainers' });
  expect(network(await getPod(kube, 'web'))).toBe('True');
});

test('a Pod has a network before its images are pulled', async () => {
  await createPod(kube, 'web', { containers: [{ name: 'app', image: 'registry.test/slow8s:1' }] });
  await kube.clock.advance('4s');
  const pod = await getPod(kube, 'web');
  expect({ network: network(pod), phase: pod.status.phase }).toEqual({ network: 'True', phase: 'Pending' });
});

test('a Pod without init containers is initialized before it has a network', async () => {
  await createPod(kube, 'web', { volumes: [{ name: 'v', configMap: { name: 'none' } }], containers: [obedient('app', { volumeMounts: [{ name: 'v', mountPath: '/v' }] })] });
  await kube.clock.advance('10s');
  const pod = await getPod(kube, 'web');
  expect([statusOf(pod, 'Initialized'), network(pod)]).toEqual(['True', 'False']);
});

test('a Pod with init containers is initialized once they have succeeded, after it has a network', async () => {
  await createPod(kube, 'web', { initContainers: [shell('init', 'sleep 20')], containers: [obedient('app')] });
  await kube.clock.advance('10s');
  const pod = await getPod(kube, 'web');
  expect([statusOf(pod, 'Initialized'), network(pod)]).toEqual(['False', 'True']);
  await kube.clock.advance('20s');
  expect(statusOf(await getPod(kube, 'web'), 'Initialized')).toBe('True');
});

test('a Pod whose sandbox dies has no network until it has a new one', async () => {
  const seen = await statusesSeen(kube, await runningPod(), async () => {
    kube.controls.killSandbox('default', 'web');
    await kube.clock.advance('1m');
  });
  expect(changes(seen.map((status) => network({ status })!))).toEqual(['False', 'True']);
});

test('a Pod on a node that reboots is not evicted: it has no network until it has a new sandbox', async () => {
  const before = await runningPod();
  const seen = await statusesSeen(kube, before, async () => {
    kube.controls.node('node-1', 'reboot');
    await kube.clock.advance('2m');
  });
  const after = await getPod(kube, 'web');
  expect(changes(seen.map((status) => network({ status })!))).toEqual(['False', 'True']);
  expect({ uid: after.metadata.uid, phase: after.status.phase }).toEqual({ uid: before.metadata.uid, phase: 'Running' });
});
