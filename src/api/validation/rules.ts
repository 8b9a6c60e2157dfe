/** Small rules that many kinds share. Every validator pushes its causes, in upstream's order, onto the list it is given. */
import { equal } from '../../lib/json.ts';
import { invalid, type FieldError } from '../field-error.ts';

export const mustBeNonNegative = 'must be greater than or equal to 0';
export const mustBePositive = 'must be greater than zero';
export const fieldIsImmutable = 'field is immutable';

/** One Invalid cause for each text that a rule about `value` gave. */
export function invalidForEach(texts: readonly string[], value: unknown, path: string, errors: FieldError[]): void {
  for (const text of texts) errors.push(invalid(path, value, text));
}

export function validateNonNegative(value: number | undefined, path: string, errors: FieldError[]): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, mustBeNonNegative));
}

export function validatePositive(value: number, path: string, errors: FieldError[]): void {
  if (value <= 0) errors.push(invalid(path, value, mustBePositive));
}

/** The value printed is the new one; `printed` replaces it where Go shows another form (an empty string, an internal struct). */
export function validateImmutable(value: unknown, old: unknown, path: string, errors: FieldError[], printed: unknown = value): void {
  if (!equal(value, old)) errors.push(invalid(path, printed, fieldIsImmutable));
}

/** `must be between 1 and 65535, inclusive` */
export const inclusiveRange = (least: number, most: number): string => `must be between ${least} and ${most}, inclusive`;

/** The size of all keys and values, in UTF-8. */
export function bytesOf(map: Readonly<Record<string, string>> | undefined): number {
  let bytes = 0;
  for (const name in map) bytes += Buffer.byteLength(name) + Buffer.byteLength(map[name]!);
  return bytes;
}

/** Keys of a map with user-chosen keys, in the order in which causes about them are reported. */
export const keysOf = (map: Readonly<Record<string, unknown>> | undefined): string[] => (map ? Object.keys(map).sort() : []);
