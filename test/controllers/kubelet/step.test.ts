import { describe, expect, test } from 'vitest';
import { step, type Step } from '../../../src/controllers/kubelet/step.ts';
import { inputsOf, now, stepCases, type State, type StepCase } from './step-states.ts';

interface Rule {
  readonly says: string;
  /** Where it applies. */
  readonly when: (one: StepCase) => boolean;
  readonly holds: (taken: Step, one: StepCase) => boolean;
}

const terminal = (phase: string | undefined) => phase === 'Succeeded' || phase === 'Failed';
const runs = (state: State | undefined) => state === 'running' || state === 'sick';
const mains = ({ a, b }: StepCase): State[] => (b ? [a, b] : [a]);
const names = (containers: readonly { readonly name: string }[]) => containers.map(({ name }) => name);
const stateOf = (one: StepCase, name: string) => one[name as 'a' | 'b' | 'init' | 'side'];
const isTrue = ({ status }: Step, type: string) => status.conditions?.find((c) => c.type === type)?.status === 'True';
/** Nothing behind the init container has an instance. */
const untouched = ({ a, b = 'none', side = 'none' }: StepCase) => a === 'none' && b === 'none' && side === 'none';
/** The exit of a container asks to restart all. */
const restartsAll = ({ a }: StepCase) => a === 'e43';
/** The Pod lives in a sandbox that is fine, and its containers one by one. */
const alive = (one: StepCase) => !terminal(one.phase) && one.sandbox === 'ready' && !one.deleted && !restartsAll(one);
const restarts = (policy: string, state: State) => state === 'none' || state === 'created' || state === 'e42' || (state === 'e0' && policy === 'Always') || (state === 'e1' && policy !== 'Never');
/** What goes before the regular containers is done. */
const initialized = ({ init, side }: StepCase) => (init === undefined || init === 'e0') && (side === undefined || runs(side));

