import { describe, expect, test } from 'vitest';
import { mergedStatus, withTransitionTimes } from '../../../src/controllers/kubelet/status-merge.ts';
import { statusPatch } from '../../../src/controllers/kubelet/status-patch.ts';
import type { PodCondition, PodStatus } from '../../../src/schema/core/v1.ts';
import { makePod } from './pods.ts';

const condition = (type: string, status: string, more: Partial<PodCondition> = {}): PodCondition =>
  ({ type, status, lastProbeTime: null as unknown as string, lastTransitionTime: '2026-01-01T00:00:00Z', ...more });

describe('the patch from one status to another', () => {
  test('is nothing when they are equal', () => {
    expect(statusPatch('u', { phase: 'Running' }, { phase: 'Running' })).toBeUndefined();
  });

  test('names the Pod by its uid, and only what differs', () => {
    const from: PodStatus = { phase: 'Pending', reason: 'x', conditions: [condition('Ready', 'False'), condition('Mine', 'True')] };
    const to: PodStatus = { phase: 'Running', conditions: [condition('Ready', 'True'), condition('New', 'True')] };
    expect(statusPatch('u', from, to)).toEqual({
      metadata: { uid: 'u' },
      status: {
        phase: 'Running', reason: null,
        '$setElementOrder/conditions': [{ type: 'Ready' }, { type: 'New' }],
        conditions: [{ type: 'Ready', status: 'True' }, condition('New', 'True'), { $patch: 'delete', type: 'Mine' }],
      },
    });
  });

  test('replaces lists of containers as a whole', () => {
    const one = { name: 'a', state: {}, lastState: {}, ready: false, restartCount: 0, image: '', imageID: '' };
    const from: PodStatus = { containerStatuses: [one, { ...one, name: 'b' }] };
    const to: PodStatus = { containerStatuses: [{ ...one, ready: true }, { ...one, name: 'b' }] };
    expect(statusPatch('u', from, to)).toEqual({ metadata: { uid: 'u' }, status: to });
  });
});

describe('a status merged with that of the API', () => {
  const next: PodStatus = { phase: 'Failed', reason: 'Evicted', conditions: [condition('DisruptionTarget', 'True'), condition('Ready', 'False')] };

  test('keeps the conditions of others, first and in their order', () => {
    const pod = makePod({ status: { phase: 'Running', conditions: [condition('Ready', 'True'), condition('b', 'True'), condition('a', 'True')] } });
    expect(mergedStatus(pod, { phase: 'Running', conditions: [condition('Ready', 'False')] }, true).conditions)
      .toEqual([condition('b', 'True'), condition('a', 'True'), condition('Ready', 'False')]);
  });

  test('holds the end and its cause back while containers may run', () => {
    const pod = makePod({ status: { phase: 'Running' } });
    expect(mergedStatus(pod, next, true)).toEqual({ phase: 'Running', conditions: [condition('Ready', 'False')] });
    expect(mergedStatus(pod, next, false)).toEqual(next);
  });

  test('takes readiness back from a Pod that has ended', () => {
    const pod = makePod({ status: { phase: 'Running' } });
    const merged = mergedStatus(pod, { phase: 'Succeeded', conditions: [condition('Ready', 'True'), condition('ContainersReady', 'True')] }, false);
    expect(merged.conditions!.map(({ type, status, reason }) => [type, status, reason]))
      .toEqual([['Ready', 'False', 'PodCompleted'], ['ContainersReady', 'False', 'PodCompleted']]);
  });
});

test('a transition time changes with the status of a condition and with nothing else', () => {
  const old: PodStatus = { conditions: [condition('Ready', 'False', { reason: 'A' }), condition('Initialized', 'False')] };
  const next: PodStatus = { conditions: [condition('Ready', 'False', { reason: 'B' }), condition('Initialized', 'True')] };
  expect(withTransitionTimes(next, old, 'now').map((c) => c.lastTransitionTime)).toEqual(['2026-01-01T00:00:00Z', 'now']);
});
