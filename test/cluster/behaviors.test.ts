/** What behaviours make of containers, on the kubelet's own terms. */
import { expect, test } from 'vitest';
import type { BehaviorScript } from '../../src/schema/fakelet/v1.ts';
import { pods, stateOf, Story } from '../stories/story.ts';

function running(script: BehaviorScript, container: object = {}, spec: object = {}): Story {
  const story = new Story();
  story.controls.behaviors.add({ selector: { image: 'example.com/app:*' }, script });
  story.runPod('web', { container, spec });
  return story;
}

const logOf = (story: Story) => story.get(`${pods}/web/log`) as unknown as string;

test('attempts end as the script says, the last again and again', () => {
  using story = running({ exits: [{ after: '1s', code: 3 }, { after: '2s', signal: 'SEGV', message: 'core dumped' }, { after: 'never' }] });
  story.run(0.5);
  const seen = [stateOf(story.pod('web'))];
  for (const seconds of [1, 2, 20, 600]) {
    story.run(seconds);
    seen.push(stateOf(story.pod('web')));
  }
  expect(seen).toEqual([
    'Running running ready=True restarts=0', 'Running running ready=True restarts=1', 'Running Error ready=False restarts=1',
    'Running running ready=True restarts=2', 'Running running ready=True restarts=2',
  ]);
  expect(story.pod('web').status.containerStatuses![0]!.lastState['terminated']).toMatchObject({ exitCode: 139, reason: 'Error', message: 'core dumped' });
});

test('pulls fail, hang and work one after another', () => {
  using story = running({ pull: [{ result: 'notFound' }, { result: 'denied', message: 'no credentials' }, { result: 'ok', after: '3s' }] });
  story.run(1);
  expect(stateOf(story.pod('web'))).toBe('Pending ErrImagePull ready=False restarts=0');
  story.run(30);
  expect(story.events()).toContain('Failed: Failed to pull image "example.com/app:1": no credentials');
  story.run(60);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=True restarts=0');
});

test('a pull that hangs holds back the node until its Pod goes', () => {
  using story = running({ pull: [{ result: 'hang' }] });
  story.runPod('other', { container: { image: 'example.com/other:1' } });
  story.run(3600);
  expect([stateOf(story.pod('web')), stateOf(story.pod('other'))]).toEqual(['Pending ContainerCreating ready=False restarts=0', 'Pending ContainerCreating ready=False restarts=0']);
  story.ask('DELETE', `${pods}/web`);
  story.run(60);
  expect([story.gone(`${pods}/web`), stateOf(story.pod('other'))]).toEqual([true, 'Running running ready=True restarts=0']);
});

test('starts are delayed and fail', () => {
  using slow = running({ start: { after: '20s' } });
  slow.run(19);
  expect(stateOf(slow.pod('web'))).toBe('Pending ContainerCreating ready=False restarts=0');
  slow.run(1);
  expect(stateOf(slow.pod('web'))).toBe('Running running ready=True restarts=0');
  using broken = running({ start: { error: 'no such device' } });
  broken.run(1);
  expect(broken.pod('web').status.containerStatuses![0]!.state['waiting']).toMatchObject({ reason: 'RunContainerError', message: 'no such device' });
});

test('probes answer over time and in circles', () => {
  const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  using story = running({ probes: { readiness: [{ result: 'failure', output: 'warming up', for: '10s' }, { result: 'success', for: '10s' }] } }, { readinessProbe });
  const ready: string[] = [];
  for (let i = 0; i < 4; i++) {
    story.run(i === 0 ? 11 : 10);
    ready.push(stateOf(story.pod('web')));
  }
  expect(ready.map((text) => /ready=(\w+)/.exec(text)![1])).toEqual(['True', 'False', 'True', 'False']);
  expect(story.events()).toContain('Unhealthy: Readiness probe failed: warming up');
});

test('a probe that answers too late fails', () => {
  const livenessProbe = { tcpSocket: { port: 80 }, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 };
  using story = running({ probes: { liveness: [{ result: 'success', for: '20s' }, { result: 'success', delay: '3s' }] } }, { livenessProbe });
  story.run(20);
  expect(story.pod('web').status.containerStatuses![0]!.restartCount).toBe(0);
  story.run(20);
  expect(story.events()).toContain('Unhealthy: Liveness probe failed: context deadline exceeded');
  expect(story.pod('web').status.containerStatuses![0]!.restartCount).toBe(1);
});

