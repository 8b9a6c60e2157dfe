/** Semantic versions in rules (apiserver/pkg/cel/library/semverlib.go, with the words of blang/semver). */
import { quote } from '../../../lib/go-format.ts';
import { fail, instanceOf, text, truth } from '../arguments.ts';
import { oneUnit, traversal } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { overloads, type FunctionTable } from '../signatures.ts';
import { ObjectValue, type Value } from '../values.ts';
import { quantityOrder } from './quantity.ts';

class SemverValue extends ObjectValue {
  readonly typeName = 'kubernetes.Semver';
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly #prerelease: readonly (bigint | string)[];

  constructor(numbers: readonly [bigint, bigint, bigint], prerelease: readonly (bigint | string)[]) {
    super();
    [this.major, this.minor, this.patch] = numbers;
    this.#prerelease = prerelease;
  }

  equals(other: Value): boolean {
    return other instanceof SemverValue && this.compare(other) === 0;
  }

  /** What was built does not count; a prerelease comes before its release. */
  compare(other: Value | undefined): number {
    const that = version(other);
    for (const part of ['major', 'minor', 'patch'] as const) if (this[part] !== that[part]) return this[part] > that[part] ? 1 : -1;
    const [mine, theirs] = [this.#prerelease, that.#prerelease];
    if (mine.length === 0 || theirs.length === 0) return Math.sign(theirs.length - mine.length);
    for (const [i, a] of mine.entries()) {
      const b = theirs[i];
      if (b === undefined) return 1;
      if (a === b) continue;
      if (typeof a !== typeof b) return typeof a === 'string' ? 1 : -1;
      return a > b ? 1 : -1;
    }
    return Math.sign(mine.length - theirs.length);
  }
}

const version = instanceOf(SemverValue);
const isDigits = (part: string): boolean => /^\d*$/.test(part);
const isWord = (part: string): boolean => /^[A-Za-z0-9-]*$/.test(part);
const hasLeadingZero = (part: string): boolean => part.length > 1 && part.startsWith('0');

function numberOf(part: string, what: 'major' | 'minor' | 'patch'): bigint {
  if (!isDigits(part)) fail(`Invalid character(s) found in ${what} number ${quote(part)}`);
  if (hasLeadingZero(part)) fail(`${what[0]!.toUpperCase()}${what.slice(1)} number must not contain leading zeroes ${quote(part)}`);
  return parsed(part);
}

function parsed(digits: string): bigint {
  if (digits === '') fail('strconv.ParseUint: parsing "": invalid syntax');
  const value = BigInt(digits);
  return value < 2n ** 64n ? value : fail(`strconv.ParseUint: parsing ${quote(digits)}: value out of range`);
}

function prereleasePart(part: string): bigint | string {
  if (part === '') fail('Prerelease is empty');
  if (isDigits(part)) return hasLeadingZero(part) ? fail(`Numeric PreRelease version must not contain leading zeroes ${quote(part)}`) : parsed(part);
  return isWord(part) ? part : fail(`Invalid character(s) found in prerelease ${quote(part)}`);
}

/** Splits once: what stands before the mark, and after it if it is there. */
function cut(value: string, mark: string): [before: string, after: string | undefined] {
  const at = value.indexOf(mark);
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
}

/** Throws EvaluationError. */
function semverOf(value: string): SemverValue {
  if (value === '') fail('Version string empty');
  const [major, minor, rest] = threeParts(value);
  if (rest === undefined) fail('No Major.Minor.Patch elements found');
  const [release, build] = cut(rest, '+');
  const [patch, prerelease] = cut(release, '-');
  const numbers = [numberOf(major!, 'major'), numberOf(minor!, 'minor'), numberOf(patch, 'patch')] as const;
  const parts = prerelease?.split('.').map(prereleasePart) ?? [];
  for (const part of build?.split('.') ?? []) {
    if (part === '') fail('Build meta data is empty');
    if (!isWord(part)) fail(`Invalid character(s) found in build meta data ${quote(part)}`);
  }
  return new SemverValue(numbers, parts);
}

/** Major, minor and all the rest. */
function threeParts(value: string): string[] {
  const parts = value.split('.');
  return parts.length <= 3 ? parts : [parts[0]!, parts[1]!, parts.slice(2).join('.')];
}

/** Without `v` and leading zeros, with the numbers that were left out. */
function normalized(value: string): string {
  const parts = threeParts(value.replace(/^v/, '')).map((part) => (part.length > 1 ? part.replace(/^0+/, '').replace(/^(?!\d)/, '0') : part));
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!)) fail('short version cannot contain PreRelease/Build meta data');
  return [...parts, '0', '0'].slice(0, 3).join('.');
}

const read = (value: Value | undefined, normalize: Value | undefined): SemverValue => semverOf(truth(normalize) ? normalized(text(value)) : text(value));

function isSemver(value: Value | undefined, normalize: Value | undefined): boolean {
  try {
    return read(value, normalize) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

export const semverFunctions: FunctionTable = {
  semver: overloads(['(string) -> semver', (value) => read(value, false), traversal()], ['(string, bool) -> semver', read, traversal()]),
  isSemver: overloads(['(string) -> bool', (value) => isSemver(value, false), traversal()], ['(string, bool) -> bool', isSemver, traversal()]),
  major: overloads(['semver.() -> int', (of) => version(of).major, oneUnit]),
  minor: overloads(['semver.() -> int', (of) => version(of).minor, oneUnit]),
  patch: overloads(['semver.() -> int', (of) => version(of).patch, oneUnit]),
  isGreaterThan: overloads(quantityOrder.isGreaterThan, ['semver.(semver) -> bool', (a, b) => version(a).compare(b) === 1, oneUnit]),
  isLessThan: overloads(quantityOrder.isLessThan, ['semver.(semver) -> bool', (a, b) => version(a).compare(b) === -1, oneUnit]),
  compareTo: overloads(quantityOrder.compareTo, ['semver.(semver) -> int', (a, b) => BigInt(version(a).compare(b)), oneUnit]),
};