const rules: readonly Rule[] = [
  {
    says: 'a phase that has ended stays, and the Pod is over',
    when: ({ phase }) => terminal(phase), holds: ({ status, ended }, { phase }) => status.phase === phase && ended,
  },
  { says: 'a Pod is over exactly when its phase has ended', when: () => true, holds: ({ status, ended }) => ended === terminal(status.phase) },
  {
    says: 'Succeeded means that every regular container ended with 0',
    when: ({ phase }) => !terminal(phase), holds: ({ status }, one) => status.phase !== 'Succeeded' || mains(one).every((state) => state === 'e0'),
  },
  {
    says: 'under Always no Pod ends by itself',
    when: ({ phase, policy }) => !terminal(phase) && policy === 'Always', holds: ({ ended }) => !ended,
  },
  {
    says: 'while a regular container runs, no Pod without a failed init container ends',
    when: (one) => !terminal(one.phase) && mains(one).some(runs) && one.init !== 'e1', holds: ({ ended }) => !ended,
  },
  {
    says: 'a running container is never started, unless it is killed first',
    when: () => true,
    holds: ({ actions }, one) => actions.killPod || [...names(actions.start), ...names(actions.startInit)]
      .every((name) => !runs(stateOf(one, name)) || actions.kill.some(({ container }) => container.name === name)),
  },
  { says: 'only running containers are killed', when: () => true, holds: ({ actions }) => actions.kill.every(({ instance }) => instance.state === 'running') },
  {
    says: 'in a sandbox that is fine no regular container of a deleted Pod is started',
    when: ({ deleted, sandbox }) => deleted && sandbox === 'ready', holds: ({ actions }) => actions.start.length === 0,
  },
  {
    says: 'once initialized, exactly the regular containers are started that the restart policy wants',
    when: (one) => alive(one) && initialized(one),
    holds: ({ actions }, one) => names(actions.start).join() === ['a', ...(one.b ? ['b'] : [])].filter((name) => restarts(one.policy, stateOf(one, name)!)).join(),
  },
  {
    says: 'no regular container is started before the init container has ended with 0',
    when: (one) => one.sandbox === 'ready' && untouched(one) && one.init !== undefined && one.init !== 'e0', holds: ({ actions }) => actions.start.length === 0,
  },
  {
    says: 'the first of all is the init container',
    when: (one) => alive(one) && untouched(one) && one.init === 'none',
    holds: ({ actions }) => names(actions.startInit).join() === 'init',
  },
  {
    says: 'a failed init container runs again, but under Never it fails the Pod and everything is stopped',
    when: (one) => alive(one) && untouched(one) && one.init === 'e1',
    holds: ({ actions, status }, { policy }) => (policy === 'Never'
      ? actions.killPod && status.phase === 'Failed' && actions.startInit.length === 0
      : !actions.killPod && status.phase === 'Pending' && names(actions.startInit).join() === 'init'),
  },
  {
    says: 'a sidecar that ended is started again under every restart policy, as long as a regular container runs',
    when: (one) => alive(one) && (one.side === 'e0' || one.side === 'e1') && mains(one).some(runs), holds: ({ actions }) => names(actions.startInit).includes('side'),
  },
  {
    says: 'a sidecar that failed its liveness probe is killed and started again',
    when: (one) => alive(one) && one.side === 'sick' && mains(one).some(runs),
    holds: ({ actions }) => names(actions.startInit).includes('side') && actions.kill.some(({ container, reason }) => container.name === 'side' && reason === 'livenessProbe'),
  },
  {
    says: 'a sandbox that is gone or not ready means that everything is stopped first',
    when: ({ sandbox }) => sandbox !== 'ready', holds: ({ actions }) => actions.killPod,
  },
  {
    says: 'a Pod under Never that ran once gets no second sandbox; every other one that may still run does',
    when: (one) => one.sandbox === 'notReady' && !restartsAll(one) && [...mains(one), one.init, one.side].some((state) => state !== undefined && state !== 'none'),
    holds: ({ actions }, { policy, a, b }) => actions.createSandbox === (policy !== 'Never' && !(policy === 'OnFailure' && a === 'e0' && (b ?? 'e0') === 'e0')),
  },
  {
    says: 'an exit that restarts all containers removes every instance, the one that asked last, and starts nothing yet',
    when: (one) => restartsAll(one) && !terminal(one.phase) && one.sandbox === 'ready' && one.init !== 'e1',
    holds: (taken, { b, init, side }) => isTrue(taken, 'AllContainersRestarting') && [...taken.actions.start, ...taken.actions.startInit].length === 0
      && taken.actions.remove.map(({ instance }) => instance.id).toSorted().join() === Object.entries({ a: 'e43', b, init, side }).filter(([, state]) => (state ?? 'none') !== 'none').map(([name]) => name).toSorted().join()
      && taken.actions.remove.at(-1)?.instance.id === 'a',
  },
  {
    says: 'a Pod is ready exactly when it has not ended and all its regular containers and sidecars run',
    when: () => true,
    holds: (taken, one) => isTrue(taken, 'Ready') === (!taken.ended && mains(one).every(runs) && (one.side === undefined || runs(one.side)))
      && isTrue(taken, 'Ready') === isTrue(taken, 'ContainersReady'),
  },
  {
    says: 'every container of the spec has a status, with the restart count of its instance',
    when: () => true,
    holds: ({ status }, one) => names(status.containerStatuses ?? []).join() === (one.b ? 'a,b' : 'a')
      && names(status.initContainerStatuses ?? []).join() === [...(one.init ? ['init'] : []), ...(one.side ? ['side'] : [])].join()
      && [...status.containerStatuses ?? [], ...status.initContainerStatuses ?? []].every(({ restartCount }) => restartCount === 0),
  },
];

const broken = new Map<string, StepCase[]>();
const applied = new Map<string, number>();
let size = 0;
let differing = 0;
for (const one of stepCases()) {
  size++;
  const { pod, view, memory } = inputsOf(one);
  const taken = step(pod, view, memory, now);
  // The inputs are frozen: nothing that a step leaves in them could make the second one another one.
  if (size % 10 === 0 && JSON.stringify(step(pod, view, memory, now)) !== JSON.stringify(taken)) differing++;
  for (const { says, when, holds } of rules) {
    if (!when(one)) continue;
    applied.set(says, (applied.get(says) ?? 0) + 1);
    if (!holds(taken, one)) broken.set(says, [...broken.get(says) ?? [], one].slice(0, 3));
  }
}

describe(`over all ${size.toLocaleString('en')} steps of small Pods`, () => {
  test('phase, restart policy, exit codes, deletion, sandbox, init container and sidecar make 63,240 of them', () => {
    expect(size).toBe(63_240);
  });

  test('the same inputs give the same step and stay as they are', () => {
    expect(differing).toBe(0);
  });

  test.each(rules)('$says', ({ says }) => {
    expect(broken.get(says) ?? []).toEqual([]);
    expect(applied.get(says)).toBeGreaterThan(10);
  });
});
