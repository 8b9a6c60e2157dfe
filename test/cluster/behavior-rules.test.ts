/** Rules: which one decides, what the annotation does, what is refused. */
import { expect, test } from 'vitest';
import type { Behavior } from '../../src/schema/fakelet/v1.ts';
import { pods, stateOf, Story } from '../stories/story.ts';

const crash = { exits: [{ after: '0s', code: 1 }] };
const annotated = (value: unknown) => ({ annotations: { 'fakelet.dev/behavior': typeof value === 'string' ? value : JSON.stringify(value) } });
const state = (story: Story, name: string) => stateOf(story.pod(name)).split(' ')[1];

test('a selector compares all that it names', () => {
  using story = new Story();
  story.controls.behaviors.add({ name: 'picky', selector: { namespace: 'def*', pod: 'web-?', labels: { app: 'a' }, image: '*/app:1', container: 'app' }, script: crash });
  story.runPod('web-1', { metadata: { labels: { app: 'a', more: 'x' } } });
  story.runPod('web-10', { metadata: { labels: { app: 'a' } } });
  story.runPod('web-2', { metadata: { labels: { app: 'b' } } });
  story.runPod('web-3');
  story.runPod('web-4', { metadata: { labels: { app: 'a' } }, container: { image: 'example.com/app:2' } });
  story.run(1);
  expect(['web-1', 'web-10', 'web-2', 'web-3', 'web-4'].map((name) => state(story, name))).toEqual(['Error', 'running', 'running', 'running', 'running']);
  expect(story.controls.behaviors.get('picky').matched).toBe(1);
});

test('the newest rule decides, a rule comes before the annotation, the annotation before the command', () => {
  using story = new Story();
  story.runPod('annotated', { metadata: annotated({ app: crash }), container: { command: ['sleep', '1000'] } });
  story.run(1);
  expect(state(story, 'annotated')).toBe('Error');
  story.controls.behaviors.add({ name: 'old', script: crash });
  story.controls.behaviors.add({ name: 'new', script: { exits: [{ after: 'never' }] } });
  story.runPod('both', { metadata: annotated({ app: crash }) });
  story.run(1);
  expect(state(story, 'both')).toBe('running');
  story.controls.behaviors.remove('new');
  story.runPod('third');
  story.run(1);
  expect(state(story, 'third')).toBe('Error');
});

test('the annotation may be YAML, by container or for all', () => {
  using story = new Story();
  story.runPod('a', { metadata: annotated('app:\n  exits:\n  - {after: 1s, reason: OOMKilled}\n'), spec: { restartPolicy: 'Never' } });
  story.runPod('b', { metadata: annotated("'*': {exits: [{after: 1s}]}"), spec: { restartPolicy: 'Never' } });
  story.runPod('c', { metadata: annotated({ other: crash }) });
  story.run(2);
  expect(['a', 'b', 'c'].map((name) => state(story, name))).toEqual(['OOMKilled', 'Completed', 'running']);
});

test.each([
  ['{', 'Failed to read the annotation: fakelet.dev/behavior: it is neither JSON nor YAML: '],
  ['app: {exits: [{after: soon}]}', 'Failed to read the annotation: fakelet.dev/behavior: app.exits.0.after: Expected union value'],
  ['app: {signals: {KILL: ignore}}', 'Failed to read the annotation: signals.KILL: no signal of this name can be handled'],
])('a container whose annotation is %j says so', (text, why) => {
  using story = new Story();
  story.runPod('web', { metadata: annotated(text) });
  story.run(1);
  expect(story.pod('web').status.containerStatuses![0]!.state['waiting']).toMatchObject({ reason: 'RunContainerError', message: expect.stringContaining(why) as string });
});

test('rules are listed with what they matched, and unused ones are named', () => {
  using story = new Story();
  const { behaviors } = story.controls;
  behaviors.add({ script: crash });
  behaviors.add({ name: 'idle', selector: { namespace: 'elsewhere' }, script: crash });
  story.runPod('web');
  story.run(600);
  expect(behaviors.list()).toEqual({
    items: [{ name: 'behavior-1', script: crash, matched: 1 }, { name: 'idle', selector: { namespace: 'elsewhere' }, script: crash, matched: 0 }],
    unused: ['idle'],
  });
  expect(() => behaviors.assertAllUsed()).toThrow('Failed to see all behaviors used: nothing matched idle. Check what they select, or remove them.');
  behaviors.remove('idle');
  expect(behaviors.assertAllUsed()).toBe(null);
  story.controls.reset();
  expect(behaviors.list()).toEqual({ items: [], unused: [] });
});

test.each<[string, unknown, string]>([
  ['no script', {}, 'Failed to read the behavior: script: Expected required property. See docs/behaviors.md.'],
  ['an unknown member', { script: { exit: [] } }, 'Failed to read the behavior: script.exit: Unexpected property. See docs/behaviors.md.'],
  ['a wrong duration', { script: { exits: [{ after: '10 s' }] } }, "Failed to read the behavior: script.exits.0.after: Expected union value (A duration such as '250ms', a range {min, max} or 'never'.). See docs/behaviors.md."],
  ['a wrong range', { script: { exits: [{ after: { min: '2s', max: '1s' } }] } }, 'Failed to read the behavior: script.exits.0.after: max (1s) is less than min (2s).'],
  ['no such signal', { script: { exits: [{ after: '1s', signal: 'NOPE' }] } }, "Failed to read the behavior: script.exits.0.signal: there is no signal 'NOPE'."],
  ['no quantity', { script: { usage: [{ memory: 'lots' }] } }, "Failed to read the behavior: script.usage.0.memory: 'lots' is no quantity: "],
  ['a line without end', { script: { log: [{ line: 'x', every: '0s' }] } }, 'Failed to read the behavior: script.log.0.every: it must be at least 1ms.'],
])('%s is refused with its path', (_what, rule, message) => {
  using story = new Story();
  expect(() => story.controls.behaviors.add(rule as Behavior)).toThrow(message);
});

test('one container is ended, answered for and written to by hand', () => {
  using story = new Story();
  const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  story.runPod('web', { container: { ports: [{ containerPort: 80 }], readinessProbe } });
  story.run(3);
  story.controls.probeContainer('default', 'web', 'app', { kind: 'readiness', result: 'failure', output: 'by hand', times: 2 });
  story.run(1.5);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=False restarts=0');
  story.run(3);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=True restarts=0');
  story.controls.logContainer('default', 'web', 'app', { line: 'hello' });
  expect(story.get(`${pods}/web/log`)).toBe('hello\n');
  story.controls.oomContainer('default', 'web', 'app');
  story.run(1);
  expect(story.pod('web').status.containerStatuses![0]!.lastState['terminated']).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  story.run(60);
  story.controls.exitContainer('default', 'web', 'app', { code: 4, message: 'enough' });
  story.run(1);
  expect(story.pod('web').status.containerStatuses![0]!.state['terminated'] ?? story.pod('web').status.containerStatuses![0]!.lastState['terminated'])
    .toMatchObject({ exitCode: 4, reason: 'Error', message: 'enough' });
  expect(() => story.controls.exitContainer('default', 'web', 'app', { code: 4, signal: 'TERM' })).toThrow();
  expect(() => story.controls.oomContainer('default', 'web', 'nope')).toThrow('Failed to find container nope of pod default/web running: it is not. Wait until it runs.');
});
