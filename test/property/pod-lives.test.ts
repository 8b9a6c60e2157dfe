/** Random Pods on a whole cluster: a short run of what `npm run sim` does with thousands of seeds. */
import { expect, test } from 'vitest';
import { PodLife } from './pod-life.ts';

test('random lives break no rule and leave nothing behind', () => {
  for (const seed of [1, 2, 3]) {
    const life = new PodLife(seed);
    life.run();
    expect({ seed, broken: life.broken }).toEqual({ seed, broken: [] });
    expect(life.podCount, `Pods of seed ${seed}`).toBeGreaterThan(1);
  }
}, 30_000);

test('a seed lives the same life twice', () => {
  expect(new PodLife(4).run()).toBe(new PodLife(4).run());
}, 30_000);
