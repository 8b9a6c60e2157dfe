/** The operators of CEL (cel-go's common/stdlib). `&&`, `||`, `?:` and what looks into values are the evaluator's own. */
import { compare, fail, noOverload, text, truth } from '../arguments.ts';
import { between, characters, comparison, fixed, greatest, perCharacter, scaled, search, sum, type Cost, type Operand } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { overloads, singleton, type FunctionTable, type Run } from '../signatures.ts';
import { Duration, Timestamp } from '../times.ts';
import { equal, ListValue, MapValue, sizeOf, typeName, Uint, type Value } from '../values.ts';

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const uint64Max = 2n ** 64n - 1n;

const checkedInt = (value: bigint): bigint => (value < int64Min || value > int64Max ? fail('integer overflow') : value);
const checkedUint = (value: bigint): Uint => (value < 0n || value > uint64Max ? fail('unsigned integer overflow') : new Uint(value));

/** An operator that asks its first operand whether it takes part at all. */
function operator(symbol: string, takers: readonly string[], run: (a: Value, b: Value) => Value): Run {
  const known = new Set(takers);
  return (a, b) => {
    if (known.has(typeName(a!))) return run(a!, b!);
    return typeof a === 'string' ? noOverload() : fail(`no such overload: ${symbol}`);
  };
}

type Numeric = (a: bigint, b: bigint) => bigint;

/** The same on whole numbers of both types; undefined for what they are not. */
function onWholes(a: Value, b: Value, compute: Numeric): Value | undefined {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(compute(a, b));
  return a instanceof Uint && b instanceof Uint ? checkedUint(compute(a.value, b.value)) : undefined;
}

const numbers = ['int', 'uint', 'double'];
const times = ['google.protobuf.Timestamp', 'google.protobuf.Duration'];

function plus(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return new Uint8Array([...a, ...b]);
  if (a instanceof ListValue && b instanceof ListValue) return a.plus(b);
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos + b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return a.plus(b);
  if (a instanceof Duration && b instanceof Timestamp) return b.plus(a);
  return onWholes(a, b, (x, y) => x + y) ?? noOverload();
}

function minus(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return a.plus(new Duration(-b.nanos));
  if (a instanceof Timestamp && b instanceof Timestamp) return new Duration(a.nanos - b.nanos);
  return onWholes(a, b, (x, y) => x - y) ?? noOverload();
}

const multiplied = (a: Value, b: Value): Value => (typeof a === 'number' && typeof b === 'number' ? a * b : onWholes(a, b, (x, y) => x * y) ?? noOverload());

function dividedBy(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  return onWholes(a, b, (x, y) => (y === 0n ? fail('division by zero') : x / y)) ?? noOverload();
}

const modulo = (a: Value, b: Value): Value => onWholes(a, b, (x, y) => (y === 0n ? fail('modulus by zero') : x % y)) ?? noOverload();

function negated(value: Value): Value {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return checkedInt(-value);
  if (value instanceof Duration) return new Duration(-value.nanos);
  return fail(typeof value === 'string' ? 'no such overload' : 'no such overload: -_');
}

const comparable = [...numbers, 'bool', 'string', 'bytes', ...times];
const textCosts = { '(string, string) -> bool': comparison, '(bytes, bytes) -> bool': comparison };

const ordering = (symbol: string, holds: (order: number) => boolean) => singleton(
  operator(symbol, comparable, (a, b) => holds(compare(a, b))),
  ['bool', 'int'].map((type) => `(${type}, ${type}) -> bool`).join(';')
    + ';(int, double) -> bool;(int, uint) -> bool;(uint, uint) -> bool;(uint, double) -> bool;(uint, int) -> bool;(double, double) -> bool;(double, int) -> bool;'
    + '(double, uint) -> bool;(string, string) -> bool;(bytes, bytes) -> bool;(timestamp, timestamp) -> bool;(duration, duration) -> bool',
  undefined, textCosts,
);

/** Both texts are copied. */
const joining: Cost = {
  estimate: ([a, b]) => {
    const size = sum(a!.size, b!.size);
    return { cost: scaled(size, perCharacter), size };
  },
  actual: ([a, b]) => Math.ceil((sizeOf(a!) + sizeOf(b!)) * perCharacter),
};
const appending: Cost = { estimate: ([a, b]) => ({ cost: fixed(1), size: sum(a!.size, b!.size) }), actual: () => 1 };
const everyItem: Cost = { estimate: ([, list]) => ({ cost: list!.size }), actual: ([, list]) => sizeOf(list!) };

function isIn(value: Value, collection: Value): boolean {
  if (collection instanceof ListValue) return collection.includes(value);
  return collection instanceof MapValue ? collection.find(value) !== undefined : noOverload();
}

function size(value: Value): Value {
  const hasSize = typeof value === 'string' || value instanceof Uint8Array || value instanceof ListValue || value instanceof MapValue || typeName(value).startsWith('net.');
  return hasSize ? BigInt(sizeOf(value)) : fail('no such overload: size');
}

