import { expect, test } from 'vitest';
import { ManualClock } from '../../src/clock/manual-clock.ts';
import { SwitchableClock } from '../../src/clock/switchable-clock.ts';

const manual = (timersPerMoveMax = 1000) => new ManualClock({ startMs: 0, timersPerMoveMax });

test('timers run at their own time, ties in the order in which they were set', () => {
  const clock = manual();
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
  clock.after(20, 'b', note('b'));
  clock.after(10, 'a', note('a'));
  clock.after(20, 'c', note('c'));
  expect(clock.advance(20)).toEqual({ timers: 3, now: 20 });
  expect(ran).toEqual(['a@10', 'b@20', 'c@20']);
});

test('a timer set by a timer runs in the same move when it is due', () => {
  const clock = manual();
  const times: number[] = [];
  clock.after(5, 'first', () => clock.after(5, 'second', () => times.push(clock.now())));
  clock.advance(100);
  expect({ times, now: clock.now() }).toEqual({ times: [10], now: 100 });
});

test('a cancelled timer never runs and is not counted', () => {
  const clock = manual();
  let ran = 0;
  const timers = Array.from({ length: 200 }, () => clock.after(1, 'x', () => ran++));
  for (const timer of timers.slice(1)) clock.cancel(timer);
  expect(clock.pending().count).toBe(1);
  clock.advance(1);
  clock.cancel(timers[0]!);
  expect({ ran, count: clock.pending().count }).toEqual({ ran: 1, count: 0 });
});

test('runUntilIdle stops after the instant at which the condition holds', () => {
  const clock = manual();
  let ran = 0;
  for (const at of [10, 10, 20]) clock.after(at, 'x', () => ran++);
  expect(clock.runUntilIdle(1000, () => ran > 0)).toEqual({ timers: 2, now: 10 });
  expect(clock.runUntilIdle(1000)).toEqual({ timers: 1, now: 20 });
});

test('a move that never ends names the most frequent timer', () => {
  const clock = manual(100);
  const again = () => void clock.after(0, 'kubelet probe default/web', again);
  again();
  expect(() => clock.advance(1)).toThrow('Failed to advance the clock: 100 timers fired in one call (limit timersPerMoveMax). '
    + "100% of the last ones were 'kubelet probe default/web'. Raise the limit or advance in smaller steps.");
});

test('timers that keep the clock at one instant are stopped, and the culprit is named', () => {
  const clock = new ManualClock({ startMs: 0, timersPerMoveMax: 1_000_000, timersPerInstantMax: 100 });
  for (let i = 0; i < 500; i++) clock.after(i, 'many instants', () => undefined);
  expect(clock.advance(1000).timers).toBe(500);
  clock.after(50, 'kubelet sync default/web', () => {});
  const again = () => void clock.after(0, 'scenario loop', again);
  clock.after(50, 'scenario', again);
  expect(() => clock.advance(1000)).toThrow('Failed to move the clock: it stands at 1970-01-01T00:00:01.050Z, where 100 timers fired (limit timersPerInstantMax). '
    + "100% of the last ones were 'scenario loop'. Stop what sets it again for the same instant.");
});

test('the past is refused', () => {
  const clock = manual();
  clock.advance(1000);
  expect(() => clock.advanceTo(500)).toThrow('Failed to move the clock: 1970-01-01T00:00:00.500Z has passed, it is 1970-01-01T00:00:01.000Z. Give a later time.');
});

test('a clock that follows the host runs its timers by itself and cannot be moved', async () => {
  const clock = new SwitchableClock({ startMs: 5_000, timersPerMoveMax: 1000 });
  clock.follow(100);
  const ranAt = await new Promise<number>((resolve) => { clock.after(1000, 'soon', () => resolve(clock.now())); });
  expect(ranAt).toBeGreaterThanOrEqual(6_000);
  expect(() => clock.advance(1)).toThrow('Failed to move the clock: it follows the host.');
  clock.hold();
  const held = clock.now();
  expect(clock.advance(1).now).toBe(held + 1);
  clock.stop();
});

test('pending timers survive a change from standing to following', async () => {
  const clock = new SwitchableClock({ startMs: 0, timersPerMoveMax: 1000 });
  const ran = new Promise<string>((resolve) => { clock.after(500, 'later', () => resolve('ran')); });
  clock.follow(1000);
  expect(await ran).toBe('ran');
  clock.stop();
});
