/** How Pods handle problems with containers: the restart policy, and the back-off between restarts. */
import { expect, test } from 'vitest';
import { changes, condition, container, createPod, getPod, obedient, send, shell, statusesSeen, podPath, type PodStatus } from '../../support/pods.ts';
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

const rule = (action: string, operator: string, ...values: number[]) => ({ action, exitCodes: { operator, values } });

/** How often each container of a Pod was restarted within five seconds. */
const restarts = async (spec: object) => {
  kube.reset();
  await createPod(kube, 'pod', spec);
  await kube.clock.advance('5s');
  const { phase, initContainerStatuses = [], containerStatuses = [] } = (await getPod(kube, 'pod')).status;
  return { phase, ...Object.fromEntries([...initContainerStatuses, ...containerStatuses].map(({ name, restartCount }) => [name, restartCount])) };
};

test('init containers that fail are restarted as Pods that restart on failure say, and fail the others', async () => {
  const spec = (restartPolicy: string) => ({ restartPolicy, initContainers: [shell('init', 'exit 1')], containers: [obedient('app')] });
  expect(await restarts(spec('Always'))).toEqual({ phase: 'Pending', init: 1, app: 0 });
  expect(await restarts(spec('OnFailure'))).toEqual({ phase: 'Pending', init: 1, app: 0 });
  expect(await restarts(spec('Never'))).toEqual({ phase: 'Failed', init: 0, app: 0 });
});

test('a sidecar is restarted whatever the policy of its Pod', async () => {
  expect(await restarts({ restartPolicy: 'Never', initContainers: [shell('sidecar', 'sleep 1', { restartPolicy: 'Always' })], containers: [obedient('app')] }))
    .toEqual({ phase: 'Running', sidecar: 1, app: 0 });
});

test('a container can be tried once in a Pod that restarts its others', async () => {
  expect(await restarts({ restartPolicy: 'OnFailure', containers: [shell('once', 'exit 1', { restartPolicy: 'Never' }), shell('again', 'exit 1')] }))
    .toEqual({ phase: 'Running', once: 0, again: 1 });
});

test('an init container that is tried once fails its Pod', async () => {
  expect(await restarts({ restartPolicy: 'Always', initContainers: [shell('once', 'exit 1', { restartPolicy: 'Never' })], containers: [obedient('app')] }))
    .toEqual({ phase: 'Failed', once: 0, app: 0 });
});

test('a rule of a container restarts it though its Pod would not', async () => {
  const app = shell('app', 'exit 42', { restartPolicy: 'Never', restartPolicyRules: [rule('Restart', 'In', 42)] });
  expect(await restarts({ restartPolicy: 'Never', containers: [app, shell('other', 'exit 1')] })).toEqual({ phase: 'Running', app: 1, other: 0 });
});

test('a rule with NotIn restarts a container that ended with any other code', async () => {
  const app = (code: number) => ({
    restartPolicy: 'Never', containers: [shell('app', `exit ${code}`, { restartPolicy: 'Never', restartPolicyRules: [rule('Restart', 'NotIn', 0, 42)] })],
  });
  expect(await restarts(app(7))).toEqual({ phase: 'Running', app: 1 });
  expect(await restarts(app(42))).toEqual({ phase: 'Failed', app: 0 });
  expect(await restarts(app(0))).toEqual({ phase: 'Succeeded', app: 0 });
});

test('where no rule applies the policy of the container decides', async () => {
  const app = (code: number) => ({
    restartPolicy: 'Never', containers: [shell('app', `exit ${code}`, { restartPolicy: 'OnFailure', restartPolicyRules: [rule('Restart', 'In', 42)] })],
  });
  expect(await restarts(app(7))).toEqual({ phase: 'Running', app: 1 });
  expect(await restarts(app(0))).toEqual({ phase: 'Succeeded', app: 0 });
});

test('restarts by a rule wait as long as others do', async () => {
  const pod = await createPod(kube, 'pod', {
    restartPolicy: 'Never', containers: [shell('app', 'exit 7', { restartPolicy: 'Never', restartPolicyRules: [rule('Restart', 'NotIn', 0)] })],
  });
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('2m'));
  expect(backOffs(seen)).toEqual(['10s', '20s', '40s']);
});

test('rules need a policy of their container', async () => {
  const { code, body } = await send(kube, 'POST', podPath('').slice(0, -1), {
    metadata: { name: 'pod' }, spec: { containers: [shell('app', 'exit 1', { restartPolicyRules: [rule('Restart', 'In', 1)] })] },
  });
  expect({ code, message: body['message'] }).toEqual({
    code: 422, message: 'Pod "pod" is invalid: spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used',
  });
});

/** A Pod whose container `app` counts its runs in a volume and asks once, with code 42, for a restart of all. */
const restartedAsAWhole = {
  restartPolicy: 'Never', volumes: [{ name: 'data', emptyDir: {} }],
  initContainers: [shell('init', 'exit 0'), obedient('sidecar', { restartPolicy: 'Always' })],
  containers: [
    shell('app', 'echo run >> /data/runs; [ $(wc -l < /data/runs) -gt 1 ] || { sleep 20; exit 42; }; sleep 100000', {
      restartPolicy: 'Never', restartPolicyRules: [rule('RestartAllContainers', 'In', 42)], volumeMounts: [{ name: 'data', mountPath: '/data' }],
    }),
    obedient('other'),
  ],
};

test('a rule can restart all containers of its Pod, init containers and sidecars too', async () => {
  await createPod(kube, 'pod', restartedAsAWhole);
  await kube.clock.advance('10s');
  const before = await getPod(kube, 'pod');
  await kube.clock.advance('30s');
  const after = await getPod(kube, 'pod');
  const counts = (pod: { status: PodStatus }) => ['init', 'sidecar', 'app', 'other'].map((name) => container(pod, name).restartCount);
  expect([counts(before), counts(after)]).toEqual([[0, 0, 0, 0], [1, 1, 1, 1]]);
  expect(['init', 'app'].map((name) => container(after, name).state)).toMatchObject([{ terminated: { exitCode: 0 } }, { running: {} }]);
});

test('a Pod whose containers are all restarted keeps its UID, node, address and volumes', async () => {
  await createPod(kube, 'pod', restartedAsAWhole);
  await kube.clock.advance('10s');
  const identity = async () => {
    const { metadata, spec, status } = await getPod(kube, 'pod');
    return [metadata.uid, spec.nodeName, status['podIP']];
  };
  const before = await identity();
  await kube.clock.advance('30s');
  expect(await identity()).toEqual(before);
  // It runs the second time only because it finds what it wrote the first time.
  expect(container(await getPod(kube, 'pod'), 'app').restartCount).toBe(1);
});

test('AllContainersRestarting tells while all containers are restarted', async () => {
  const pod = await createPod(kube, 'pod', restartedAsAWhole);
  const seen = await statusesSeen(kube, pod, () => kube.clock.advance('1m'));
  const statuses = seen.flatMap((status) => condition({ status }, 'AllContainersRestarting')?.status ?? []);
  expect(changes(statuses)).toEqual(['False', 'True', 'False']);
});
