/** Termination of Pods: the grace period, hooks and signals, sidecars, forced deletion. */
import { expect, test } from 'vitest';
import {
  container, createPod, deletePod, getPod, obedient, podExists, podPath, send, shell, statusesSeen, type PodStatus,
} from '../../support/pods.ts';
import { sharedKube, timeIn } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const deaf = (name: string, more: object = {}) => shell(name, 'trap "" TERM; sleep 100000', more);
const polite = (name: string, seconds: number, more: object = {}) => shell(name, `trap "sleep ${seconds}; exit 0" TERM; sleep 100000 & wait`, more);

const running = async (spec: object, metadata: object = {}) => {
  await createPod(kube, 'web', spec, metadata);
  await kube.wait({ name: 'web', for: 'phase=Running' });
  await kube.clock.advance('10s');
  return getPod(kube, 'web');
};

/** Deletes the Pod and returns the statuses on the way to its end, at most `limit` away. */
const ends = async (limit = '10m') => statusesSeen(kube, await getPod(kube, 'web'), async () => {
  await deletePod(kube, 'web');
  await kube.wait({ name: 'web', for: 'delete', timeout: limit });
});

const ended = (status: PodStatus, name: string) => container({ status }, name).state.terminated!;

test('a deletion records the grace period and the time at which it is over', async () => {
  await running({ containers: [deaf('app')] });
  const deletionTimestamp = timeIn(kube, 30);
  await deletePod(kube, 'web');
  expect((await getPod(kube, 'web')).metadata).toMatchObject({ deletionTimestamp, deletionGracePeriodSeconds: 30 });
});

test('a Pod that is being deleted keeps its phase until its containers have ended', async () => {
  await running({ containers: [deaf('app')] });
  await deletePod(kube, 'web');
  await kube.clock.advance('20s');
  expect((await getPod(kube, 'web')).status.phase).toBe('Running');
});

test('containers get a TERM signal, and a Pod whose containers all exit with 0 ends as Succeeded', async () => {
  await running({ containers: [obedient('app')] });
  const last = (await ends()).at(-1)!;
  expect({ phase: last.phase, exitCode: ended(last, 'app').exitCode }).toEqual({ phase: 'Succeeded', exitCode: 0 });
});

test('a Pod one of whose containers exits with another code ends as Failed', async () => {
  await running({ containers: [obedient('good'), shell('bad', 'trap "exit 3" TERM; sleep 100000 & wait')] });
  const last = (await ends()).at(-1)!;
  expect({ phase: last.phase, exitCode: ended(last, 'bad').exitCode }).toEqual({ phase: 'Failed', exitCode: 3 });
});

test('a container that still runs when the grace period is over is killed', async () => {
  await running({ terminationGracePeriodSeconds: 10, containers: [deaf('app')] });
  const finishedAt = timeIn(kube, 10);
  const last = (await ends()).at(-1)!;
  expect(ended(last, 'app')).toMatchObject({ exitCode: 137, reason: 'Error', finishedAt });
});

test('a second deletion may shorten the recorded grace period but not lengthen it', async () => {
  await running({ containers: [deaf('app')] });
  const over = timeIn(kube, 10);
  await deletePod(kube, 'web', 20);
  await deletePod(kube, 'web', 10);
  await deletePod(kube, 'web', 60);
  expect((await getPod(kube, 'web')).metadata).toMatchObject({ deletionTimestamp: over, deletionGracePeriodSeconds: 10 });
});

