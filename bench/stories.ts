/** The operators' stories of test/stories, one after another: how many are told in 50 ms of wall time. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from './figure.ts';

const storyMsMax = 50;
const rounds = 3;

interface Report { readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly duration: number }[] }[] }

export async function benchStories(): Promise<Figure[]> {
  const fastest = new Map<string, number>();
  for (let i = 0; i < rounds; i++) {
    for (const { title, duration } of tellOnce()) fastest.set(title, Math.min(duration, fastest.get(title) ?? Infinity));
  }
  const slow = [...fastest].filter(([, ms]) => ms > storyMsMax);
  return [{ what: `stories of operators in ${storyMsMax} ms each`, measured: `${fastest.size - slow.length} of ${fastest.size}`, target: '>= 30' },
    ...slow.sort(([, a], [, b]) => b - a).map(([title, ms]) => ({ what: `  slower: ${title}`, measured: `${ms.toFixed(0)} ms`, target: '' }))];
}

function tellOnce() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-stories-'));
  const file = path.join(folder, 'report.json');
  execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/stories', '--no-file-parallelism', '--reporter=json', `--outputFile=${file}`], { stdio: 'ignore' });
  const { testResults } = JSON.parse(fs.readFileSync(file, 'utf8')) as Report;
  fs.rmSync(folder, { recursive: true });
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}
