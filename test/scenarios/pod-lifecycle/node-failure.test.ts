/** Node failure: what becomes of the Pods of a node that falls silent, runs short of something, or goes for good. */
import { expect, test } from 'vitest';
import { condition, container, createPod, deletePod, getPod, obedient, podExists, send, shell, statusesSeen } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const node = (verb: 'stop' | 'start' | 'restart' | 'remove') => kube.controls.node('node-1', verb);
const tolerates = (tolerationSeconds?: number) => ({
  tolerations: ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  })),
});

/** A Pod on the first of three nodes: the loss of one node is not the loss of all, which would stop evictions. */
const runningPod = async (spec: object = {}) => {
  kube.controls.addNodes({ count: 2, name: 'other' });
  await createPod(kube, 'web', { nodeSelector: { 'kubernetes.io/hostname': 'node-1' }, containers: [obedient('app')], ...spec });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
};
const deleted = async () => (await getPod(kube, 'web')).metadata['deletionTimestamp'] !== undefined;

interface NodeBody { spec: { taints?: { key: string; effect: string }[] }; status: { conditions: { type: string; status: string; reason: string }[] } }
const readNode = async () => (await send(kube, 'GET', '/api/v1/nodes/node-1')).body as unknown as NodeBody;

test('a node that is not heard of is Unknown and gets the taints unreachable', async () => {
  kube.controls.addNodes({ count: 2 });
  node('stop');
  await kube.clock.advance('1m10s');
  const { spec, status } = await readNode();
  expect(status.conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
  expect(spec.taints?.map(({ key, effect }) => `${key}:${effect}`).toSorted()).toEqual([
    'node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule',
  ]);
});

test('the Pods of a lost node are no longer ready but keep their phase', async () => {
  await runningPod();
  node('stop');
  await kube.clock.advance('1m10s');
  const pod = await getPod(kube, 'web');
  expect({ phase: pod.status.phase, ready: condition(pod, 'Ready')?.status }).toEqual({ phase: 'Running', ready: 'False' });
});

test('a Pod tolerates the loss of its node for five minutes, and is then marked for deletion', async () => {
  await runningPod();
  node('stop');
  await kube.clock.advance('5m30s');
  expect(await deleted()).toBe(false);
  await kube.clock.advance('1m');
  expect(await deleted()).toBe(true);
  expect(condition(await getPod(kube, 'web'), 'DisruptionTarget')).toMatchObject({
    status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint',
  });
});

test('a Pod can tolerate the loss of its node for another time, or for ever', async () => {
  await runningPod(tolerates(10));
  await createPod(kube, 'patient', { nodeName: 'node-1', ...tolerates(), containers: [obedient('app')] });
  node('stop');
  await kube.clock.advance('1m30s');
  expect(await deleted()).toBe(true);
  await kube.clock.advance('15m');
  expect((await getPod(kube, 'patient')).metadata['deletionTimestamp']).toBeUndefined();
});

test('a Pod that was deleted stays on a lost node until the node is back', async () => {
  await runningPod();
  node('stop');
  await deletePod(kube, 'web');
  await kube.clock.advance('10m');
  expect(await podExists(kube, 'web')).toBe(true);
  node('start');
  await kube.clock.advance('1m');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('a Pod whose node is back in time goes on as it was', async () => {
  await runningPod();
  const { metadata } = await getPod(kube, 'web');
  node('stop');
  await kube.clock.advance('3m');
  node('start');
  await kube.clock.advance('2m');
  const pod = await getPod(kube, 'web');
  expect({ uid: pod.metadata.uid, ready: condition(pod, 'Ready')?.status, restartCount: container(pod, 'app').restartCount })
    .toEqual({ uid: metadata.uid, ready: 'True', restartCount: 0 });
});

test('a kubelet that restarts keeps the conditions and restarts of its Pods', async () => {
  await runningPod({ containers: [shell('app', 'sleep 30; exit 1')] });
  await kube.clock.advance('40s');
  const before = await getPod(kube, 'web');
  node('restart');
  await kube.clock.advance('5s');
  expect((await getPod(kube, 'web')).status.conditions).toEqual(before.status.conditions);
  expect(container(await getPod(kube, 'web'), 'app').restartCount).toBe(1);
});

test('a Pod that is bound to a node that never starts it stays Pending', async () => {
  node('stop');
  await createPod(kube, 'web', { nodeName: 'node-1', ...tolerates(), containers: [obedient('app')] });
  await kube.clock.advance('10m');
  expect((await getPod(kube, 'web')).status).toMatchObject({ phase: 'Pending' });
});

test('a Pod of a node that does not exist any more is Failed by the garbage collector, and removed', async () => {
  await runningPod(tolerates());
  const seen = await statusesSeen(kube, await getPod(kube, 'web'), async () => {
    node('remove');
    await kube.wait({ name: 'web', for: 'delete', timeout: '10m' });
  });
  const status = seen.at(-1)!;
  expect(status.phase).toBe('Failed');
  expect(condition({ status }, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' });
});

test('a deleted Pod of a node that is out of service is removed without its kubelet', async () => {
  await runningPod();
  node('stop');
  await deletePod(kube, 'web');
  await kube.clock.advance('2m');
  const taints = [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }];
  await send(kube, 'PATCH', '/api/v1/nodes/node-1', { spec: { taints } }, 'application/strategic-merge-patch+json');
  await kube.clock.advance('30s');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('the replacement of a lost Pod has the same name, another UID and another node', async () => {
  await runningPod();
  const lost = await getPod(kube, 'web');
  node('stop');
  await kube.clock.advance('2m');
  await deletePod(kube, 'web', 0);
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  const { metadata, spec } = await getPod(kube, 'web');
  expect({ moved: spec.nodeName !== 'node-1', same: metadata.uid === lost.metadata.uid }).toEqual({ moved: true, same: false });
});

test('nobody is evicted while no node at all is heard of', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  node('stop');
  await kube.clock.advance('20m');
  expect(await deleted()).toBe(false);
});

test('a node under pressure evicts its Pods, which fail', async () => {
  await runningPod({ containers: [shell('app', 'sleep 100000')] });
  kube.controls.setPressure('node-1', { type: 'MemoryPressure', status: true });
  await kube.clock.advance('1m');
  const pod = await getPod(kube, 'web');
  expect(pod.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  expect(condition(pod, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'TerminationByKubelet' });
});
