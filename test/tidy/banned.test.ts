/** Time, randomness and ids come in by constructor: the host's own are out of reach below the server. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { isGenerated, sourceFiles } from './source-files.ts';

const banned: readonly [name: string, pattern: RegExp][] = [
  ['Date.now', /\bDate\.now\(/], ['new Date()', /\bnew Date\(\)/], ['timers', /\bset(?:Timeout|Interval|Immediate)\(/],
  ['performance.now', /\bperformance\.now\(/], ['Math.random', /\bMath\.random\(/], ['randomUUID', /\brandom(?:UUID|Bytes)\(/],
  ['child processes', /node:child_process/], ['the file system', /node:fs\b/], ['the network', /node:(?:net|dgram|dns)\b/],
  ['queueMicrotask', /\bqueueMicrotask\(/],
];
/** Rows that are synchronous and deterministic. */
const rows = ['src/lib', 'src/schema', 'src/store', 'src/api', 'src/programs', 'src/runtime', 'src/controllers'];

test('no banned call below the cluster', () => {
  const found = sourceFiles(...rows).flatMap((file) => {
    const text = fs.readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return isGenerated(text) ? [] : banned.filter(([, pattern]) => pattern.test(text)).map(([name]) => `${file} uses ${name}`);
  });
  expect(found).toEqual([]);
});

test('no promises below the cluster', () => {
  const found = sourceFiles(...rows).filter((file) => /\basync\b|\bawait\b|\bPromise\b/.test(
    fs.readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll(/'[^'\n]*'|`[^`]*`/g, "''")));
  expect(found).toEqual([]);
});

test('no type escapes', () => {
  const found = sourceFiles('src', 'routes').filter((file) => /(?::|<|as) any\b|@ts-ignore|@ts-expect-error/.test(fs.readFileSync(file, 'utf8')));
  expect(found).toEqual([]);
});
