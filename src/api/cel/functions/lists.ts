/** Lists, and lists as sets (apiserver's library/lists.go, cel-go's ext/lists.go and ext/sets.go). */
import { compare, count, fail, items } from '../arguments.ts';
import { fixed, greatest, itemByItem, listCost, perCharacter, product, scaled, sum, unbounded, type Cost, type Operand, type Range } from '../cost.ts';
import { overloads, singleton, type FunctionTable, type Run } from '../signatures.ts';
import { Duration } from '../times.ts';
import { equal, ListValue, PlainList, sizeOf, typeName, Uint, type Value } from '../values.ts';
import { operators } from './operators.ts';
import { textSearches } from './strings.ts';

function slice(of: readonly Value[], start: number, end: number): Value {
  const refuse = (why: string): never => fail(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0 || end < 0) refuse('negative indexes not supported');
  if (start > end) refuse('start index must be less than or equal to end index');
  if (end > of.length) refuse(`list is length ${of.length}`);
  return new PlainList(of.slice(start, end));
}

function flattened(of: readonly Value[], depth: number): Value[] {
  if (depth < 0) fail('level must be non-negative');
  return of.flatMap((item) => (item instanceof ListValue && depth > 0 ? flattened(item.items, depth - 1) : [item]));
}

const flatten: Run = (list, ...depth) => {
  if (list instanceof ListValue) return new PlainList(flattened(list.items, depth.length === 0 ? 1 : count(depth[0])));
  return fail(`no such overload: ${typeName(list!)}.flatten(${depth.map(typeName).join(', ')})`);
};

function sortedBy(of: readonly Value[], keys: readonly Value[]): Value {
  if (of.length !== keys.length) {
    fail(`@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${of.length} and ${keys.length} elements respectively`);
  }
  if (keys.length > 0 && !comparableNames.has(typeName(keys[0]!))) fail('list elements must be comparable');
  if (keys.some((key) => typeName(key) !== typeName(keys[0]!))) fail('list elements must have the same type');
  return new PlainList(keys.map((_, i) => i).sort((a, b) => compare(keys[a]!, keys[b]!)).map((i) => of[i]!));
}

function extreme(name: string, replaces: (order: number) => boolean): Run {
  return (list) => {
    const [first, ...others] = items(list);
    if (first === undefined) fail(`${name} called on empty list`);
    return others.reduce((best, item) => (replaces(compare(best, item)) ? item : best), first!);
  };
}

const isSorted: Run = (list) => items(list).every((item, i, all) => i === 0 || compare(all[i - 1]!, item) <= 0);
const plus = operators['_+_']!.overloads[0]!.run;
const total = (zero: Value): Run => (list) => items(list).reduce((sofar, item) => plus(sofar, item), zero);
const place = (index: number): bigint => BigInt(index);

/** Sorts whatever it is given, so that only running shows what it cannot. */
const sorting = (name: string, sort: Run, signature: (type: string) => string, cost: (type: string) => Cost) => {
  const run: Run = (list, ...others) => (list instanceof ListValue ? sort(list, ...others) : fail(typeof list === 'string' ? 'no such overload' : `no such overload: ${name}`));
  return singleton(run, comparable.map(signature).join(';'), undefined, Object.fromEntries(comparable.map((type) => [signature(type), cost(type)])));
};

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const comparableNames = new Set([...comparable, 'google.protobuf.Duration', 'google.protobuf.Timestamp']);
const forEach = (signature: (type: string) => string, run: Run, cost: (type: string) => Cost) =>
  overloads(...comparable.map((type) => [signature(type), run, cost(type)] as const));

/** One unit per call and a list for the result, which `size` says the size of. */
const making = (estimated: (operands: readonly Operand[]) => Range, factor: (operands: readonly Operand[]) => number, actual: Cost['actual']): Cost => ({
  estimate: (operands) => {
    const size = estimated(operands);
    return { cost: sum(scaled(size, factor(operands)), fixed(1 + listCost)), size };
  },
  actual: (args, result) => actual(args, result) + 1 + listCost,
});
const once = (): number => 1;
const squared = (size: Range): Range => product(size, size);
const literal = (operand: Operand | undefined, otherwise: bigint): bigint => (typeof operand?.literal === 'bigint' ? greatest(operand.literal, 0n) : otherwise);
const exactly = (size: bigint): Range => ({ least: size, most: size });

