/** Pod phase: a summary of where a Pod is in its lifecycle; five values, of which nothing sets Unknown any more. */
import { expect, test } from 'vitest';
import { createPod, deletePod, getPod, obedient, shell, statusesSeen } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();

const phaseAfter = async (spec: object, duration = '1m') => {
  await createPod(kube, 'pod', spec);
  await kube.clock.advance(duration);
  return (await getPod(kube, 'pod')).status.phase;
};

test('a Pod that no node has room for is Pending', async () => {
  expect(await phaseAfter({ containers: [obedient('app', { resources: { requests: { cpu: '1000' } } })] })).toBe('Pending');
});

test('a Pod whose image cannot be pulled is Pending', async () => {
  expect(await phaseAfter({ containers: [{ name: 'app', image: 'registry.invalid/nope:1' }] })).toBe('Pending');
});

test('a Pod is Pending while one of its containers was never started, though another runs', async () => {
  expect(await phaseAfter({ containers: [obedient('app'), { name: 'bad', image: 'registry.invalid/nope:1' }] })).toBe('Pending');
});

test('a Pod is Running while at least one container runs, ended ones notwithstanding', async () => {
  expect(await phaseAfter({ restartPolicy: 'Never', containers: [obedient('app'), shell('done', 'exit 1')] })).toBe('Running');
});

test('a Pod whose only container waits for its restart is Running', async () => {
  expect(await phaseAfter({ containers: [shell('app', 'exit 1')] })).toBe('Running');
});

test('a Pod has Succeeded when all its containers ended with 0 and none restarts', async () => {
  expect(await phaseAfter({ restartPolicy: 'OnFailure', containers: [shell('a', 'exit 0'), shell('b', 'sleep 5')] })).toBe('Succeeded');
});

test('a Pod has Failed when all its containers ended and one of them not with 0', async () => {
  expect(await phaseAfter({ restartPolicy: 'Never', containers: [shell('a', 'exit 0'), shell('b', 'exit 3')] })).toBe('Failed');
});

test('a deleted Pod reaches a terminal phase before it is gone, whatever its restart policy', async () => {
  await createPod(kube, 'web', { restartPolicy: 'Always', containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  const seen = await statusesSeen(kube, await getPod(kube, 'web'), async () => {
    await deletePod(kube, 'web');
    await kube.wait({ name: 'web', for: 'delete' });
  });
  expect(seen.at(-1)!.phase).toBe('Succeeded');
});
