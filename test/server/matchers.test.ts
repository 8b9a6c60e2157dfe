/** The matchers for expect: what holds, and failures that print what happened. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { object, pod, startKube, type Kube } from 'fakelet';
import 'fakelet/vitest';

const kube: Kube = await startKube();
beforeEach(() => kube.reset());
afterAll(() => kube.close());

const run = (name: string, ...command: string[]) => kube.pods.create({ metadata: { name }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command }] } });

/** What a failing assertion says. */
function said(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('a Pod that runs', async () => {
  await run('web', 'sleep', '3600');
  await kube.clock.advance('1s');
  expect(kube).toHaveObject('web');
  expect(kube).toBeReady('web');
  expect(kube).toHavePhase('default/web', 'Running');
  expect(kube).toHaveCondition(pod('web'), 'PodScheduled');
  expect(kube).toHaveEvents('web', ['Scheduled', 'Started']);
  expect(kube).not.toHaveRestarted('web');
  expect(kube).not.toHaveObject(object('deployments.apps', 'web'));
});

test('a Pod that crashes', async () => {
  await run('crash', 'sh', '-c', 'exit 3');
  await kube.clock.advance('1m');
  expect(kube).toHaveRestarted('crash');
  expect(kube).toHaveRestarted('crash', 3);
  expect(kube).not.toBeReady('crash');
  expect(kube).toHaveCondition('crash', 'Ready', 'False');
  expect(kube).toHaveEvents('crash', [{ reason: 'Started', count: 3 }, { reason: 'BackOff', type: 'Warning', message: /^Back-off restarting failed container/ }]);
  expect(kube).not.toHaveEvents('crash', ['BackOff', 'Started']);
});

test('a failure says what is there instead, and what happened to that Pod alone', async () => {
  await run('crash', 'sh', '-c', 'exit 3');
  await run('crash-2', 'sleep', '60');
  await kube.clock.advance('5s');
  const message = said(() => expect(kube).toBeReady('crash'));
  expect(message.split('\n').slice(0, 3)).toEqual([
    'Expected pods default/crash to be ready. It has Ready=False (ContainersNotReady: containers with unready status: [app]).', '', 'What happened to pods default/crash:',
  ]);
  expect(message).toContain('Warning BackOff: Back-off restarting failed container');
  expect(message).not.toContain('crash-2');
});

test.each([
  [() => expect(kube).toHavePhase('web', 'Failed'), 'Expected pods default/web to have the phase Failed. It has Running.'],
  [() => expect(kube).not.toBeReady('web'), 'Expected pods default/web not to be ready. It has Ready=True.'],
  [() => expect(kube).toHaveRestarted('web', 2), 'Expected pods default/web to have restarted 2 times. It has restarted 0 times.'],
  [() => expect(kube).toHaveCondition('web', 'Odd'), 'Expected pods default/web to have the condition Odd=True. It has no condition Odd.'],
  [() => expect(kube).toBeReady('prod/web'), 'Expected pods prod/web to be ready. There is none.'],
  [() => expect(kube).toHaveObject(pod('gone')), 'Expected pods default/gone to exist. There is none.'],
  [() => expect(kube).toHaveEvents('web', ['Pulled', 'Killing']), 'Expected pods default/web to have the events Pulled, Killing. Killing is missing among Scheduled, Pulled, Created, Started.'],
  [() => expect(kube).toHaveEvents('gone', [{ reason: 'BackOff', type: 'Warning', count: 2 }]), 'Expected pods default/gone to have the events Warning BackOff ×2. Warning BackOff ×2 is missing among no events at all.'],
  [() => expect({}).toBeReady('web'), 'Failed to look at the cluster: this is none. Pass what startKube() gave: expect(kube).'],
])('failure %#', async (assertion, line) => {
  await run('web', 'sleep', '3600');
  await kube.clock.advance('1s');
  expect(said(assertion).split('\n')[0]).toBe(line);
});
