/** Container states: Waiting, Running and Terminated, one of them at a time. */
import { expect, test } from 'vitest';
import { container, createPod, getPod, obedient, shell } from '../../support/pods.ts';
import { sharedKube, timeIn } from '../../support/shared-kube.ts';

const kube = await sharedKube();

test('a container whose image cannot be pulled waits, with the reason', async () => {
  await createPod(kube, 'pod', { containers: [{ name: 'app', image: 'registry.invalid/nope:1' }] });
  await kube.clock.advance('1m');
  const { waiting } = container(await getPod(kube, 'pod'), 'app').state;
  expect(['ErrImagePull', 'ImagePullBackOff']).toContain(waiting?.reason);
});

test('a container that lacks its ConfigMap waits with CreateContainerConfigError', async () => {
  await createPod(kube, 'pod', { containers: [obedient('app', { envFrom: [{ configMapRef: { name: 'settings' } }] })] });
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'pod'), 'app').state).toEqual({
    waiting: { reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' },
  });
});

test('a container waits with ContainerCreating, or with PodInitializing behind init containers', async () => {
  const slow = { name: 'app', image: 'registry.test/slow3s:1' };
  await createPod(kube, 'plain', { containers: [slow] });
  await createPod(kube, 'init', { initContainers: [shell('init', 'sleep 100')], containers: [obedient('app')] });
  await kube.clock.advance('1s');
  expect(container(await getPod(kube, 'plain'), 'app').state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  expect(container(await getPod(kube, 'init'), 'app').state).toEqual({ waiting: { reason: 'PodInitializing' } });
});

test('a container is not shown as running before its postStart hook has ended', async () => {
  await createPod(kube, 'pod', { containers: [obedient('app', { lifecycle: { postStart: { exec: { command: ['sleep', '5'] } } } })] });
  await kube.clock.advance('4s');
  expect(container(await getPod(kube, 'pod'), 'app').state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  await kube.clock.advance('2s');
  expect(container(await getPod(kube, 'pod'), 'app').state).toMatchObject({ running: {} });
});

test('a running container tells when it was started', async () => {
  const startedAt = timeIn(kube, 0);
  await createPod(kube, 'pod', { containers: [obedient('app')] });
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({
    state: { running: { startedAt } }, lastState: {}, started: true, ready: true, restartCount: 0,
  });
});

test('a terminated container tells its exit code, reason, start and finish', async () => {
  const [startedAt, finishedAt] = [timeIn(kube, 0), timeIn(kube, 7)];
  await createPod(kube, 'pod', { restartPolicy: 'Never', containers: [shell('app', 'sleep 7; exit 3')] });
  await kube.clock.advance('1m');
  const { containerID, state } = container(await getPod(kube, 'pod'), 'app');
  expect(state).toEqual({ terminated: {
    exitCode: 3, reason: 'Error', startedAt, finishedAt, containerID,
  } });
});

test('a container that ended with 0 is Completed', async () => {
  await createPod(kube, 'pod', { restartPolicy: 'Never', containers: [shell('app', 'exit 0')] });
  await kube.clock.advance('1s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({
    state: { terminated: { exitCode: 0, reason: 'Completed' } }, started: false, ready: false,
  });
});

test('a restarted container keeps how it ended before as its last state', async () => {
  const [first, second] = [timeIn(kube, 0), timeIn(kube, 20)];
  await createPod(kube, 'pod', { containers: [shell('app', 'sleep 20; exit 4')] });
  await kube.clock.advance('25s');
  const { lastState, restartCount, state } = container(await getPod(kube, 'pod'), 'app');
  expect({ restartCount, state }).toEqual({ restartCount: 1, state: { running: { startedAt: second } } });
  expect(lastState.terminated).toMatchObject({
    exitCode: 4, reason: 'Error', startedAt: first, finishedAt: second,
  });
});

test('what a container writes to its termination log is the message of its end', async () => {
  await createPod(kube, 'pod', { restartPolicy: 'Never', containers: [shell('app', 'echo disk full > /dev/termination-log; exit 1')] });
  await kube.clock.advance('1s');
  expect(container(await getPod(kube, 'pod'), 'app').state.terminated).toMatchObject({ exitCode: 1, message: 'disk full\n' });
});
