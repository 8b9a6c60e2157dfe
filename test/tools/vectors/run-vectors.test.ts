import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { runVectors } from '../../../tools/vectors/run-vectors.ts';

const folder = new URL('../../golden/vectors/', import.meta.url);

test.each([
  ['quantity', 194], ['time', 62], ['duration', 94], ['labelselector', 110], ['fieldselector', 63], ['name', 144], ['printers', 86],
])('all vectors of %s pass', (name, count) => {
  const file = `${name}-vectors.json`;
  expect(runVectors(file, readFileSync(new URL(file, folder), 'utf8'))).toEqual({ name: file, passed: count, failures: [] });
});

describe('runVectors', () => {
  it('fails a file that it does not know under the name of the file', () => {
    expect(runVectors('weather-vectors.json', '[]')).toEqual({
      name: 'weather-vectors.json', passed: 0,
      failures: [{ id: 'weather-vectors.json', expected: 'a known file', got: 'no adapter for this file' }],
    });
  });

  it('fails a case whose operation it does not know, and says which', () => {
    const { passed, failures } = runVectors('quantity-vectors.json', '[{"id":"q","op":"halve"}]');
    expect(passed).toBe(0);
    expect(failures).toMatchObject([{ id: 'q', expected: 'an answer' }]);
    expect(failures[0]!.got).toContain('unknown operation "halve"');
  });

  it('reports what was expected beside what came out', () => {
    expect(runVectors('name-vectors.json', '[{"id":"n","rule":"dns1123Label","in":"a","errors":["no"]}]').failures)
      .toEqual([{ id: 'n', expected: ['no'], got: [] }]);
  });
});
