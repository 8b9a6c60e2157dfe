/** The functions that rules may call. Each takes the receiver first, if it has one. Some have names with a dot: `ip.isCanonical`. */
import { isObject } from '../../lib/json.ts';
import { regExp } from '../crd/schema-validation.ts';
import { celEqual, list, noOverload, number, order, text, type CelFunction } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';
import { formatText } from './format.ts';
import { listFunctions } from './lists.ts';
import { formatFunctions } from './named-formats.ts';
import { AddressValue, netFunctions, RangeValue } from './net.ts';
import { optionalFunctions } from './optional.ts';
import { QuantityValue, quantityFunctions } from './quantity.ts';
import { semverFunctions } from './semver.ts';
import { typeFunctions } from './type-value.ts';
import { urlFunctions } from './url.ts';

function size(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : noOverload();
}

function toInt(value: unknown): number {
  const result = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : typeof value === 'number' ? Math.trunc(value) : NaN;
  return Number.isNaN(result) ? noOverload() : result;
}

/** Types of our own that `string` takes. */
const written = [QuantityValue, AddressValue, RangeValue] as const;

const ordered = (value: unknown): (string | number)[] => list(value) as (string | number)[];

export const functions: Readonly<Record<string, CelFunction>> = {
  size,
  startsWith: (of, prefix) => text(of).startsWith(text(prefix)),
  endsWith: (of, suffix) => text(of).endsWith(text(suffix)),
  contains: (of, part) => text(of).includes(text(part)),
  matches: (of, pattern) => regExp(text(pattern)).test(text(of)),
  lowerAscii: (of) => text(of).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  upperAscii: (of) => text(of).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  trim: (of) => text(of).trim(),
  split: (of, separator, limit) => split(text(of), text(separator), limit === undefined ? -1 : number(limit)),
  join: (of, separator = '') => list(of).map(text).join(text(separator)),
  replace: (of, from, to, limit) => replace(text(of), text(from), text(to), limit === undefined ? -1 : number(limit)),
  charAt: (of, at) => charAt([...text(of)], number(at)),
  lastIndexOf: (of, part) => (Array.isArray(of) ? of.findLastIndex((one) => celEqual(one, part)) : text(of).lastIndexOf(text(part))),
  format: (of, args) => formatText(text(of), list(args)),
  find: (of, pattern) => regExp(text(pattern)).exec(text(of))?.[0] ?? '',
  findAll: (of, pattern, limit) => findAll(text(of), text(pattern), limit === undefined ? -1 : number(limit)),
  substring: (of, start, end) => [...text(of)].slice(number(start), end === undefined ? undefined : number(end)).join(''),
  indexOf: (of, part) => (Array.isArray(of) ? of.findIndex((one) => celEqual(one, part)) : text(of).indexOf(text(part))),
  isSorted: (of) => ordered(of).every((one, i, all) => i === 0 || all[i - 1]! <= one),
  sum: (of) => list(of).map(number).reduce((total, one) => total + one, 0),
  min: (of) => ordered(of).reduce((least, one) => (one < least ? one : least)),
  max: (of) => ordered(of).reduce((most, one) => (one > most ? one : most)),
  string: (value) => (typeof value === 'object' && !written.some((type) => value instanceof type) ? noOverload() : String(value)),
  int: toInt,
  double: (value) => Number(value),
  bool: (value) => (value === true || value === 'true' ? true : value === false || value === 'false' ? false : noOverload()),
  dyn: (value) => value,
  compareTo: order,
  isGreaterThan: (value, other) => order(value, other) > 0,
  isLessThan: (value, other) => order(value, other) < 0,
  ...quantityFunctions, ...urlFunctions, ...netFunctions, ...optionalFunctions, ...formatFunctions, ...listFunctions, ...semverFunctions, ...typeFunctions,
};

/** At most `limit` parts, the last of which has the rest; a negative limit means all. */
function split(of: string, separator: string, limit: number): string[] {
  const parts = of.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return limit === 0 ? [] : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function replace(of: string, from: string, to: string, limit: number): string {
  const parts = split(of, from, limit < 0 ? -1 : limit + 1);
  return parts.join(to);
}

function charAt(of: readonly string[], at: number): string {
  if (at < 0 || at > of.length) throw new EvaluationError(`index out of range: ${at}`);
  return of[at] ?? '';
}

function findAll(of: string, pattern: string, limit: number): string[] {
  const { source, flags } = regExp(pattern);
  const found = [...of.matchAll(new RegExp(source, flags.includes('g') ? flags : `${flags}g`))].map(([match]) => match);
  return limit < 0 ? found : found.slice(0, limit);
}