test('signals are ignored or take their time', () => {
  using deaf = running({ signals: { TERM: 'ignore' } }, {}, { terminationGracePeriodSeconds: 30 });
  deaf.run(1);
  deaf.ask('DELETE', `${pods}/web`);
  deaf.run(29);
  expect(deaf.gone(`${pods}/web`)).toBe(false);
  deaf.run(2);
  expect(deaf.gone(`${pods}/web`)).toBe(true);
  using slow = running({ signals: { TERM: { after: '7s', code: 5 } } });
  slow.run(1);
  const seen = slow.watch(pods);
  slow.ask('DELETE', `${pods}/web`);
  slow.run(8);
  expect(slow.gone(`${pods}/web`)).toBe(true);
  expect(seen.events.at(-1)!.object.status.containerStatuses![0]!.state['terminated']).toMatchObject({ exitCode: 5 });
});

test('hooks fail', () => {
  const lifecycle = { postStart: { exec: { command: ['true'] } } };
  using story = running({ hooks: { postStart: [{ result: 'failure', output: 'no licence' }] } }, { lifecycle });
  story.run(5);
  expect(story.events()).toContain('FailedPostStartHook: PostStartHook failed');
});

test('lines appear in the log, once and again', () => {
  using story = running({ log: [{ line: 'starting' }, { line: 'tick', at: '1s', every: '2s' }, { line: 'oops', at: '4s', stream: 'stderr' }] });
  story.run(5.5);
  expect(logOf(story)).toBe('starting\ntick\ntick\noops\ntick\n');
});

test('listeners answer by path, method and time', () => {
  using story = running({ listeners: [{ port: 8080, responses: [
    { path: '/healthz', status: 503, body: 'not yet', until: '10s' }, { path: '/healthz', body: 'ok', headers: { 'X-Test': 'a' } }, { method: 'POST', path: '*', status: 201 },
  ] }] });
  story.run(1);
  const ask = (path: string, method = 'GET') => {
    const sent = story.send(method, `${pods}/web:8080/proxy${path}`);
    story.run(1);
    return [sent.answer?.status, sent.answer?.body as unknown];
  };
  expect([ask('/healthz'), ask('/x'), ask('/x', 'POST')]).toEqual([[503, 'not yet'], [404, '404 page not found\n'], [201, '']]);
  story.run(10);
  expect(ask('/healthz')).toEqual([200, 'ok']);
});

test('a listener answers gRPC health checks as it is told, over time', () => {
  const readinessProbe = { grpc: { port: 5000 }, periodSeconds: 1, failureThreshold: 1 };
  using story = running({ listeners: [{ port: 5000, health: [{ status: 'NOT_SERVING', for: '10s' }, { status: 'SERVING' }] }] }, { readinessProbe });
  story.run(5);
  expect(stateOf(story.pod('web'))).toContain('ready=False');
  expect(story.events()).toContain('Unhealthy: Readiness probe failed: service unhealthy (responded with "NOT_SERVING")');
  story.run(10);
  expect(stateOf(story.pod('web'))).toContain('ready=True');
});

test('more memory than the limit ends a container as out of memory', () => {
  using story = running({ usage: [{ memory: '10Mi', for: '30s' }, { memory: '200Mi' }] }, { resources: { limits: { memory: '100Mi' } } });
  story.run(29);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=True restarts=0');
  story.run(1.5);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=True restarts=1');
  expect(story.pod('web').status.containerStatuses![0]!.lastState['terminated']).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

test('ranges come from the seed', () => {
  const ends = (seed: number) => {
    using story = new Story({ seed });
    story.controls.behaviors.add({ script: { exits: [{ after: { min: '1s', max: '60s' } }] } });
    for (const name of ['a', 'b', 'c']) story.runPod(name, { spec: { restartPolicy: 'Never' } });
    story.run(61);
    return story.get(pods).items.map(({ status }) => (status.containerStatuses![0]!.state['terminated'] as { finishedAt?: string }).finishedAt);
  };
  expect(ends(1)).toEqual(ends(1));
  expect(ends(1)).not.toEqual(ends(2));
  expect(new Set(ends(1)).size).toBeGreaterThan(1);
});
