/** How Pods handle problems with containers: the restart policy, and the back-off between restarts. */
import { expect, test } from 'vitest';
import { container, createPod, getPod, shell, statusesSeen, type PodStatus } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();

/** What became of a Pod after five seconds. */
const after = async (restartPolicy: string, script: string) => {
  kube.reset();
  await createPod(kube, 'pod', { restartPolicy, containers: [shell('app', script)] });
  await kube.clock.advance('5s');
  const { phase, containerStatuses } = (await getPod(kube, 'pod')).status;
  return { phase, restartCount: containerStatuses![0]!.restartCount };
};

/** The back-offs that a watch showed, in order. */
const backOffs = (seen: readonly PodStatus[]) => seen.flatMap(({ containerStatuses }) =>
  /^back-off (\S+) restarting/.exec(containerStatuses?.[0]?.state.waiting?.message ?? '')?.[1] ?? []);

test('Always restarts a container however it ended', async () => {
  expect(await after('Always', 'exit 0')).toEqual({ phase: 'Running', restartCount: 1 });
  expect(await after('Always', 'exit 1')).toEqual({ phase: 'Running', restartCount: 1 });
});

test('OnFailure restarts a container that ended with another code than 0', async () => {
  expect(await after('OnFailure', 'exit 0')).toEqual({ phase: 'Succeeded', restartCount: 0 });
  expect(await after('OnFailure', 'exit 1')).toEqual({ phase: 'Running', restartCount: 1 });
});

test('Never restarts nothing', async () => {
  expect(await after('Never', 'exit 0')).toEqual({ phase: 'Succeeded', restartCount: 0 });
  expect(await after('Never', 'exit 1')).toEqual({ phase: 'Failed', restartCount: 0 });
});

test('the first restart is immediate, the next wait 10 s, 20 s, 40 s and so on up to five minutes', async () => {
  const pod = await createPod(kube, 'pod', { containers: [shell('app', 'exit 1')] });
  expect(container(await getPod(kube, 'pod'), 'app').restartCount).toBe(1);
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('20m'));
  expect(backOffs(seen)).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s', '5m0s', '5m0s']);
});

test('a container in back-off waits with CrashLoopBackOff and shows its last end', async () => {
  const pod = await createPod(kube, 'pod', { containers: [shell('app', 'exit 7')] });
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('1m'));
  const waiting = seen.find(({ containerStatuses }) => containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff');
  expect(container({ status: waiting! }, 'app')).toMatchObject({
    state: { waiting: { message: `back-off 10s restarting failed container=app pod=pod_default(${pod.metadata.uid})` } },
    lastState: { terminated: { exitCode: 7, reason: 'Error' } }, restartCount: 1, ready: false, started: false,
  });
});

test('a container that ran for more than ten minutes has its back-off reset', async () => {
  // Crashes for a minute, then once more after each quarter of an hour.
  const calm = kube.clock.now() / 1000 + 60;
  const pod = await createPod(kube, 'pod', { containers: [shell('app', `[ $(date +%s) -lt ${calm} ] || sleep 900; exit 1`)] });
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('20m'));
  expect(backOffs(seen)).toEqual(['10s', '20s', '40s']);
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ restartCount: 5, state: { running: {} } });
});

test('a rule of a container restarts it though its Pod would not', async () => {
  const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
  await createPod(kube, 'pod', { restartPolicy: 'Never', containers: [
    shell('app', 'exit 42', { restartPolicy: 'Never', restartPolicyRules }), shell('other', 'exit 1'),
  ] });
  await kube.clock.advance('5s');
  const pod = await getPod(kube, 'pod');
  expect(['app', 'other'].map((name) => container(pod, name).restartCount)).toEqual([1, 0]);
});
