/** Pod conditions: through which a Pod has or has not passed. */
import { expect, test } from 'vitest';
import { condition, conditionsOf, createPod, getPod, obedient, patch, podPath, send, shell } from '../../support/pods.ts';
import { sharedKube, timeIn } from '../../support/shared-kube.ts';

const kube = await sharedKube();

test('a ready Pod has five conditions, all True', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect(conditionsOf(await getPod(kube, 'web'))).toEqual([
    'PodReadyToStartContainers=True', 'Initialized=True', 'Ready=True', 'ContainersReady=True', 'PodScheduled=True',
  ]);
});

test('a condition has a type, a status, two times and the generation that it was observed at', async () => {
  const start = timeIn(kube, 0);
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect((await getPod(kube, 'web')).status.conditions!.find(({ type }) => type === 'Ready')).toEqual({
    type: 'Ready', status: 'True', observedGeneration: 1, lastProbeTime: null, lastTransitionTime: start,
  });
});

test('a False condition tells in a reason and a message why', async () => {
  await createPod(kube, 'crash', { containers: [obedient('good'), shell('bad', 'exit 1')] });
  await kube.clock.advance('5s');
  const pod = await getPod(kube, 'crash');
  const why = { status: 'False', observedGeneration: 1, reason: 'ContainersNotReady', message: 'containers with unready status: [bad]' };
  expect(condition(pod, 'Ready')).toEqual({ type: 'Ready', ...why });
  expect(condition(pod, 'ContainersReady')).toEqual({ type: 'ContainersReady', ...why });
});

test('a Pod that no node has room for is not scheduled, for the reason Unschedulable', async () => {
  await createPod(kube, 'web', { containers: [obedient('app', { resources: { requests: { cpu: '100' } } })] });
  await kube.clock.advance('1s');
  const pod = await getPod(kube, 'web');
  expect(conditionsOf(pod)).toEqual(['PodScheduled=False']);
  expect(condition(pod, 'PodScheduled')).toMatchObject({
    reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  });
});

test('a Pod that is about to be evicted is a DisruptionTarget', async () => {
  await createPod(kube, 'web', { containers: [shell('app', 'trap "" TERM; sleep 100000')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await send(kube, 'POST', podPath('web/eviction'), { metadata: { name: 'web' } });
  await kube.clock.advance('1s');
  expect(condition(await getPod(kube, 'web'), 'DisruptionTarget')).toMatchObject({
    status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting',
  });
});

test('the transition time of a condition is when its status last changed', async () => {
  const [start, end] = [timeIn(kube, 0), timeIn(kube, 30)];
  await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'sleep 30')] });
  await kube.clock.advance('1m');
  const times = (await getPod(kube, 'job')).status.conditions!.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]);
  expect(Object.fromEntries(times)).toMatchObject({ Initialized: start, Ready: end });
});

test('a change of the spec raises the generation, and the kubelet tells that it has seen it', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await patch(kube, 'web', { spec: { activeDeadlineSeconds: 3600 } });
  await kube.clock.advance('30s');
  const { metadata, status } = await getPod(kube, 'web');
  expect({ generation: metadata.generation, observed: status['observedGeneration'] }).toEqual({ generation: 2, observed: 2 });
});

test('a change of labels leaves the generation alone', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await patch(kube, 'web', { metadata: { labels: { tier: 'front' } } });
  expect((await getPod(kube, 'web')).metadata.generation).toBe(1);
});

test('a Pod that has Succeeded is not ready for the reason PodCompleted', async () => {
  await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'exit 0')] });
  await kube.clock.advance('5s');
  const pod = await getPod(kube, 'job');
  expect(condition(pod, 'Ready')).toEqual({ type: 'Ready', status: 'False', observedGeneration: 1, reason: 'PodCompleted' });
  expect(condition(pod, 'Initialized')).toEqual({ type: 'Initialized', status: 'True', observedGeneration: 1, reason: 'PodCompleted' });
});
