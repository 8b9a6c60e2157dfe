/** Pod lifetime: a Pod is created, gets a unique id, is bound to one node and stays there until it ends. */
import { expect, test } from 'vitest';
import { changes, createPod, deletePod, eventsOf, getPod, obedient, podExists, shell, statusesSeen } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();

test('a Pod starts Pending, runs, and ends as Succeeded', async () => {
  const pod = await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'sleep 30')] });
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('1m'));
  expect(changes(['Pending', ...seen.map(({ phase }) => phase)])).toEqual(['Pending', 'Running', 'Succeeded']);
});

test('a Pod is bound to a node once and keeps it through every restart of its containers', async () => {
  kube.controls.addNodes({ count: 2 });
  await createPod(kube, 'crash', { containers: [shell('app', 'sleep 20; exit 1')] });
  const before = await getPod(kube, 'crash');
  await kube.clock.advance('10m');
  const after = await getPod(kube, 'crash');
  expect({ node: after.spec.nodeName, uid: after.metadata.uid }).toEqual({ node: before.spec.nodeName, uid: before.metadata.uid });
  expect(after.status.containerStatuses![0]!.restartCount).toBeGreaterThan(0);
});

test('a node that a Pod is bound to starts its containers and tells so', async () => {
  await createPod(kube, 'web', { containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  expect(await eventsOf(kube, 'web')).toEqual([
    'Created: Container created',
    'Pulled: Container image "busybox:1.36" already present on machine and can be accessed by the pod',
    'Scheduled: Successfully assigned default/web to node-1',
    'Started: Container started',
  ]);
});

test('a Pod that replaces another of the same name has another UID', async () => {
  const first = await createPod(kube, 'web', { containers: [obedient('app')] });
  await deletePod(kube, 'web');
  await kube.wait({ name: 'web', for: 'delete' });
  const second = await createPod(kube, 'web', { containers: [obedient('app')] });
  expect(second.metadata.uid).not.toBe(first.metadata.uid);
});

test('a volume outlives the restarts of a container, but not its Pod', async () => {
  const spec = { volumes: [{ name: 'data', emptyDir: {} }], containers: [
    shell('app', 'echo run >> /data/runs; wc -l < /data/runs > /dev/termination-log; exit 1', { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
  ] };
  const runs = async () => (await getPod(kube, 'pod')).status.containerStatuses![0]!.lastState.terminated?.message;
  await createPod(kube, 'pod', spec);
  await kube.clock.advance('40s');
  expect(await runs()).toBe('3\n');
  await deletePod(kube, 'pod');
  await kube.wait({ name: 'pod', for: 'delete' });
  await createPod(kube, 'pod', spec);
  await kube.clock.advance('40s');
  expect(await runs()).toBe('3\n');
});

test('a Pod that has ended stays until somebody deletes it', async () => {
  await createPod(kube, 'job', { restartPolicy: 'Never', containers: [shell('app', 'exit 0')] });
  await kube.clock.advance('1h');
  expect((await getPod(kube, 'job')).status.phase).toBe('Succeeded');
  await deletePod(kube, 'job');
  expect(await podExists(kube, 'job')).toBe(false);
});

test('a Pod that may run for ten seconds fails with DeadlineExceeded', async () => {
  await createPod(kube, 'slow', { activeDeadlineSeconds: 10, containers: [obedient('app')] });
  await kube.clock.advance('1m');
  expect((await getPod(kube, 'slow')).status).toMatchObject({
    phase: 'Failed', reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline',
  });
});
