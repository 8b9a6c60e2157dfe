import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from '../../src/lib/heap.ts';
import { copy, deepFreeze, equal } from '../../src/lib/json.ts';
import { Prng } from '../../src/lib/prng.ts';
import { SortedKeys } from '../../src/lib/sorted-keys.ts';

test('a heap gives its items in order', () => {
  fc.assert(fc.property(fc.array(fc.integer()), (numbers) => {
    const heap = new Heap<number>((a, b) => a < b);
    for (const n of numbers) heap.push(n);
    const taken = numbers.map(() => heap.pop());
    expect(taken).toEqual(numbers.toSorted((a, b) => a - b));
    expect(heap.pop()).toBeUndefined();
  }));
});

test('sorted keys equal a sorted array, whatever is added and deleted', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 2000 }), fc.nat(3000), (commands, from) => {
    const keys = new SortedKeys();
    const model = new Set<string>();
    for (const [add, n] of commands) {
      const key = `k${n}`;
      expect(add ? keys.add(key) : keys.delete(key)).toBe(add ? !model.has(key) : model.has(key));
      if (add) model.add(key);
      else model.delete(key);
    }
    expect([...keys.from(`k${from}`)]).toEqual([...model].filter((key) => key >= `k${from}`).toSorted());
    expect(keys.size).toBe(model.size);
  }), { numRuns: 30 });
});

test('sorted keys split their chunks', () => {
  const keys = new SortedKeys();
  const names = Array.from({ length: 5000 }, (_, i) => `k${(i * 7919) % 5000}`);
  for (const name of names) keys.add(name);
  expect([...keys.from('')]).toEqual(names.toSorted());
});

test('equal ignores the order of members, copy is deep and equal', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const other = copy(value);
    expect(equal(other, value)).toBe(true);
    deepFreeze(value);
    expect(equal(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(other)))).toBe(true);
  }));
  expect(equal({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(equal({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(equal([], {})).toBe(false);
});

test('the same seed and name give the same stream, other names another', () => {
  const draw = (seed: number, name: string) => Array.from({ length: 5 }, ((stream) => () => stream.uint32())(new Prng(seed).stream(name)));
  expect(draw(1, 'uid')).toEqual(draw(1, 'uid'));
  expect(draw(1, 'uid')).not.toEqual(draw(1, 'ip'));
  expect(draw(1, 'uid')).not.toEqual(draw(2, 'uid'));
  expect(new Prng(3).uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
