/** The functions that rules may call. Each takes the receiver first, if it has one. */
import { equal, isObject } from '../../../lib/json.ts';
import { regExp } from '../schema-validation.ts';
import { EvaluationError } from './evaluation-error.ts';

type CelFunction = (...args: unknown[]) => unknown;

const noOverload = (): never => {
  throw new EvaluationError('no such overload');
};
const text = (value: unknown): string => (typeof value === 'string' ? value : noOverload());
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : noOverload());
const number = (value: unknown): number => (typeof value === 'number' ? value : noOverload());

function size(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : noOverload();
}

function toInt(value: unknown): number {
  const result = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : typeof value === 'number' ? Math.trunc(value) : NaN;
  return Number.isNaN(result) ? noOverload() : result;
}

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
  split: (of, separator) => text(of).split(text(separator)),
  join: (of, separator = '') => list(of).map(text).join(text(separator)),
  replace: (of, from, to) => text(of).replaceAll(text(from), text(to)),
  substring: (of, start, end) => [...text(of)].slice(number(start), end === undefined ? undefined : number(end)).join(''),
  indexOf: (of, part) => (Array.isArray(of) ? of.findIndex((one) => equal(one, part)) : text(of).indexOf(text(part))),
  isSorted: (of) => ordered(of).every((one, i, all) => i === 0 || all[i - 1]! <= one),
  sum: (of) => list(of).map(number).reduce((total, one) => total + one, 0),
  min: (of) => ordered(of).reduce((least, one) => (one < least ? one : least)),
  max: (of) => ordered(of).reduce((most, one) => (one > most ? one : most)),
  string: (value) => (typeof value === 'object' ? noOverload() : String(value)),
  int: toInt,
  double: (value) => Number(value),
};