const slicing = making(([list, start, end]) => {
  return exactly(BigInt.asUintN(64, literal(end, list!.size.most) - literal(start, 0n)));
}, once, (_, result) => sizeOf(result));
const flattening = making(([list]) => list!.size, ([, depth]) => (depth ? Number(literal(depth, unbounded)) : 1), ([list, depth]) => sizeOf(list!) * (depth === undefined ? 1 : Number(depth)));
const ranging = making(([end]) => exactly(literal(end, unbounded)), once, (_, result) => sizeOf(result));
const reversing = making(([list]) => list!.size, once, (_, result) => sizeOf(result));

/** Everything with everything, twice; texts take longer. */
const comparing = (index: number, type?: string): Cost => making(
  (operands) => squared(operands[index]!.size), () => 2 + (type === 'string' || type === 'bytes' ? perCharacter : 0), (args) => {
    const [first] = items(args[index]);
    const isText = typeof first === 'string' || first instanceof Uint8Array;
    return Math.floor(sizeOf(args[index]!) ** 2 * (2 + (isText ? perCharacter : 0)));
  },
);

const includes = (of: readonly Value[], item: Value): boolean => of.some((one) => equal(one, item));
const containsAll = (of: Value | undefined, parts: Value | undefined): boolean => items(parts).every((item) => (of as ListValue).includes(item));
const everyPair = (times: number): Cost => ({
  estimate: ([a, b]) => ({ cost: sum(scaled(product(a!.size, b!.size), times), fixed(1)) }),
  actual: ([a, b]) => 1 + sizeOf(a!) * sizeOf(b!) * times,
});

export const listFunctions: FunctionTable = {
  isSorted: forEach((type) => `list(${type}).() -> bool`, isSorted, () => itemByItem),
  sum: overloads(...([['int', 0n], ['uint', new Uint(0n)], ['double', 0], ['duration', new Duration(0n)]] as const).map(
    ([type, zero]) => [`list(${type}).() -> ${type}`, total(zero), itemByItem] as const)),
  max: forEach((type) => `list(${type}).() -> ${type}`, extreme('max', (order) => order < 0), () => itemByItem),
  min: forEach((type) => `list(${type}).() -> ${type}`, extreme('min', (order) => order > 0), () => itemByItem),
  indexOf: overloads(['list(A).(A) -> int', (of, item) => place(items(of).findIndex((one) => equal(one, item!))), itemByItem], ...textSearches.indexOf),
  lastIndexOf: overloads(['list(A).(A) -> int', (of, item) => place(items(of).findLastIndex((one) => equal(one, item!))), itemByItem], ...textSearches.lastIndexOf),
  slice: overloads(['list(T).(int, int) -> list(T)', (of, start, end) => slice(items(of), count(start), count(end)), slicing]),
  flatten: singleton(flatten, 'list(list(T)).() -> list(T);list(dyn).(int) -> list(dyn)', flattening),
  sort: sorting('sort', (of) => sortedBy(items(of), items(of)), (type) => `list(${type}).() -> list(${type})`, (type) => comparing(0, type)),
  '@sortByAssociatedKeys': sorting('@sortByAssociatedKeys', (of, keys) => sortedBy(items(of), items(keys)), (type) => `list(T).(list(${type})) -> list(T)`, (type) => comparing(1, type)),
  'lists.range': overloads(['(int) -> list(int)', (end) => new PlainList(Array.from({ length: Math.max(0, count(end)) }, (_, i) => BigInt(i))), ranging]),
  reverse: overloads(['list(T).() -> list(T)', (of) => new PlainList(items(of).toReversed()), reversing]),
  distinct: overloads(['list(T).() -> list(T)', (of) => new PlainList(items(of).filter((item, i, all) => !includes(all.slice(0, i), item))), comparing(0)]),
  'sets.contains': overloads(['(list(T), list(T)) -> bool', containsAll, everyPair(1)]),
  'sets.equivalent': overloads(['(list(T), list(T)) -> bool', (a, b) => containsAll(a, b) && containsAll(b, a), everyPair(2)]),
  'sets.intersects': overloads(['(list(T), list(T)) -> bool', (a, b) => items(a).some((item) => (b as ListValue).includes(item)), everyPair(1)]),
};
