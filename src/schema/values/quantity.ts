/**
 * Quantities: `500m`, `1.5Gi`, `1e3`.
 *
 * Arithmetic is exact and follows upstream even where it is odd (apimachinery/pkg/api/resource): upstream keeps small
 * numbers as an int64 with a decimal exponent (`fast` here) and all others as big decimals, and the two answer
 * differently to overflow, to rounding of negative numbers and to "is this an int64". Quantities never change.
 */
import {
  compare, exactInteger, exponentMax, int64Digits, int64Max, int64OrUndefined, isInt64, rescale, roundUp, scaleBig, scaleInt64, type Decimal,
} from './decimal.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** What upstream's struct holds. */
export interface QuantityFields {
  readonly int64: Decimal;
  /** Undefined for a number that fits an int64. */
  readonly decimal: Decimal | undefined;
  readonly text: string;
  readonly format: QuantityFormat;
}

/** The text is not a quantity; the message is upstream's. */
export class QuantityError extends Error {}

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericWrong = 'unable to parse numeric part of quantity';
const suffixWrong = "unable to parse quantity's suffix";

const decimalSuffixes: Readonly<Record<string, number>> = {
  n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18,
};
const decimalSuffixOf = new Map(Object.entries(decimalSuffixes).map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const nano = -9;

export class Quantity {
  readonly format: QuantityFormat;
  readonly #amount: Decimal;
  /** Upstream holds the number as an int64 with an exponent. */
  readonly #fast: boolean;
  /** The text as it was sent, which upstream keeps when it looks canonical (`+1`, `007`). */
  readonly #sent: string | undefined;
  #canonical: string | undefined;

  constructor(amount: Decimal, format: QuantityFormat, fast: boolean, sent?: string) {
    this.#amount = amount;
    this.format = format;
    this.#fast = fast;
    this.#sent = sent;
  }

  /** The text in which the API shows the quantity. */
  canonical(): string {
    return (this.#canonical ??= this.#sent ?? print(this.#amount, this.format));
  }

  /** The fields of upstream's struct. */
  fields(): QuantityFields {
    const number = this.#fast ? { int64: this.#amount, decimal: undefined } : { int64: { unscaled: 0n, exponent: 0 }, decimal: this.#amount };
    return { ...number, text: this.#sent ?? '', format: this.format };
  }

  toString(): string {
    return this.canonical();
  }

  /** The number in whole units, rounded up; an int64 that overflows the way upstream's does. */
  value(): bigint {
    return this.#scaled(0);
  }

  /** The number in thousandths, rounded up; see `value`. */
  milliValue(): bigint {
    return this.#scaled(-3);
  }

  /** The exact int64, where upstream can tell at once. */
  asInt64(): bigint | undefined {
    const { unscaled, exponent } = this.#amount;
    if (!this.#fast || exponent < 0) return undefined;
    return int64OrUndefined(unscaled, exponent);
  }

  /** The nearest double, but for rounding errors. */
  approximate(): number {
    return Number(this.#amount.unscaled) * 10 ** this.#amount.exponent;
  }

  sign(): -1 | 0 | 1 {
    const { unscaled } = this.#amount;
    return unscaled === 0n ? 0 : unscaled > 0n ? 1 : -1;
  }

  isZero(): boolean {
    return this.#amount.unscaled === 0n;
  }

  cmp(other: Quantity): -1 | 0 | 1 {
    return compare(this.#amount, other.#amount);
  }

  /** The sum, in this quantity's format (the other's, when this one is zero). */
  add(other: Quantity): Quantity {
    const format = this.isZero() ? other.format : this.format;
    const fast = this.#fast && other.#fast;
    if (fast && other.isZero()) return new Quantity(this.#amount, format, true);
    if (fast && this.isZero()) return new Quantity(other.#amount, format, true);
    const exponent = Math.min(this.#amount.exponent, other.#amount.exponent);
    const unscaled = rescale(this.#amount, exponent) + rescale(other.#amount, exponent);
    return new Quantity({ unscaled, exponent }, format, fast && isInt64(unscaled));
  }

  sub(other: Quantity): Quantity {
    return this.add(new Quantity({ ...other.#amount, unscaled: -other.#amount.unscaled }, other.format, other.#fast));
  }

  #scaled(exponent: number): bigint {
    return this.#fast ? scaleInt64(this.#amount, exponent) : scaleBig(this.#amount, exponent);
  }
}

/** Reads a quantity. Throws `QuantityError`. */
export function parseQuantity(input: string | number): Quantity {
  const text = String(input);
  if (text === '0') return new Quantity({ unscaled: 0n, exponent: 0 }, 'DecimalSI', true, text);
  const parts = split(text);
  const { base, exponent, format } = interpretSuffix(parts.suffix);
  return parseSmall(text, parts, exponent, format) ?? parseBig(parts, base, exponent, format);
}

/** Reads a quantity from the JSON source of a member, as a decoder sees it: a string, a number, or `null` for zero. */
export function quantityFromJson(source: string): Quantity {
  if (source === 'null') return new Quantity({ unscaled: 0n, exponent: 0 }, 'DecimalSI', true);
  const quoted = source.length >= 2 && source.startsWith('"') && source.endsWith('"');
  return parseQuantity((quoted ? source.slice(1, -1) : source).trim());
}

const canonicalTexts = new Map<string, string>();
const canonicalTextsMax = 4096;

/** The canonical text of a quantity. Remembers what it has seen: the same few texts come back for ever. */
export function canonicalQuantity(text: string): string {
  let canonical = canonicalTexts.get(text);
  if (canonical === undefined) {
    canonical = parseQuantity(text).canonical();
    if (canonicalTexts.size >= canonicalTextsMax) canonicalTexts.clear();
    canonicalTexts.set(text, canonical);
  }
  return canonical;
}

interface Parts {
  readonly negative: boolean;
  /** Digits before the point without leading zeros, and digits after it. */
  readonly whole: string;
  readonly fraction: string;
  readonly hasDigits: boolean;
  readonly suffix: string;
}

/** Takes a text apart. More lenient than the expression in the error text, as upstream is: `Ki` and `-` count as zero. */
function split(text: string): Parts {
  const match = /^([+-]?)(0*)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (!match || text === '') throw new QuantityError(formatWrong);
  const [, sign, zeros = '', whole = '', fraction = '', suffix = ''] = match;
  return { negative: sign === '-', whole, fraction, hasDigits: zeros + whole + fraction !== '', suffix };
}

function interpretSuffix(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  if (Object.hasOwn(decimalSuffixes, suffix)) return { base: 10, exponent: decimalSuffixes[suffix]!, format: 'DecimalSI' };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: 10 * binary, format: 'BinarySI' };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) throw new QuantityError(suffixWrong);
  const exponent = BigInt(suffix.slice(suffix[1] === '+' ? 2 : 1));
  if (!isInt64(exponent)) throw new QuantityError(suffixWrong);
  return { base: 10, exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' };
}

/** Numbers that upstream holds as an int64; undefined for all others. */
function parseSmall(text: string, parts: Parts, exponent: number, format: QuantityFormat): Quantity | undefined {
  const { fraction, negative } = parts;
  const whole = parts.whole === '' ? '0' : parts.whole;
  let multiplier = 1n;
  let scale = -fraction.length;
  if (format === 'BinarySI') {
    const digitsLeft = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
    if (fraction !== '' || digitsLeft < 0) return undefined;
    multiplier = 2n ** BigInt(exponent);
  } else {
    if (whole.length + fraction.length > int64Digits) return undefined;
    scale += exponent;
  }
  if (scale < nano) return undefined;
  const digits = whole + fraction;
  const number = BigInt(digits);
  const unscaled = number * multiplier;
  if (!isInt64(unscaled)) return undefined;
  const keepsText = format === 'BinarySI'
    ? (number & 7n) !== 0n
    : scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
  return new Quantity({ unscaled: negative ? -unscaled : unscaled, exponent: scale }, format, true, keepsText ? text : undefined);
}

/** All other numbers: rounded away from zero to whole nanos, and binary ones capped at the greatest int64. */
function parseBig(parts: Parts, base: 2 | 10, exponent: number, format: QuantityFormat): Quantity {
  if (!parts.hasDigits) throw new QuantityError(numericWrong);
  let unscaled = BigInt(parts.whole + parts.fraction || '0');
  if (base === 2) unscaled *= 2n ** BigInt(exponent);
  let amount: Decimal = { unscaled, exponent: (base === 10 ? exponent : 0) - parts.fraction.length };
  if (unscaled !== 0n && amount.exponent <= exponentMax) amount = { unscaled: roundUp(amount, nano), exponent: nano };
  if (format === 'BinarySI') {
    if (compare(amount, { unscaled: int64Max, exponent: 0 }) > 0) amount = { unscaled: int64Max, exponent: 0 };
    if (unscaled !== 0n && compare(amount, { unscaled: 1n, exponent: 0 }) < 0) format = 'DecimalSI';
  }
  return new Quantity(parts.negative ? { ...amount, unscaled: -amount.unscaled } : amount, format, false);
}

function print(amount: Decimal, format: QuantityFormat): string {
  if (amount.unscaled === 0n) return '0';
  if (format === 'BinarySI') {
    const whole = exactInteger(amount);
    if (whole !== undefined && (whole <= -1024n || whole >= 1024n)) return printBinary(whole);
  }
  let { unscaled, exponent } = amount;
  while (unscaled % 10n === 0n) {
    unscaled /= 10n;
    exponent++;
  }
  while (exponent % 3 !== 0) {
    unscaled *= 10n;
    exponent--;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${unscaled}` : `${unscaled}e${exponent}`;
  return `${unscaled}${decimalSuffixOf.get(exponent) ?? ''}`;
}

function printBinary(whole: bigint): string {
  let power = 0;
  while (whole % 1024n === 0n) {
    whole /= 1024n;
    power++;
  }
  return `${whole}${binarySuffixes[power] ?? ''}`;
}
