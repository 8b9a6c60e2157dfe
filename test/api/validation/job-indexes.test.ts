import { expect, test } from 'vitest';
import { parseIndexes } from '../../../src/api/validation/job-indexes.ts';

test('indexes are counted', () => {
  expect([parseIndexes('', 5), parseIndexes('0', 5), parseIndexes('0,2-4', 5)]).toEqual([0, 1, 4]);
});

test('text that names no indexes in order is refused with the reason', () => {
  expect(parseIndexes('5', 5)).toBe('too large index: "5"');
  expect(parseIndexes('a', 5)).toBe('cannot convert string to integer for index: "a"');
  expect(parseIndexes('3,1', 5)).toBe('non-increasing order, previous: 3, current: 1');
  expect(parseIndexes('2-1', 5)).toBe('non-increasing order, previous: 2, current: 1');
  expect(parseIndexes('1-2-3', 5))
    .toBe('the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'');
});
