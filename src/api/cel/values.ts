/** Values of expressions (cel-go's common/types): whole numbers are bigints, doubles are numbers. */
import { EvaluationError } from './evaluation-error.ts';

export type Value = null | boolean | bigint | number | string | Uint8Array | ObjectValue;

/** Values with a type of their own. */
export abstract class ObjectValue {
  /** What `type()` gives. */
  abstract readonly typeName: string;
  abstract equals(other: Value): boolean;
  /** What the costs of functions are counted by; 1 for what has no size. */
  get size(): number {
    return 1;
  }

  get isZero(): boolean {
    return false;
  }
}

/** One that stands for a value of ours. */
export abstract class HeldValue<T> extends ObjectValue {
  readonly value: T;

  constructor(value: T) {
    super();
    this.value = value;
  }
}

export class Uint extends HeldValue<bigint> {
  readonly typeName = 'uint';

  equals(other: Value): boolean {
    return isNumber(other) && compareNumbers(this, other) === 0;
  }

  override get isZero(): boolean {
    return this.value === 0n;
  }

  override toString(): string {
    return String(this.value);
  }
}

/** A type as a value, as `int` is. */
export class TypeValue extends ObjectValue {
  readonly typeName = 'type';
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  equals(other: Value): boolean {
    return other instanceof TypeValue && other.name === this.name;
  }

  override toString(): string {
    return this.name;
  }
}

/** A value that may be there. */
export class OptionalValue extends ObjectValue {
  static readonly none = new OptionalValue(undefined);
  readonly typeName = 'optional_type';
  readonly #held: Value | undefined;

  constructor(held: Value | undefined) {
    super();
    this.#held = held;
  }

  static of(value: Value | undefined): OptionalValue {
    return value === undefined ? OptionalValue.none : new OptionalValue(value);
  }

  get hasValue(): boolean {
    return this.#held !== undefined;
  }

  /** Throws EvaluationError when there is none. */
  get value(): Value {
    if (this.#held !== undefined) return this.#held;
    throw new EvaluationError('optional.none() dereference');
  }

  /** What the costs of functions see of it. */
  override get size(): number {
    return this.#held === undefined ? 1 : sizeOf(this.#held);
  }

  equals(other: Value): boolean {
    if (!(other instanceof OptionalValue) || this.hasValue !== other.hasValue) return false;
    return !this.hasValue || equal(this.value, other.value);
  }

  override toString(): string {
    return this.hasValue ? `optional(${printedValue(this.value)})` : 'optional.none()';
  }
}

export abstract class ListValue extends ObjectValue {
  readonly typeName = 'list';
  abstract readonly items: readonly Value[];

  override get size(): number {
    return this.items.length;
  }

  override get isZero(): boolean {
    return this.size === 0;
  }

  equals(other: Value): boolean {
    return other instanceof ListValue && other.size === this.size && this.items.every((item, i) => equal(item, other.items[i]!));
  }

  plus(other: ListValue): ListValue {
    return new PlainList([...this.items, ...other.items]);
  }

  /** The item at a place, which was written as `key`; undefined beyond the ends. */
  at(index: number, _key: Value): Value | undefined {
    return this.items[index];
  }

  includes(value: Value): boolean {
    return this.items.some((item) => equal(item, value));
  }

  override toString(): string {
    return `[${this.items.map(printedValue).join(', ')}]`;
  }
}

/** A list that an expression wrote. */
export class PlainList extends ListValue {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }
}

/** The list that a macro collects; nobody else holds it, so it may grow in place. */
export class GrowingList extends ListValue {
  readonly items: Value[] = [];

  override plus(other: ListValue): ListValue {
    for (const item of other.items) this.items.push(item);
    return this;
  }
}

export abstract class MapValue extends ObjectValue {
  readonly typeName = 'map';
  abstract readonly keys: readonly Value[];
  abstract find(key: Value): Value | undefined;

  override get size(): number {
    return this.keys.length;
  }

  override get isZero(): boolean {
    return this.size === 0;
  }

  equals(other: Value): boolean {
    if (!(other instanceof MapValue) || other.size !== this.size) return false;
    return this.keys.every((key) => {
      const value = other.find(key);
      return value !== undefined && equal(this.find(key)!, value);
    });
  }

  override toString(): string {
    return `{${this.keys.map((key) => `${printedValue(key)}: ${printedValue(this.find(key)!)}`).join(', ')}}`;
  }
}

/** A map that an expression wrote. */
export class PlainMap extends MapValue {
  readonly #entries = new Map<string, readonly [key: Value, value: Value]>();

  constructor(entries: Iterable<readonly [key: Value, value: Value]> = []) {
    super();
    for (const entry of entries) this.set(...entry);
  }

  get keys(): readonly Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  override get size(): number {
    return this.#entries.size;
  }

  find(key: Value): Value | undefined {
    return this.#entries.get(keyText(key))?.[1];
  }

  set(key: Value, value: Value): void {
    this.#entries.set(keyText(key), [key, value]);
  }
}

/** The map that a macro collects; nobody else holds it, so it may grow in place. */
export class GrowingMap extends PlainMap {}

/** Numbers of all types that are equal are one key. */
function keyText(key: Value): string {
  if (key instanceof Uint) return `n${key.value}`;
  if (typeof key === 'bigint' || typeof key === 'number') return `n${key}`;
  return typeof key === 'string' ? `s${key}` : `${typeName(key)} ${printedValue(key)}`;
}

export type NumberValue = bigint | number | Uint;
export const isNumber = (value: Value): value is NumberValue => typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;
const plainNumber = (value: NumberValue): bigint | number => (value instanceof Uint ? value.value : value);

/** NaN when one of them is. */
export function compareNumbers(first: NumberValue, second: NumberValue): number {
  const [a, b] = [plainNumber(first), plainNumber(second)];
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN; // oxlint-disable-line eqeqeq -- bigints and numbers
}

/** What `==` says: values of different types are not equal, unless they are numbers. */
export function equal(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return a instanceof ObjectValue ? a.equals(b) : a === b;
}

export function typeName(value: Value): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'boolean': return 'bool';
    case 'bigint': return 'int';
    case 'number': return 'double';
    case 'string': return 'string';
    default: return value instanceof Uint8Array ? 'bytes' : value.typeName;
  }
}

/** Characters of a text, bytes, items or entries; 1 for what has no size. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  return value instanceof ObjectValue ? value.size : 1;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A value in a message, as Go's %v prints it. */
export function printedValue(value: Value): string {
  if (typeof value === 'number') return printedDouble(value);
  return value instanceof Uint8Array ? `[${[...value].join(' ')}]` : value === null ? 'null' : String(value);
}

/** Go's %g: with an exponent from 1e+06 up and below 1e-04. */
export function printedDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
