import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runVectors } from '../../../tools/vectors/run-vectors.ts';

interface Vector { readonly object: { readonly kind?: string } }

const text = readFileSync(new URL('../../golden/vectors/validation-vectors.json', import.meta.url), 'utf8');
const vectors = JSON.parse(text) as Vector[];
test('every recorded write of another kind than Pod has the recorded outcome', () => {
  const others = vectors.filter((vector) => vector.object.kind !== 'Pod');
  const report = runVectors('validation-vectors.json', JSON.stringify(others));
  expect(report.failures).toEqual([]);
  expect(report.passed).toBe(others.length);
  expect(others.length).toBeGreaterThan(80);
});
