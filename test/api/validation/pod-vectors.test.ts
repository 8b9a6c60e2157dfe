import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runVectors } from '../../../tools/vectors/run-vectors.ts';

const text = readFileSync(new URL('../../golden/vectors/validation-vectors.json', import.meta.url), 'utf8');
const podVectors = (JSON.parse(text) as { object: { kind?: string } }[]).filter(({ object }) => object.kind === 'Pod');

test('every recorded write of a Pod has the recorded outcome', () => {
  const report = runVectors('validation-vectors.json', JSON.stringify(podVectors));
  expect(report.failures).toEqual([]);
  expect(report.passed).toBe(134);
});
