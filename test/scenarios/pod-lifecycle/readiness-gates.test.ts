/** Pod readiness gates: conditions that others set and that Ready waits for. */
import { expect, test } from 'vitest';
import { condition, container, createPod, getPod, obedient, patch } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();

const gate = 'example.com/load-balancer';
const gated = { readinessGates: [{ conditionType: gate }], containers: [obedient('app')] };

test('a Pod with a gate whose condition does not exist is not ready though its containers are', async () => {
  await createPod(kube, 'web', gated);
  await kube.clock.advance('5s');
  const pod = await getPod(kube, 'web');
  expect(condition(pod, 'ContainersReady')).toEqual({ type: 'ContainersReady', status: 'True', observedGeneration: 1 });
  expect(condition(pod, 'Ready')).toEqual({
    type: 'Ready', status: 'False', observedGeneration: 1, reason: 'ReadinessGatesNotReady',
    message: `corresponding condition of pod readiness gate "${gate}" does not exist.`,
  });
});

test('a Pod is ready once the condition of its gate is True', async () => {
  await createPod(kube, 'web', gated);
  kube.controls.setCondition('default', 'web', gate, { status: 'True' });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect(condition(await getPod(kube, 'web'), 'Ready')).toEqual({ type: 'Ready', status: 'True', observedGeneration: 1 });
});

test('a gate whose condition is False is named with that status', async () => {
  await createPod(kube, 'web', gated);
  kube.controls.setCondition('default', 'web', gate, { status: 'False', reason: 'Draining' });
  await kube.clock.advance('5s');
  expect(condition(await getPod(kube, 'web'), 'Ready')).toMatchObject({
    status: 'False', message: `the status of pod readiness gate "${gate}" is not "True", but False`,
  });
});

test('a client sets the condition of a gate with a patch of the status', async () => {
  await createPod(kube, 'web', gated);
  await patch(kube, 'web/status', { status: { conditions: [{ type: gate, status: 'True' }] } });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect(condition(await getPod(kube, 'web'), gate)).toEqual({ type: gate, status: 'True' });
});

test('a gate whose condition is taken away makes its Pod unready but restarts nothing', async () => {
  await createPod(kube, 'web', gated);
  kube.controls.setCondition('default', 'web', gate, { status: 'True' });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  kube.controls.setCondition('default', 'web', gate, undefined);
  await kube.wait({ name: 'web', for: 'condition=Ready=False' });
  expect(container(await getPod(kube, 'web'), 'app')).toMatchObject({ ready: true, restartCount: 0 });
});

test('the gates of a Pod can be set beside the API', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  kube.controls.setReadinessGates('default', 'web', { readinessGates: [gate] });
  await kube.wait({ name: 'web', for: 'condition=Ready=False' });
  expect(condition(await getPod(kube, 'web'), 'Ready')).toMatchObject({ reason: 'ReadinessGatesNotReady' });
});
