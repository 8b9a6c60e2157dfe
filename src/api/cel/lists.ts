/** Lists, and lists as sets, in rules (cel-go's ext/lists.go and ext/sets.go). */
import { celEqual, list, noOverload, number, order, type CelFunction } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';

function slice(of: readonly unknown[], start: number, end: number): unknown[] {
  const fail = (why: string): never => {
    throw new EvaluationError(`cannot slice(${start}, ${end}), ${why}`);
  };
  if (start < 0 || end < 0) fail('negative indexes not supported');
  if (start > end) fail('start index must be less than or equal to end index');
  if (end > of.length) fail(`list is length ${of.length}`);
  return of.slice(start, end);
}

function flatten(of: readonly unknown[], depth: number): unknown[] {
  if (depth < 0) throw new EvaluationError('level must be non-negative');
  return of.flat(depth) as unknown[];
}

const compare = (a: unknown, b: unknown): number => {
  if (typeof a === 'object') return order(a, b);
  return typeof a === typeof b ? Number(a! > b!) - Number(a! < b!) : noOverload();
};

/** The items in the order of their keys. */
export function sortedBy(items: readonly unknown[], keys: readonly unknown[]): unknown[] {
  return keys.map((_, i) => i).sort((a, b) => compare(keys[a], keys[b])).map((i) => items[i]);
}

const includes = (of: readonly unknown[], item: unknown): boolean => of.some((one) => celEqual(one, item));
const containsAll = (of: unknown, items: unknown): boolean => list(items).every((item) => includes(list(of), item));

export const listFunctions: Readonly<Record<string, CelFunction>> = {
  slice: (of, start, end) => slice(list(of), number(start), number(end)),
  flatten: (of, depth = 1) => flatten(list(of), number(depth)),
  distinct: (of) => list(of).filter((item, i, all) => !includes(all.slice(0, i), item)),
  reverse: (of) => list(of).toReversed(),
  sort: (of) => sortedBy(list(of), list(of)),
  'lists.range': (count) => Array.from({ length: Math.max(0, number(count)) }, (_, i) => i),
  'sets.contains': containsAll,
  'sets.equivalent': (a, b) => containsAll(a, b) && containsAll(b, a),
  'sets.intersects': (a, b) => list(a).some((item) => includes(list(b), item)),
};
