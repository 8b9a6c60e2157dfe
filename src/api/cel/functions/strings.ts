/** Texts (cel-go's ext/strings.go, apiserver's library/regex.go). Places count characters. */
import { count, fail, items, text } from '../arguments.ts';
import { capped, characters, fixed, greatest, pattern, perCharacter, product, sameSize, scaled, sum, itemByItem, traversal, upTo, type Cost, type Operand, type Range } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { compiledPattern } from '../patterns.ts';
import { overloads, singleton, type FunctionTable } from '../signatures.ts';
import { PlainList, sizeOf, printedValue, type Value } from '../values.ts';
import { formatText } from './format.ts';

const outOfRange = (index: number): never => fail(`index out of range: ${index}`);
const listOfTexts = (texts: readonly string[]): PlainList => new PlainList(texts);

function charAt(text: string, index: number): string {
  const chars = [...text];
  return index < 0 || index > chars.length ? outOfRange(index) : chars[index] ?? '';
}

function indexOf(text: string, part: string, from: number): bigint {
  if (part === '') return BigInt(from);
  if (from < 0) outOfRange(from);
  const chars = [...text];
  const at = chars.slice(from).join('').indexOf(part);
  return at < 0 ? -1n : BigInt(from + [...chars.slice(from).join('').slice(0, at)].length);
}

function lastIndexOf(text: string, part: string, from?: number): bigint {
  const chars = [...text];
  if (part === '') return BigInt(from ?? chars.length);
  if (from !== undefined && from < 0) outOfRange(from);
  if (from !== undefined && from >= chars.length) return -1n;
  const end = Math.min((from ?? chars.length) + [...part].length, chars.length);
  const before = chars.slice(0, end).join('');
  const at = before.lastIndexOf(part);
  return at < 0 ? -1n : BigInt([...before.slice(0, at)].length);
}

function substring(text: string, start: number, end?: number): string {
  const chars = [...text];
  if (end !== undefined && start > end) fail(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > chars.length) outOfRange(start);
  if (end !== undefined && (end < 0 || end > chars.length)) outOfRange(end);
  return chars.slice(start, end).join('');
}

/** A limit below 0 is none. */
function replace(text: string, from: string, to: string, limit: number): string {
  if (limit < 0) return text.replaceAll(from, () => to);
  if (from === '') return [...text].map((char, i) => (i < limit ? to : '') + char).join('') + ([...text].length < limit ? to : '');
  const parts = text.split(from);
  return parts.map((part, i) => part + (i === parts.length - 1 ? '' : i < limit ? to : from)).join('');
}

function split(text: string, separator: string, limit: number): string[] {
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit === 0) return [];
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

const trim = (text: string): string => text.replace(/^[\s\x85]+|[\s\x85]+$/g, '').replace(/^\uFEFF+|\uFEFF+$/g, (mark) => mark);

function join(list: readonly Value[], separator: string): string {
  return list.map((item) => (typeof item === 'string' ? item : fail(`join: invalid input: ${printedValue(item)}`))).join(separator);
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"',
};
const quoted = (text: string): string => `"${[...text].map((char) => escapes[char] ?? char).join('')}"`;

/** Patterns that are not written out are read when they are needed, with these words. */
function read(regex: string): RegExp {
  try {
    return compiledPattern(regex);
  } catch (error) {
    throw error instanceof EvaluationError ? new EvaluationError(`Illegal regex: ${error.message}`) : error;
  }
}

function findAll(text: string, regex: string, limit: number): string[] {
  const found = [...text.matchAll(new RegExp(read(regex), 'gu'))].map(([match]) => match);
  return limit < 0 ? found : found.slice(0, limit);
}

/** Between the shortest text with the longest parts replaced and the longest with the shortest (library/cost.go). */
const replacing: Cost = {
  ...traversal(0, 2),
  estimate: (operands) => {
    const [{ size }, from, to] = operands as readonly [Operand, Operand, Operand];
    const most = bound(size.most, from.size.least, to.size.most, to.size.most <= from.size.least);
    const least = bound(size.least, from.size.most, to.size.least, from.size.most <= to.size.least);
    return { cost: scaled(size, 2 * perCharacter), size: { least, most } };
  },
};

function bound(length: bigint, from: bigint, to: bigint, keepsLength: boolean): bigint {
  if (from === 0n) return capped(capped(capped(length + 1n) * to) + length);
  return keepsLength ? length : capped((length / from + (length % from === 0n ? 0n : 1n)) * to);
}

