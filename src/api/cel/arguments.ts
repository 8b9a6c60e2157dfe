/** What functions make of their arguments. The checker lets through what is only known when it runs, so each is looked at again. */
import { EvaluationError } from './evaluation-error.ts';
import { Duration, Timestamp } from './times.ts';
import { compareNumbers, isNumber, ListValue, type ObjectValue, type Value } from './values.ts';

export function fail(message: string): never {
  throw new EvaluationError(message);
}

export const noOverload = (): never => fail('no such overload');
export const text = (value: Value | undefined): string => (typeof value === 'string' ? value : noOverload());
export const truth = (value: Value | undefined): boolean => (typeof value === 'boolean' ? value : noOverload());
export const whole = (value: Value | undefined): bigint => (typeof value === 'bigint' ? value : noOverload());
export const items = (value: Value | undefined): readonly Value[] => (value instanceof ListValue ? value.items : noOverload());

/** A whole number that counts something: what is beyond a double's range is beyond every list and text. */
export const count = (value: Value | undefined): number => Number(whole(value));

/** The argument of a function as a value of one of our own types. */
export const instanceOf = <T extends ObjectValue>(type: abstract new (...args: never[]) => T) => (value: Value | undefined): T =>
  (value instanceof type ? value : noOverload());

/** Negative, 0 or positive, as `<` sees it. */
export function compare(a: Value, b: Value): number {
  if (isNumber(a) && isNumber(b)) {
    const order = compareNumbers(a, b);
    return Number.isNaN(order) ? fail('NaN values cannot be ordered') : order;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Duration && b instanceof Duration) return compareNumbers(a.nanos, b.nanos);
  return a instanceof Timestamp && b instanceof Timestamp ? compareNumbers(a.nanos, b.nanos) : noOverload();
}

/** By characters, not by the halves of those beyond 16 bits. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return /[\uD800-\uDFFF]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}
