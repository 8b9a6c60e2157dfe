/** Runs the cases of one file of vectors and compares. `adapters.ts` says which function answers for which file. */
import { equal } from '../../src/lib/json.ts';
import { adapters } from './adapters.ts';
import type { Vector } from './vector.ts';

export interface Failure {
  readonly id: string;
  readonly title?: string;
  readonly expected: unknown;
  readonly got: unknown;
}

export interface FileReport {
  readonly name: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** Runs a file's text: a JSON list with one case on each line. */
export function runVectors(name: string, text: string): FileReport {
  const adapter = adapters[name.replace(/-vectors\.json$/, '')];
  if (!adapter) return { name, passed: 0, failures: [{ id: name, expected: 'a known file', got: 'no adapter for this file' }] };
  const failures: Failure[] = [];
  const cases = casesOf(text);
  for (const [vector, source] of cases) {
    const failure = check(() => adapter(vector, source), vector);
    if (failure) failures.push(failure);
  }
  return { name, passed: cases.length - failures.length, failures };
}

function check(run: () => { expected: unknown; got: unknown }, { id, title }: Vector): Failure | undefined {
  const about = { id, ...(typeof title === 'string' && { title }) };
  try {
    const { expected, got } = run();
    return equal(expected, plain(got)) ? undefined : { ...about, expected, got };
  } catch (error) {
    return { ...about, expected: 'an answer', got: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

/** Cases with their source: some vectors differ only in how a number is written. */
function casesOf(text: string): [vector: Vector, source: string][] {
  const vectors = JSON.parse(text) as Vector[];
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return vectors.map((vector, i) => [vector, lines.length === vectors.length ? lines[i]! : JSON.stringify(vector)]);
}

/** A value as JSON would carry it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}