const splitting = traversal(0, 2, ([text, , limit]) => upTo(typeof limit?.literal === 'bigint' ? BigInt.asUintN(64, limit.literal) : text!.size.most));

const joining: Cost = {
  estimate: ([list, separator]) => {
    const size = sum(list!.items ? product(list!.size, list!.items.size) : fixed(0), separator ? product(separator.size, less(list!.size)) : fixed(0));
    return { cost: scaled(size, perCharacter), size };
  },
  actual: (_, result) => Math.ceil(sizeOf(result) * 2 * perCharacter),
  anyOverload: true,
};
const less = ({ least, most }: Range): Range => ({ least: greatest(least - 1n, 0n), most: greatest(most - 1n, 0n) });

const matching = pattern();
const finding = pattern(([text]) => upTo(text!.size.most), true);
const sameLength = traversal(0, 1, sameSize);
const asked = (text: Value | undefined): string => text as string;

export const stringFunctions: FunctionTable = {
  charAt: overloads(['string.(int) -> string', (of, at) => charAt(asked(of), count(at))]),
  format: overloads(['string.(list(dyn)) -> string', (of, args) => formatText(asked(of), items(args)), characters(0, 0)]),
  join: overloads(
    ['list(string).() -> string', (of) => join(items(of), ''), joining],
    ['list(string).(string) -> string', (of, separator) => join(items(of), asked(separator)), joining],
  ),
  lowerAscii: overloads(['string.() -> string', (of) => asked(of).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()), sameLength]),
  upperAscii: overloads(['string.() -> string', (of) => asked(of).replace(/[a-z]+/g, (letters) => letters.toUpperCase()), sameLength]),
  matches: singleton(
    (of, regex) => (typeof of === 'string' ? compiledPattern(text(regex)).test(of) : fail('no such overload: matches')),
    '(string, string) -> bool;string.(string) -> bool', undefined, { 'string.(string) -> bool': matching },
  ),
  find: overloads(['string.(string) -> string', (of, regex) => read(asked(regex)).exec(asked(of))?.[0] ?? '', finding]),
  findAll: overloads(
    ['string.(string) -> list(string)', (of, regex) => listOfTexts(findAll(asked(of), asked(regex), -1)), finding],
    ['string.(string, int) -> list(string)', (of, regex, limit) => listOfTexts(findAll(asked(of), asked(regex), count(limit))), finding],
  ),
  replace: overloads(
    ['string.(string, string) -> string', (of, from, to) => replace(asked(of), asked(from), asked(to), -1), replacing],
    ['string.(string, string, int) -> string', (of, from, to, limit) => replace(asked(of), asked(from), asked(to), count(limit)), replacing],
  ),
  split: overloads(
    ['string.(string) -> list(string)', (of, separator) => listOfTexts(split(asked(of), asked(separator), -1)), splitting],
    ['string.(string, int) -> list(string)', (of, separator, limit) => listOfTexts(split(asked(of), asked(separator), count(limit))), splitting],
  ),
  substring: overloads(
    ['string.(int) -> string', (of, start) => substring(asked(of), count(start)), sameLength],
    ['string.(int, int) -> string', (of, start, end) => substring(asked(of), count(start), count(end)), sameLength],
  ),
  trim: overloads(['string.() -> string', (of) => trim(asked(of)), sameLength]),
  'strings.quote': overloads(['(string) -> string', (value) => quoted(asked(value)), characters(0, 0, ({ least, most }) => ({ least: BigInt.asUintN(64, least + 2n), most: BigInt.asUintN(64, most * 2n + 2n) }))]),
  'jsonpatch.escapeKey': overloads(['(string) -> string', (key) => asked(key).replaceAll('~', '~0').replaceAll('/', '~1'), sameLength]),
};

/** Of texts; lists have the same names. */
export const textSearches = {
  indexOf: [
    ['string.(string) -> int', (of: Value | undefined, part: Value | undefined) => indexOf(asked(of), asked(part), 0), itemByItem],
    ['string.(string, int) -> int', (of: Value | undefined, part: Value | undefined, from: Value | undefined) => indexOf(asked(of), asked(part), count(from)), itemByItem],
  ],
  lastIndexOf: [
    ['string.(string) -> int', (of: Value | undefined, part: Value | undefined) => lastIndexOf(asked(of), asked(part)), itemByItem],
    ['string.(string, int) -> int', (of: Value | undefined, part: Value | undefined, from: Value | undefined) => lastIndexOf(asked(of), asked(part), count(from)), itemByItem],
  ],
} as const;
