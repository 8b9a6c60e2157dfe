/** Values that may be there (cel-go's optional types): what `a.?b`, `a[?b]` and `optional.of` give. */
import { celEqual, instanceOf, isMap, list, type CelFunction, type CelObject } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';

export class OptionalValue implements CelObject {
  static readonly none = new OptionalValue([]);
  readonly #held: readonly unknown[];

  constructor(held: readonly unknown[]) {
    this.#held = held;
  }

  static of(value: unknown): OptionalValue {
    return new OptionalValue([value]);
  }

  get hasValue(): boolean {
    return this.#held.length > 0;
  }

  /** Throws EvaluationError when there is none. */
  get value(): unknown {
    if (this.hasValue) return this.#held[0];
    throw new EvaluationError('optional.none() dereference');
  }

  equals(other: unknown): boolean {
    if (!(other instanceof OptionalValue) || this.hasValue !== other.hasValue) return false;
    return !this.hasValue || celEqual(this.value, other.value);
  }

  toString(): string {
    return this.hasValue ? `optional.of(${String(this.value)})` : 'optional.none()';
  }
}

/** The member of a map or item of a list, if there is one. The members of what may be there may be there. */
export function lookUp(of: unknown, key: unknown): OptionalValue {
  if (of instanceof OptionalValue) return of.hasValue ? lookUp(of.value, key) : of;
  if (Array.isArray(of)) return Number.isInteger(key) && (key as number) in of ? OptionalValue.of(of[key as number]) : OptionalValue.none;
  return isMap(of) && Object.hasOwn(of, String(key)) ? OptionalValue.of(of[String(key)]) : OptionalValue.none;
}

export const optional = instanceOf(OptionalValue);

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) ? Object.keys(value).length === 0 : value === '' || value === 0 || value === false || value === null;
}

const held = (value: unknown): unknown[] => list(value).map(optional).filter(({ hasValue }) => hasValue).map((one) => one.value);


export const optionalFunctions: Readonly<Record<string, CelFunction>> = {
  'optional.of': (value) => OptionalValue.of(value),
  'optional.none': () => OptionalValue.none,
  'optional.ofNonZeroValue': (value) => (isZero(value) ? OptionalValue.none : OptionalValue.of(value)),
  'optional.unwrap': held,
  unwrapOpt: held,
  hasValue: (of) => optional(of).hasValue,
  value: (of) => optional(of).value,
  first: (of) => lookUp(list(of), 0),
  last: (of) => lookUp(list(of), list(of).length - 1),
};
