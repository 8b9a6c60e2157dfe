import { expect, test } from 'vitest';
import { ManualClock } from '../../../src/clock/manual-clock.ts';
import { Backoff } from '../../../src/controllers/kubelet/backoff.ts';

const second = 1000;
const make = () => {
  const clock = new ManualClock({ startMs: 0, timersPerMoveMax: 10 });
  return { clock, backoff: new Backoff(clock, 10 * second, 300 * second) };
};

test('doubles from 10 s to 300 s', () => {
  const { clock, backoff } = make();
  const delays: number[] = [];
  for (let i = 0; i < 8; i++) {
    backoff.next('k', clock.now());
    delays.push(backoff.get('k') / second);
    clock.advance(backoff.get('k'));
  }
  expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
});

test('is measured from the end of the last run', () => {
  const { clock, backoff } = make();
  backoff.next('k', clock.now());
  clock.advance(30 * second);
  expect(backoff.activeSince('k', 21 * second)).toBe(true);
  expect(backoff.activeSince('k', 20 * second)).toBe(false);
  expect(backoff.activeSince('other', 30 * second)).toBe(false);
});

test('is forgotten after a run of more than twice the maximum', () => {
  const { clock, backoff } = make();
  backoff.next('k', 0);
  backoff.next('k', 0);
  clock.advance(601 * second);
  expect(backoff.activeSince('k', clock.now())).toBe(false);
  backoff.next('k', clock.now());
  expect(backoff.get('k')).toBe(10 * second);
});

test('forgets all keys of a Pod at once', () => {
  const { backoff } = make();
  backoff.next('uid_a', 0);
  backoff.next('uid_b', 0);
  backoff.next('other_a', 0);
  backoff.forget('uid');
  expect(['uid_a', 'uid_b', 'other_a'].map((key) => backoff.get(key))).toEqual([0, 0, 10 * second]);
});
