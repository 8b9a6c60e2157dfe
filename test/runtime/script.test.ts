import { expect, test } from 'vitest';
import { overLimitAt, valueAt } from '../../src/runtime/script.ts';

const step = (value: string, forMs = Infinity) => ({ value, forMs });

test.each([
  [[step('a')], [0, 1e9], ['a', 'a']],
  [[step('a', 10), step('b')], [0, 9, 10, 1e9], ['a', 'a', 'b', 'b']],
  [[step('a', 10), step('b', 5)], [0, 9, 10, 14, 15, 24, 25, 30], ['a', 'a', 'b', 'b', 'a', 'a', 'b', 'a']],
  [[], [0], [undefined]],
])('%j at %j is %j', (timeline, times, expected) => {
  expect(times.map((ms) => valueAt(timeline, ms))).toEqual(expected);
});

test('memory goes over its limit when a step does', () => {
  const usage = [10, 20, 30].map((memoryBytes) => ({ value: { cpuNanoCores: 0, memoryBytes }, forMs: 1000 }));
  expect([5, 10, 25, 30].map((limit) => overLimitAt(usage, limit))).toEqual([0, 1000, 2000, undefined]);
  expect([0, 500, 2500, 3500, 9000].map((fromMs) => overLimitAt(usage, 15, fromMs))).toEqual([1000, 1000, 2500, 4000, 10_000]);
});
