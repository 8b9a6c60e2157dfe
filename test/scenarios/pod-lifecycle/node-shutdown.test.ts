/** Graceful node shutdown: the kubelet ends its Pods before the machine goes off. */
import { expect, test } from 'vitest';
import { condition, container, createPod, eventsOf, getPod, obedient, send, shell } from '../../support/pods.ts';
import { sharedKube, timeIn } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const shutDown = (grace: object = {}) => send(kube, 'POST', '/_fakelet/v1/nodes/node-1/shutdown', grace);
const deaf = shell('app', 'trap "" TERM; sleep 100000');
const message = 'Pod was terminated in response to imminent node shutdown.';

const runningPod = async (name: string, spec: object) => {
  await createPod(kube, name, { nodeName: 'node-1', ...spec });
  await kube.wait({ name, for: 'phase=Running' });
};
const endOf = async (name: string) => container(await getPod(kube, name), 'app').state.terminated?.finishedAt;

test('a Pod of a node that shuts down fails, and tells why', async () => {
  await runningPod('web', { containers: [deaf] });
  expect(await shutDown()).toEqual({ code: 200, body: null });
  await kube.clock.advance('25s');
  const pod = await getPod(kube, 'web');
  expect(pod.status).toMatchObject({ phase: 'Failed', reason: 'Terminated', message });
  expect(condition(pod, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'TerminationByKubelet', message });
});

test('a Pod whose containers exit with 0 at a shutdown has Succeeded', async () => {
  await runningPod('web', { containers: [obedient('app')] });
  await shutDown();
  await kube.clock.advance('5s');
  const pod = await getPod(kube, 'web');
  expect(pod.status.phase).toBe('Succeeded');
  expect(condition(pod, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'TerminationByKubelet' });
});

test('a node that shuts down is not ready, and tells why', async () => {
  await runningPod('web', { containers: [deaf] });
  await shutDown();
  const { body } = await send(kube, 'GET', '/api/v1/nodes/node-1');
  const { conditions } = body['status'] as { conditions: { type: string }[] };
  expect(conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down' });
  await kube.clock.advance('1s');
  expect(await eventsOf(kube, 'node-1')).toEqual(expect.arrayContaining([
    'NodeShutdown: Shutdown manager detected shutdown event', 'NodeNotReady: Node node-1 status is now: NodeNotReady',
  ]));
});

test('a node that shuts down takes no more Pods', async () => {
  await runningPod('web', { containers: [deaf] });
  await shutDown();
  await createPod(kube, 'late', { nodeName: 'node-1', tolerations: [{ operator: 'Exists' }], containers: [obedient('app')] });
  await kube.clock.advance('1s');
  expect((await getPod(kube, 'late')).status).toMatchObject({
    phase: 'Failed', reason: 'NodeShutdown', message: 'Pod was rejected: Pod was rejected as the node is shutting down.',
  });
});

test('critical Pods end last, in a time of their own', async () => {
  await runningPod('web', { containers: [deaf] });
  await runningPod('vital', { priorityClassName: 'system-node-critical', containers: [deaf] });
  const ends = [timeIn(kube, 20), timeIn(kube, 30)];
  await shutDown({ shutdownGracePeriod: '30s', shutdownGracePeriodCriticalPods: '10s' });
  await kube.clock.advance('31s');
  expect([await endOf('web'), await endOf('vital')]).toEqual(ends);
});

test('a shutdown goes on as soon as all Pods have ended', async () => {
  await runningPod('web', { containers: [shell('app', 'trap "sleep 3; exit 1" TERM; sleep 100000 & wait')] });
  await runningPod('vital', { priorityClassName: 'system-node-critical', containers: [shell('app', 'trap "sleep 4; exit 1" TERM; sleep 100000 & wait')] });
  const ends = [timeIn(kube, 3), timeIn(kube, 7)];
  await shutDown();
  await kube.clock.advance('20s');
  expect([await endOf('web'), await endOf('vital')]).toEqual(ends);
});

test('a Pod that needs less time than the shutdown leaves has its own grace period', async () => {
  await runningPod('web', { terminationGracePeriodSeconds: 5, containers: [deaf] });
  const end = timeIn(kube, 5);
  await shutDown();
  await kube.clock.advance('10s');
  expect(await endOf('web')).toBe(end);
});

test('a machine that went off boots again when it is started', async () => {
  await runningPod('web', { containers: [deaf] });
  await shutDown();
  await kube.clock.advance('2m');
  kube.controls.node('node-1', 'start');
  await createPod(kube, 'next', { containers: [obedient('app')] });
  await kube.wait({ name: 'next', for: 'condition=Ready' });
  expect((await eventsOf(kube, 'node-1')).filter((event) => event.startsWith('Rebooted: '))).toHaveLength(1);
});

test('the time for critical Pods is a part of the whole', async () => {
  expect(await shutDown({ shutdownGracePeriod: '5s', shutdownGracePeriodCriticalPods: '10s' })).toEqual({
    code: 400, body: { error: 'Failed to shut the node down: shutdownGracePeriodCriticalPods is a part of shutdownGracePeriod. Give no more.' },
  });
});
