import { describe, expect, test } from 'vitest';
import { mergedStatus, withTransitionTimes } from '../../../src/controllers/kubelet/status-merge.ts';
import type { PodCondition, PodStatus } from '../../../src/schema/core/v1.ts';
import { makePod } from './pods.ts';

const condition = (type: string, status: string, more: Partial<PodCondition> = {}): PodCondition =>
  ({ type, status, lastProbeTime: null as unknown as string, lastTransitionTime: '2026-01-01T00:00:00Z', ...more });

const now = '2026-01-01T00:01:00Z';

describe('a status merged with that of the API', () => {
  const next: PodStatus = { phase: 'Failed', reason: 'Evicted', conditions: [condition('DisruptionTarget', 'True'), condition('Ready', 'False')] };

  test('keeps the conditions of others, first and in their order', () => {
    const pod = makePod({ status: { phase: 'Running', conditions: [condition('Ready', 'True'), condition('b', 'True'), condition('a', 'True')] } });
    expect(mergedStatus(pod, { phase: 'Running', conditions: [condition('Ready', 'False')] }, true, now).conditions)
      .toEqual([condition('b', 'True'), condition('a', 'True'), condition('Ready', 'False')]);
  });

  test('holds the end and its cause back while containers may run', () => {
    const pod = makePod({ status: { phase: 'Running' } });
    expect(mergedStatus(pod, next, true, now)).toEqual({ phase: 'Running', conditions: [condition('Ready', 'False')] });
    expect(mergedStatus(pod, next, false, now)).toEqual({
      ...next, conditions: [condition('DisruptionTarget', 'True', { lastTransitionTime: now }), condition('Ready', 'False')],
    });
  });

  test('keeps the transition time of a disruption that somebody else wrote before', () => {
    const before = condition('DisruptionTarget', 'True', { lastTransitionTime: '2025-12-31T23:00:00Z' });
    const pod = makePod({ status: { phase: 'Running', conditions: [before] } });
    expect(mergedStatus(pod, next, false, now).conditions).toEqual([before, condition('Ready', 'False')]);
  });

  test('takes readiness back from a Pod that has ended', () => {
    const pod = makePod({ status: { phase: 'Running' } });
    const merged = mergedStatus(pod, { phase: 'Succeeded', conditions: [condition('Ready', 'True'), condition('ContainersReady', 'True')] }, false, now);
    expect(merged.conditions!.map(({ type, status, reason }) => [type, status, reason]))
      .toEqual([['Ready', 'False', 'PodCompleted'], ['ContainersReady', 'False', 'PodCompleted']]);
  });
});

test('a transition time changes with the status of a condition and with nothing else', () => {
  const old: PodStatus = { conditions: [condition('Ready', 'False', { reason: 'A' }), condition('Initialized', 'False')] };
  const next: PodStatus = { conditions: [condition('Ready', 'False', { reason: 'B' }), condition('Initialized', 'True')] };
  expect(withTransitionTimes(next, old, 'now').map((c) => c.lastTransitionTime)).toEqual(['2026-01-01T00:00:00Z', 'now']);
});
