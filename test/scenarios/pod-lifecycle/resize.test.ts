/** Resize: the resources of a running container change in place. */
import { expect, test } from 'vitest';
import { condition, container, createPod, deletePod, getPod, obedient, patch, podPath, send, statusesSeen } from '../../support/pods.ts';
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
