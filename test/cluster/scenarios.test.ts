/** Each scenario shows what its name says. */
import { expect, test } from 'vitest';
import { scenarios } from '../../src/cluster/scenarios/catalogue.ts';
import type { Scenario } from '../../src/schema/fakelet/v1.ts';
import { ns, pods, stateOf, Story } from '../stories/story.ts';

function started(name: string): Story {
  const story = new Story();
  story.controls.startScenario(name);
  return story;
}

const states = (story: Story) => story.get(pods).items.map(stateOf);
const count = (texts: readonly string[], pattern: RegExp) => texts.filter((text) => pattern.test(text)).length;

test('healthy-web-app: three ready Pods that answer through their Service', () => {
  using story = started('healthy-web-app');
  story.run(30);
  expect(states(story)).toEqual(Array.from({ length: 3 }, () => 'Running running ready=True restarts=0'));
  const answer = story.send('GET', `${ns}/services/web:80/proxy/`);
  story.run(1);
  expect(answer.answer?.body).toBe('hello\n');
});

test('crash-loop: restarts are backed off', () => {
  using story = started('crash-loop');
  story.run(600);
  const { restartCount, lastState } = story.pod('crash').status.containerStatuses![0]!;
  expect(restartCount).toBeGreaterThan(4);
  expect(lastState['terminated']).toMatchObject({ exitCode: 1, message: 'panic: no database' });
  expect(story.events()).toContainEqual(expect.stringContaining('BackOff: Back-off restarting failed container app'));
});

test('image-pull-backoff: the image never comes', () => {
  using story = started('image-pull-backoff');
  story.run(600);
  expect(states(story)).toEqual([expect.stringMatching(/^Pending (ErrImagePull|ImagePullBackOff) ready=False restarts=0$/)]);
});

test('slow-start: ready after seventy seconds', () => {
  using story = started('slow-start');
  story.run(9);
  expect(states(story)).toEqual(['Pending ContainerCreating ready=False restarts=0']);
  story.run(50);
  expect(states(story)).toEqual(['Running running ready=False restarts=0']);
  story.run(20);
  expect(states(story)).toEqual(['Running running ready=True restarts=0']);
});

test('oom: killed for its memory', () => {
  using story = started('oom');
  story.run(45);
  expect(story.pod('leak').status.containerStatuses![0]!.lastState['terminated']).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

test('flapping-readiness: ready and not', () => {
  using story = started('flapping-readiness');
  const seen = [20, 30, 30, 30].map((seconds) => {
    story.run(seconds);
    return /ready=(\w+)/.exec(states(story)[0]!)![1];
  });
  expect(seen).toEqual(['True', 'False', 'True', 'False']);
});

test('stuck-terminating: the Pod stays until its finalizer goes', () => {
  using story = started('stuck-terminating');
  story.run(600);
  expect(story.pod('stuck').metadata.deletionTimestamp).toBeDefined();
  story.patch(`${pods}/stuck`, { metadata: { finalizers: null } });
  expect(story.gone(`${pods}/stuck`)).toBe(true);
});

test('node-failure: Pods move, and the lost ones go when the node is back', () => {
  using story = started('node-failure');
  story.run(50);
  const on = () => story.get(pods).items.filter(({ spec }) => spec.nodeName === 'node-1').map(({ metadata }) => metadata.name);
  expect(on().length).toBeGreaterThan(0);
  story.run(500);
  const lost = story.get(pods).items.filter(({ spec }) => spec.nodeName === 'node-1');
  expect(lost.every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true);
  expect(count(states(story), /ready=True/)).toBe(6);
  story.run(200);
  expect(story.get(pods).items.length).toBe(6);
});

test('rolling-churn: other Pods every minute', () => {
  using story = started('rolling-churn');
  const names = () => story.get(pods).items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  story.run(50);
  const first = names();
  story.run(60);
  const second = names();
  expect([first.length, second.length, second.filter((name) => first.includes(name))]).toEqual([4, 4, []]);
});

test('thousand-pods: 1,000 Pods of every kind, here a twenty-fifth of them', () => {
  const scenario = scenarios.find(({ name }) => name === 'thousand-pods')!;
  expect(scenario.objects!.reduce((sum, { count: copies = 1 }) => sum + copies, 0)).toBe(1000);
  using story = new Story();
  story.controls.startScenario({ ...scenario, objects: scenario.objects!.map((one) => ({ ...one, count: one.count! / 25 })) });
  story.run(120);
  const all = states(story);
  expect(all.length).toBe(40);
  expect(count(all, /^Running running ready=True/)).toBeGreaterThan(24);
  expect(count(all, /ErrImagePull|ImagePullBackOff/)).toBe(2);
  expect(count(all, /restarts=[1-9]/)).toBeGreaterThan(2);
});

test('a scenario of one\'s own is checked, and starts anew with a reset', () => {
  const own: Scenario = { name: 'mine', description: '', objects: [{ object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } }] };
  using story = new Story({}, [own]);
  story.ask('DELETE', `${ns}/configmaps/a`);
  story.controls.reset();
  expect(story.gone(`${ns}/configmaps/a`)).toBe(false);
  expect(() => story.controls.startScenario(own)).toThrow("Failed to start the scenario 'mine': Failed to load ConfigMap a: configmaps \"a\" already exists.");
  expect(() => story.controls.startScenario('none')).toThrow("Failed to find the scenario 'none': there is none. Known are: healthy-web-app, crash-loop,");
});
