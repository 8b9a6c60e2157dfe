/** Pod scheduling readiness: gates keep the scheduler from looking at a Pod. */
import { expect, test } from 'vitest';
import { condition, createPod, getPod, obedient, patch, podPath, send } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const gated = (...names: string[]) => ({ schedulingGates: names.map((name) => ({ name })), containers: [obedient('app')] });
const withGates = (...names: string[]) => send(kube, 'PATCH', podPath('web'), { spec: { schedulingGates: names.map((name) => ({ name })) } }, 'application/merge-patch+json');

test('a Pod with a scheduling gate waits, for the reason SchedulingGated', async () => {
  await createPod(kube, 'web', gated('example.com/a'));
  await kube.clock.advance('10m');
  const pod = await getPod(kube, 'web');
  expect({ phase: pod.status.phase, node: pod.spec.nodeName }).toEqual({ phase: 'Pending', node: undefined });
  expect(condition(pod, 'PodScheduled')).toEqual({
    type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates',
  });
});

test('a Pod waits until the last of its gates is removed', async () => {
  await createPod(kube, 'web', gated('example.com/a', 'example.com/b'));
  await withGates('example.com/b');
  await kube.clock.advance('1m');
  expect((await getPod(kube, 'web')).spec.nodeName).toBeUndefined();
  await withGates();
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect((await getPod(kube, 'web')).spec.nodeName).toBe('node-1');
});

test('a gate cannot be added to a Pod that exists', async () => {
  await createPod(kube, 'web', gated('example.com/a'));
  const { code, body } = await withGates('example.com/a', 'example.com/b');
  expect({ code, reason: body['reason'] }).toEqual({ code: 422, reason: 'Invalid' });
});

test('the node selector of a gated Pod can be narrowed', async () => {
  kube.controls.addNodes({ name: 'fast', labels: { disk: 'ssd' } });
  await createPod(kube, 'web', gated('example.com/a'));
  expect((await patch(kube, 'web', { spec: { nodeSelector: { disk: 'ssd' } } })).code).toBe(200);
  await withGates();
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect((await getPod(kube, 'web')).spec.nodeName).toBe('fast');
});

test('a Pod is bound once: another binding is refused', async () => {
  kube.controls.addNodes({ name: 'other' });
  await createPod(kube, 'web', { nodeName: 'node-1', containers: [obedient('app')] });
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'web' }, target: { kind: 'Node', name: 'other' } };
  const { code, body } = await send(kube, 'POST', `${podPath('web')}/binding`, binding);
  expect({ code, reason: body['reason'] }).toEqual({ code: 409, reason: 'Conflict' });
});
