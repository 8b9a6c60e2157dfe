/** Values that may be there (cel-go's optional types), and what macros of two variables collect. `or` and `orValue` are the evaluator's own. */
import { fail, instanceOf, items, noOverload } from '../arguments.ts';
import { overloads, type FunctionTable } from '../signatures.ts';
import { GrowingMap, MapValue, ObjectValue, OptionalValue, PlainList, printedValue, type Value } from '../values.ts';

const optional = instanceOf(OptionalValue);
const map = instanceOf(MapValue);

function isZero(value: Value): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return value instanceof ObjectValue ? value.isZero : value === null || value === '' || value === false || value === 0n || value === 0;
}

function unwrapped(list: Value | undefined): Value {
  const held = items(list).map((one) => (one instanceof OptionalValue ? one : fail(`value ${printedValue(one)} is not optional`)));
  return new PlainList(held.filter(({ hasValue }) => hasValue).map(({ value }) => value));
}

function inserted(into: MapValue, entries: readonly (readonly [Value, Value])[]): Value {
  const result = into instanceof GrowingMap ? into : new GrowingMap(into.keys.map((key) => [key, into.find(key)!] as const));
  for (const [key, value] of entries) {
    if (result.find(key) !== undefined) fail(`insert failed: key ${printedValue(key)} already exists`);
    result.set(key, value);
  }
  return result;
}

export const optionalFunctions: FunctionTable = {
  'optional.of': overloads(['(V) -> optional(V)', (value) => OptionalValue.of(value)]),
  'optional.ofNonZeroValue': overloads(['(V) -> optional(V)', (value) => (isZero(value!) ? OptionalValue.none : OptionalValue.of(value))]),
  'optional.none': overloads(['() -> optional(V)', () => OptionalValue.none]),
  'optional.unwrap': overloads(['(list(optional(V))) -> list(V)', unwrapped]),
  unwrapOpt: overloads(['list(optional(V)).() -> list(V)', unwrapped]),
  value: overloads(['optional(V).() -> V', (of) => optional(of).value]),
  hasValue: overloads(['optional(V).() -> bool', (of) => optional(of).hasValue]),
  or: overloads(['optional(V).(optional(V)) -> optional(V)', noOverload]),
  orValue: overloads(['optional(V).(V) -> V', noOverload]),
  first: overloads(['list(V).() -> optional(V)', (of) => OptionalValue.of(items(of)[0])]),
  last: overloads(['list(V).() -> optional(V)', (of) => OptionalValue.of(items(of).at(-1))]),
  'cel.@mapInsert': overloads(
    ['(map(K, V), K, V) -> map(K, V)', (into, key, value) => inserted(map(into), [[key!, value!]])],
    ['(map(K, V), map(K, V)) -> map(K, V)', (into, more) => inserted(map(into), map(more).keys.map((key) => [key, map(more).find(key)!] as const))],
  ),
};