const both = (types: readonly string[]): string => types.map((type) => `(${type}, ${type}) -> ${type}`).join(';');

/** What cannot be compared is not the same. */
function differs(a: Value, b: Value): boolean {
  try {
    return !equal(a, b);
  } catch (error) {
    if (error instanceof EvaluationError) return true;
    throw error;
  }
}

export const operators: FunctionTable = {
  '_?_:_': overloads(['(bool, A, A) -> A', noOverload]),
  '_&&_': overloads(['(bool, bool) -> bool', noOverload]),
  '_||_': overloads(['(bool, bool) -> bool', noOverload]),
  '!_': singleton((value) => !truth(value), '(bool) -> bool'),
  '@not_strictly_false': overloads(['(bool) -> bool', (value) => value !== false]),
  '_==_': singleton((a, b) => equal(a!, b!), '(A, A) -> bool', equality()),
  '_!=_': singleton((a, b) => differs(a!, b!), '(A, A) -> bool', comparison),
  '_<_': ordering('_<_', (order) => order < 0),
  '_<=_': ordering('_<=_', (order) => order <= 0),
  '_>_': ordering('_>_', (order) => order > 0),
  '_>=_': ordering('_>=_', (order) => order >= 0),
  '_+_': singleton(
    operator('_+_', [...numbers, 'string', 'bytes', 'list', ...times], plus),
    '(bytes, bytes) -> bytes;(double, double) -> double;(duration, duration) -> duration;(duration, timestamp) -> timestamp;'
      + '(timestamp, duration) -> timestamp;(int, int) -> int;(list(A), list(A)) -> list(A);(string, string) -> string;(uint, uint) -> uint',
    undefined, { '(bytes, bytes) -> bytes': joining, '(string, string) -> string': joining, '(list(A), list(A)) -> list(A)': appending },
  ),
  '_-_': singleton(
    operator('_-_', [...numbers, ...times], minus),
    `${both(['double', 'duration', 'int'])};(timestamp, duration) -> timestamp;(timestamp, timestamp) -> duration;(uint, uint) -> uint`,
  ),
  '_*_': singleton(operator('_*_', numbers, multiplied), both(['double', 'int', 'uint'])),
  '_/_': singleton(operator('_/_', numbers, dividedBy), both(['double', 'int', 'uint'])),
  '_%_': singleton(operator('_%_', ['int', 'uint'], modulo), both(['int', 'uint'])),
  '-_': singleton((value) => negated(value!), '(double) -> double;(int) -> int'),
  '_[_]': overloads(
    ['(list(A), int) -> A', noOverload], ['(map(A, B), A) -> B', noOverload], ['(optional(list(V)), int) -> optional(V)', noOverload],
    ['(optional(map(K, V)), K) -> optional(V)', noOverload],
  ),
  '_[?_]': overloads(
    ['(list(V), int) -> optional(V)', noOverload], ['(optional(list(V)), int) -> optional(V)', noOverload],
    ['(map(K, V), K) -> optional(V)', noOverload], ['(optional(map(K, V)), K) -> optional(V)', noOverload],
  ),
  '_?._': overloads(['(dyn, string) -> optional(V)', noOverload]),
  '@in': singleton((value, collection) => isIn(value!, collection!), '(A, list(A)) -> bool;(A, map(A, B)) -> bool', undefined, { '(A, list(A)) -> bool': everyItem }),
  size: singleton((value) => size(value!), ['bytes', 'list(A)', 'map(A, B)', 'string'].map((type) => `(${type}) -> int;${type}.() -> int`).join(';')),
  contains: singleton((of, part) => text(of).includes(text(part)), 'string.(string) -> bool', search),
  startsWith: singleton((of, prefix) => text(of).startsWith(text(prefix)), 'string.(string) -> bool', characters(1, 0)),
  endsWith: singleton((of, suffix) => text(of).endsWith(text(suffix)), 'string.(string) -> bool', characters(1, 0)),
};

const constant = new Set(['kubernetes.Quantity', 'kubernetes.Semver', 'net.IP', 'net.CIDR']);

/** Values of Kubernetes' own types are equal at a glance (apiserver's library/cost.go). */
function equality(): Cost {
  return {
    estimate: (operands) => {
      const [{ type, size: own }, other] = operands as readonly [Operand, Operand];
      if (type.name !== other.type.name) return comparison.estimate(operands);
      if (constant.has(type.name) || type.name.startsWith('kubernetes.authorization.')) return { cost: fixed(1) };
      if (type.name === 'kubernetes.NamedFormat') return { cost: scaled(between(1, 64), perCharacter) };
      if (type.name === 'kubernetes.URL') return { cost: scaled({ least: 1n, most: greatest(own.most, 1n) }, perCharacter) };
      return comparison.estimate(operands);
    },
    actual: (args, result) => (typeName(args[0]!).startsWith('kubernetes.') || typeName(args[0]!).startsWith('net.') ? 1 : comparison.actual(args, result)),
  };
}
