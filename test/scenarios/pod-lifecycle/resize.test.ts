/** Resize: the resources of a running container change in place. */
import { expect, test } from 'vitest';
import { condition, container, createPod, deletePod, eventsOf, getPod, obedient, patch, podPath, send, statusesSeen } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const cpu = (amount: string) => ({ resources: { requests: { cpu: amount }, limits: { cpu: amount } } });
const resize = (amount: string) => patch(kube, 'web/resize', { spec: { containers: [{ name: 'app', ...cpu(amount) }] } });

const runningPod = async (more: object = {}, name = 'web') => {
  await createPod(kube, name, { containers: [obedient('app', { ...cpu('1'), ...more })] });
  await kube.wait({ name, for: 'condition=Ready' });
};

test('a resize changes what a running container has, without a restart', async () => {
  await runningPod();
  expect((await resize('2')).code).toBe(200);
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({
    restartCount: 0, allocatedResources: { cpu: '2' }, resources: { requests: { cpu: '2' }, limits: { cpu: '2' } },
  });
});

test('a Pod is PodResizeInProgress while its containers are resized', async () => {
  await runningPod();
  const seen = await statusesSeen(kube, await getPod(kube, 'web'), async () => {
    await resize('2');
    await kube.clock.advance('1m');
  });
  const statuses = seen.map((status) => condition({ status }, 'PodResizeInProgress')?.status);
  expect([statuses.includes('True'), statuses.at(-1)]).toEqual([true, undefined]);
});

test('a container whose resize policy asks for it is restarted', async () => {
  await runningPod({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] });
  await resize('2');
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ restartCount: 1, resources: { requests: { cpu: '2' } } });
});

test('a resize that the node has no room for now is PodResizePending as Deferred until there is', async () => {
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await resize('4');
  await kube.clock.advance('30s');
  const pod = await getPod(kube, 'web');
  expect(condition(pod, 'PodResizePending')).toMatchObject({ status: 'True', reason: 'Deferred' });
  expect(container(pod, 'app')).toMatchObject({ allocatedResources: { cpu: '1' } });
  await deletePod(kube, 'other');
  await kube.clock.advance('2m');
  const after = await getPod(kube, 'web');
  expect(condition(after, 'PodResizePending')).toBeUndefined();
  expect(container(after, 'app')).toMatchObject({ allocatedResources: { cpu: '4' } });
});

test('a deferred resize tells what is short', async () => {
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await resize('4');
  await kube.clock.advance('1s');
  const pod = await getPod(kube, 'web');
  expect(condition(pod, 'PodResizePending')).toEqual({
    type: 'PodResizePending', status: 'True', observedGeneration: 2, reason: 'Deferred',
    message: "Node didn't have enough resource: cpu, requested: 4000, used: 5000, capacity: 8000",
  });
  expect((await eventsOf(kube, 'web')).filter((event) => event.startsWith('Resize'))).toEqual([
    'ResizeDeferred: Pod resize OutOfcpu: {"containers":[{"name":"app","resources":{"limits":{"cpu":"4"},"requests":{"cpu":"4"}}}],"generation":2,'
    + '"error":"Node didn\'t have enough resource: cpu, requested: 4000, used: 5000, capacity: 8000"}',
  ]);
});

test('a deferred resize is tried again every three minutes', async () => {
  const label = (disk: string | null) => send(kube, 'PATCH', '/api/v1/nodes/node-1', { metadata: { labels: { disk } } }, 'application/merge-patch+json');
  await label('ssd');
  await createPod(kube, 'web', { nodeSelector: { disk: 'ssd' }, containers: [obedient('app', cpu('1'))] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await label(null);
  await resize('2');
  await kube.clock.advance('1s');
  expect(condition(await getPod(kube, 'web'), 'PodResizePending')).toMatchObject({
    reason: 'Deferred', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  });
  await label('ssd');
  await kube.clock.advance('178s');
  expect(condition(await getPod(kube, 'web'), 'PodResizePending')).toBeDefined();
  await kube.clock.advance('2s');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ allocatedResources: { cpu: '2' } });
});

test('a deferred resize that is taken back is no longer pending', async () => {
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await resize('4');
  await kube.clock.advance('1s');
  await resize('1');
  await kube.clock.advance('1s');
  expect(condition(await getPod(kube, 'web'), 'PodResizePending')).toBeUndefined();
});

test('a Pod that is made smaller makes room for a deferred resize of another', async () => {
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await resize('4');
  await kube.clock.advance('1s');
  await patch(kube, 'other/resize', { spec: { containers: [{ name: 'app', ...cpu('2') }] } });
  await kube.clock.advance('5s');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ allocatedResources: { cpu: '4' }, resources: { requests: { cpu: '4' } } });
});