test('a stop that has begun is not shortened by a second deletion', async () => {
  await running({ containers: [deaf('app')] });
  await deletePod(kube, 'web', 20);
  await kube.clock.advance('1s');
  await deletePod(kube, 'web', 5);
  await kube.clock.advance('15s');
  expect(await podExists(kube, 'web')).toBe(true);
  await kube.clock.advance('5s');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('a preStop hook runs to its end before the signal is sent', async () => {
  await running({ containers: [polite('app', 1, { lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } })] });
  const finishedAt = timeIn(kube, 6);
  expect(ended((await ends()).at(-1)!, 'app')).toMatchObject({ exitCode: 0, finishedAt });
});

test('a container whose preStop hook outlasts the grace period has two seconds more', async () => {
  await running({ terminationGracePeriodSeconds: 10, containers: [deaf('app', { lifecycle: { preStop: { exec: { command: ['sleep', '100'] } } } })] });
  const finishedAt = timeIn(kube, 12);
  expect(ended((await ends()).at(-1)!, 'app')).toMatchObject({ exitCode: 137, finishedAt });
});

test('sidecars end after the last main container, in the reverse of their order', async () => {
  const restartPolicy = 'Always';
  await running({ initContainers: [polite('first', 2, { restartPolicy }), polite('second', 2, { restartPolicy })], containers: [polite('app', 3)] });
  const times = [timeIn(kube, 3), timeIn(kube, 5), timeIn(kube, 7)];
  const last = (await ends()).at(-1)!;
  expect(['app', 'second', 'first'].map((name) => ended(last, name).finishedAt)).toEqual(times);
});

test('sidecars that are still there when the grace period is over are killed too', async () => {
  await running({ terminationGracePeriodSeconds: 5, initContainers: [deaf('side', { restartPolicy: 'Always' })], containers: [deaf('app')] });
  await deletePod(kube, 'web');
  await kube.clock.advance('10s');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('the image can name another stop signal', async () => {
  const script = 'trap "exit 5" TERM; trap "exit 6" INT; sleep 100000 & wait';
  await running({ containers: [{ ...shell('app', script), image: 'busybox-sigint:1.36' }] });
  expect(ended((await ends()).at(-1)!, 'app').exitCode).toBe(6);
});

test('a stop signal of the container is dropped: ContainerStopSignals is an alpha feature', async () => {
  const app = obedient('app', { lifecycle: { stopSignal: 'SIGUSR1' } });
  const { spec } = await running({ os: { name: 'linux' }, containers: [app] });
  expect((spec['containers'] as object[])[0]).not.toHaveProperty('lifecycle.stopSignal');
  expect(ended((await ends()).at(-1)!, 'app').exitCode).toBe(0);
});

test('a forced deletion removes a Pod at once, and another of its name can follow', async () => {
  const { metadata } = await running({ containers: [deaf('app')] });
  await deletePod(kube, 'web', 0);
  expect(await podExists(kube, 'web')).toBe(false);
  expect((await createPod(kube, 'web', { containers: [obedient('app')] })).metadata.uid).not.toBe(metadata.uid);
});

test('a Pod that no node has is removed at once', async () => {
  await createPod(kube, 'web', { nodeSelector: { disk: 'none' }, containers: [obedient('app')] });
  await deletePod(kube, 'web');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('a Pod with a finalizer stays, in its terminal phase, until the finalizer is removed', async () => {
  await running({ containers: [obedient('app')] }, { finalizers: ['example.com/keep'] });
  await deletePod(kube, 'web');
  await kube.clock.advance('1m');
  expect((await getPod(kube, 'web')).status.phase).toBe('Succeeded');
  await send(kube, 'PATCH', podPath('web'), { metadata: { finalizers: null } }, 'application/merge-patch+json');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('a kubelet that restarts meanwhile begins the grace period again', async () => {
  await running({ terminationGracePeriodSeconds: 20, containers: [deaf('app')] });
  await deletePod(kube, 'web');
  await kube.clock.advance('15s');
  kube.controls.node('node-1', 'restart');
  await kube.clock.advance('15s');
  expect(await podExists(kube, 'web')).toBe(true);
  await kube.clock.advance('10s');
  expect(await podExists(kube, 'web')).toBe(false);
});

test('the endpoint of a Pod that ends is terminating and no longer ready', async () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
  await send(kube, 'POST', '/api/v1/namespaces/default/services', service);
  await running({ containers: [deaf('app')] }, { labels: { app: 'web' } });
  await deletePod(kube, 'web');
  await kube.clock.advance('5s');
  const { body } = await send(kube, 'GET', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=web');
  const [slice] = body['items'] as { endpoints: { conditions: object }[] }[];
  expect(slice!.endpoints.map(({ conditions }) => conditions)).toEqual([{ ready: false, serving: true, terminating: true }]);
});
