/** Pods through the official JavaScript client, on a clock that the test moves. */
import { Writable } from 'node:stream';
import { Exec, Watch, type V1Pod, type V1Status } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect, podThatRuns, until, type Connected } from './connect.ts';

const namespace = 'default';

/** What a Pod looks like to someone who watches it. */
function stateOf({ status }: V1Pod): string {
  const container = status!.containerStatuses?.[0];
  const { waiting, running, terminated } = container?.state ?? {};
  const state = waiting?.reason ?? (running ? 'Running' : terminated ? `${terminated.reason} ${terminated.exitCode}` : 'none');
  return `${status!.phase} ${container?.restartCount ?? 0} ${state}`;
}

async function watchPod({ config }: Connected, name: string): Promise<{ readonly states: string[]; stop(): void }> {
  const states: string[] = [];
  const watch = await new Watch(config).watch(`/api/v1/namespaces/${namespace}/pods`, { fieldSelector: `metadata.name=${name}` }, (_type, pod: V1Pod) => {
    const state = stateOf(pod);
    if (states.at(-1) !== state) states.push(state);
  }, () => undefined);
  return { states, stop: () => watch.abort() };
}

test('who watches a Pod on the manual clock sees it crash, back off and start again', async () => {
  await using connected = await connect();
  const { core, kube } = connected;
  const { states, stop } = await watchPod(connected, 'crash');
  await core.createNamespacedPod({ namespace, body: podThatRuns('crash', 'exit 3') });
  await kube.clock.advance('1m');
  await until(() => states.at(-1) === 'Running 3 Error 3');
  stop();
  // CrashLoopBackOff is written when a back-off ends, right before the next start.
  expect(states).toEqual([
    'Pending 0 none', 'Pending 0 ContainerCreating',
    'Running 0 Error 3', 'Running 1 Error 3', 'Running 1 CrashLoopBackOff',
    'Running 2 Error 3', 'Running 2 CrashLoopBackOff', 'Running 3 Error 3',
  ]);
});

test('a Pod runs, is read and ends as its program does', async () => {
  await using connected = await connect();
  const { core, kube } = connected;
  await core.createNamespacedPod({ namespace, body: { ...podThatRuns('job', ''), spec: {
    restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'echo begin; sleep 60; echo end'] }],
  } } });
  await kube.clock.advance('30s');
  expect(await core.readNamespacedPodLog({ namespace, name: 'job' })).toBe('begin\n');
  await kube.clock.advance('60s');
  expect(await core.readNamespacedPodLog({ namespace, name: 'job' })).toBe('begin\nend\n');
  expect(stateOf(await core.readNamespacedPod({ namespace, name: 'job' }))).toBe('Succeeded 0 Completed 0');
});

test('exec answers with output and exit code', async () => {
  await using connected = await connect();
  const { core, config, kube } = connected;
  await core.createNamespacedPod({ namespace, body: podThatRuns('web', 'sleep 1000') });
  await kube.clock.advance('1s');
  let output = '';
  let end: V1Status | undefined;
  const collect = new Writable({ write: (chunk: Buffer, _encoding, done) => {
    output += chunk.toString();
    done();
  } });
  await new Exec(config).exec(namespace, 'web', 'app', ['sh', '-c', 'echo out; exit 4'], collect, null, null, false, (status) => { end = status; });
  await until(() => end !== undefined);
  expect([output, end!.reason, end!.details!.causes]).toEqual(['out\n', 'NonZeroExitCode', [{ reason: 'ExitCode', message: '4' }]]);
});