test('of two deferred resizes the Pod of the higher priority is served first', async () => {
  await send(kube, 'POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'high' }, value: 1000 });
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await createPod(kube, 'important', { priorityClassName: 'high', containers: [obedient('app', cpu('1'))] });
  await kube.wait({ name: 'important', for: 'condition=Ready' });
  await resize('4');
  await patch(kube, 'important/resize', { spec: { containers: [{ name: 'app', ...cpu('6') }] } });
  await kube.clock.advance('1s');
  await deletePod(kube, 'other');
  await kube.clock.advance('1m');
  const allocated = async (name: string) => container(await getPod(kube, name), 'app')['allocatedResources'];
  expect([await allocated('important'), await allocated('web')]).toEqual([{ cpu: '6' }, { cpu: '1' }]);
});

test('a kubelet that comes back goes on with a deferred resize, and the Pod keeps what it was given', async () => {
  await runningPod({ ...cpu('5') }, 'other');
  await runningPod();
  await resize('4');
  await kube.clock.advance('1s');
  kube.controls.node('node-1', 'restart');
  await kube.clock.advance('10s');
  const pod = await getPod(kube, 'web');
  expect([pod.status.phase, condition(pod, 'PodResizePending')?.['reason']]).toEqual(['Running', 'Deferred']);
  expect(container(pod, 'app')).toMatchObject({ restartCount: 0, allocatedResources: { cpu: '1' }, resources: { requests: { cpu: '1' } } });
});

const memory = (amount: string) => ({ resources: { requests: { memory: amount }, limits: { memory: amount } } });
const resizeMemory = (amount: string) => patch(kube, 'web/resize', { spec: { containers: [{ name: 'app', ...memory(amount) }] } });
const using = (usage: object[]) => ({ 'fakelet.dev/behavior': JSON.stringify({ app: { usage } }) });

test('a memory limit below what is used is a PodResizeInProgress with an Error, until less is used', async () => {
  await createPod(kube, 'web', { containers: [obedient('app', memory('500Mi'))] }, { annotations: using([{ memory: '300Mi', for: '60s' }, { memory: '50Mi' }]) });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect((await resizeMemory('200Mi')).code).toBe(200);
  await kube.clock.advance('30s');
  const pod = await getPod(kube, 'web');
  const message = 'cannot decrease memory limits: [attempting to set pod memory limit (209715200) below current usage (314572800), '
    + 'attempting to set container "app" memory limit (209715200) below current usage (314572800)]';
  expect(condition(pod, 'PodResizeInProgress')).toMatchObject({ status: 'True', observedGeneration: 2, reason: 'Error', message });
  expect(container(pod, 'app')).toMatchObject({ allocatedResources: { memory: '200Mi' }, resources: { limits: { memory: '500Mi' } } });
  expect((await eventsOf(kube, 'web')).filter((event) => event.startsWith('ResizeError'))).toEqual([
    `ResizeError: Pod resize error: {"containers":[{"name":"app","resources":{"limits":{"memory":"200Mi"},"requests":{"memory":"200Mi"}}}],"generation":2,"error":${JSON.stringify(message)}}`,
  ]);
  await kube.clock.advance('1m');
  const after = await getPod(kube, 'web');
  expect(condition(after, 'PodResizeInProgress')).toBeUndefined();
  expect(container(after, 'app')).toMatchObject({ restartCount: 0, resources: { limits: { memory: '200Mi' } } });
});

test('a container lives within the memory limit that it was resized to', async () => {
  await createPod(kube, 'web', { containers: [obedient('app', memory('100Mi'))] }, { annotations: using([{ memory: '50Mi', for: '60s' }, { memory: '150Mi', for: '60s' }, { memory: '250Mi' }]) });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await resizeMemory('200Mi');
  await kube.clock.advance('100s');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ restartCount: 0 });
  await kube.clock.advance('30s');
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ restartCount: 1, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } });
});

test('a resize beyond what the node has is refused at once', async () => {
  await runningPod();
  const { code, body } = await resize('100');
  expect({ code, message: body['message'] }).toEqual({
    code: 403, message: `pods "web" is forbidden: node didn't have enough allocatable resources: cpu, requested: 100000, allocatable: 8000`,
  });
});

test('the resources of a Pod as a whole are resized in place', async () => {
  const whole = (amount: string) => ({ resources: { requests: { cpu: amount }, limits: { cpu: amount } } });
  await createPod(kube, 'web', { ...whole('1'), containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await patch(kube, 'web/resize', { spec: whole('2') });
  await kube.clock.advance('5s');
  const { status } = await getPod(kube, 'web');
  expect(status).toMatchObject({ allocatedResources: { cpu: '2' }, resources: { requests: { cpu: '2' }, limits: { cpu: '2' } } });
  expect([condition({ status }, 'PodResizeInProgress'), status.containerStatuses![0]!.restartCount]).toEqual([undefined, 0]);
});

test('a resize that changes the QoS class is refused', async () => {
  await createPod(kube, 'web', { containers: [obedient('app', { resources: { requests: { cpu: '1' } } })] });
  const { code, body } = await send(kube, 'PATCH', podPath('web/resize'),
    { spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } }] } }, 'application/strategic-merge-patch+json');
  expect({ code, reason: body['reason'] }).toEqual({ code: 422, reason: 'Invalid' });
});

test('the resources of a Pod cannot be changed but through its resize subresource', async () => {
  await runningPod();
  expect((await patch(kube, 'web', { spec: { containers: [{ name: 'app', ...cpu('2') }] } })).code).toBe(422);
});
