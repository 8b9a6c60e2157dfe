/** Garbage collection of Pods: who removes Pods that have ended, and Pods that nobody can end. */
import { expect, test } from 'vitest';
import { createPod, deletePod, getPod, obedient, podExists, shell } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();

test('a Failed Pod remains until somebody removes it', async () => {
  await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'exit 1')] });
  await kube.clock.advance('1h');
  expect((await getPod(kube, 'job')).status.phase).toBe('Failed');
});

test('a Pod that has ended is removed at once when it is deleted', async () => {
  await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'exit 0')] });
  await kube.clock.advance('5s');
  await deletePod(kube, 'job');
  expect(await podExists(kube, 'job')).toBe(false);
});

test('an unscheduled Pod that is being deleted is marked as Failed', async () => {
  await createPod(kube, 'web', { nodeSelector: { disk: 'none' }, containers: [obedient('app')] }, { finalizers: ['example.com/keep'] });
  await deletePod(kube, 'web');
  expect((await getPod(kube, 'web')).status.phase).toBe('Pending');
  await kube.clock.advance('30s');
  expect((await getPod(kube, 'web')).status.phase).toBe('Failed');
});
