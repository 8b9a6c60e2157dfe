import { describe, expect, test } from 'vitest';
import { allContainersRestarting, containersReady, initialized, podReady, readinessOutdated } from '../../../src/controllers/kubelet/conditions.ts';
import { emptyView } from '../../../src/controllers/kubelet/pod-view.ts';
import { containerStatus, makePod } from './pods.ts';

const ready = { ready: true, started: true };

describe('ContainersReady', () => {
  const pod = makePod({ inits: [{ name: 's', restartPolicy: 'Always' }, { name: 'i' }], mains: [{ name: 'b' }, { name: 'a' }] });

  test('lists sidecars first, then containers in the order of the spec, and no plain init containers', () => {
    const statuses = [containerStatus('a', 'w'), containerStatus('b', 'w'), containerStatus('s', 'w'), containerStatus('i', 'w')];
    expect(containersReady(pod, statuses, 'Pending')).toEqual({
      status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [s b a]',
    });
  });

  test('names the containers that nobody knows anything of', () => {
    expect(containersReady(pod, [containerStatus('a', 'r', ready)], 'Pending')).toEqual({
      status: 'False', reason: 'ContainersNotReady', message: 'containers with unknown status: [s b]',
    });
  });

  test('is True without a reason when all are ready', () => {
    expect(containersReady(pod, ['a', 'b', 's'].map((name) => containerStatus(name, 'r', ready)), 'Running')).toEqual({ status: 'True' });
  });

  test.each([['Succeeded', 'PodCompleted'], ['Failed', 'PodFailed']])('of a Pod that is %s is False with %s and no message', (phase, reason) => {
    const statuses = ['a', 'b', 's'].map((name) => containerStatus(name, 'r', ready));
    expect(containersReady(pod, statuses, phase)).toEqual({ status: 'False', reason });
  });
});

describe('Ready', () => {
  const pod = makePod({ gates: ['x/one', 'x/two'] });
  const statuses = [containerStatus('a', 'r', ready)];
  const gate = (type: string, status: string) => ({ type, status, lastProbeTime: '', lastTransitionTime: '' });

  test('names every readiness gate that is missing or not True', () => {
    expect(podReady(pod, statuses, 'Running', [gate('x/two', 'Unknown')])).toEqual({
      status: 'False', reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "x/one" does not exist., '
        + 'the status of pod readiness gate "x/two" is not "True", but Unknown',
    });
  });

  test('is True when all gates are', () => {
    expect(podReady(pod, statuses, 'Running', [gate('x/one', 'True'), gate('x/two', 'True')])).toEqual({ status: 'True' });
  });

  test('is outdated when somebody sets a gate', () => {
    const status = { phase: 'Running', containerStatuses: statuses, conditions: [gate('Ready', 'False'), gate('x/one', 'True'), gate('x/two', 'True')] };
    expect(readinessOutdated(makePod({ gates: ['x/one', 'x/two'], status }))).toBe(true);
    expect(readinessOutdated(makePod({ status }))).toBe(false);
  });
});

describe('Initialized', () => {
  const pod = makePod({ inits: [{ name: 's', restartPolicy: 'Always' }, { name: 'i' }] });

  test('waits for sidecars to start and init containers to end', () => {
    expect(initialized(pod, [containerStatus('s', 'r'), containerStatus('i', 'r'), containerStatus('a', 'w')], 'Pending', {})).toEqual({
      status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status: [s i]',
    });
    const done = [containerStatus('s', 'r', { started: true }), containerStatus('i', 't0', { ready: true }), containerStatus('a', 'w')];
    expect(initialized(pod, done, 'Pending', {})).toEqual({ status: 'True' });
  });

  test('stays True once it was, even while init containers run again', () => {
    const old = { conditions: [{ type: 'Initialized', status: 'True', lastProbeTime: '', lastTransitionTime: '' }] };
    expect(initialized(pod, [containerStatus('s', 'w'), containerStatus('i', 'w')], 'Pending', old)).toEqual({ status: 'True' });
  });

  test('says PodCompleted at a good end', () => {
    expect(initialized(makePod({}), [containerStatus('a', 't0')], 'Succeeded', {})).toEqual({ status: 'True', reason: 'PodCompleted' });
  });
});

test('AllContainersRestarting is False again when all instances are gone', () => {
  const rule = { action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [7] } };
  const pod = makePod({ mains: [{ name: 'a', restartPolicy: 'Never', restartPolicyRules: [rule] }] });
  const old = { containerStatuses: [containerStatus('a', 't7')] };
  expect(allContainersRestarting(pod, emptyView, old, 'Running')).toEqual({ status: 'False' });
});
