/** The functions of awk that need nothing but values. */
import { compileRegex } from '../../regex.ts';
import { AwkFault } from './ast.ts';
import { formatValues, toNumber, toText, type Value } from './values.ts';

type Pure = (args: readonly Value[]) => Value;

/** The recorded build has no mathematics. */
const noMath: Pure = () => {
  throw new AwkFault('Math support is not compiled in');
};

export const pureFunctions: Readonly<Record<string, Pure>> = {
  index: ([text, wanted]) => (toText(wanted) === '' ? 0 : toText(text).indexOf(toText(wanted)) + 1),
  int: ([value]) => Math.trunc(toNumber(value)),
  sprintf: ([format, ...rest]) => formatValues(toText(format), rest),
  substr: ([text, from, length]) => {
    const source = toText(text);
    // A beginning before the text is its beginning, and takes nothing off the length.
    const start = Math.max(0, Math.trunc(toNumber(from) - 1));
    return source.slice(start, length === undefined ? undefined : start + Math.max(0, Math.trunc(toNumber(length))));
  },
  tolower: ([text]) => toText(text).replace(/[A-Z]/g, (char) => char.toLowerCase()),
  toupper: ([text]) => toText(text).replace(/[a-z]/g, (char) => char.toUpperCase()),
  and: ([a, b]) => Number(bits(a) & bits(b)),
  or: ([a, b]) => Number(bits(a) | bits(b)),
  xor: ([a, b]) => Number(bits(a) ^ bits(b)),
  compl: ([a]) => Number(BigInt.asUintN(64, ~bits(a))),
  lshift: ([a, b]) => Number(BigInt.asUintN(64, bits(a) << (bits(b) & 63n))),
  rshift: ([a, b]) => Number(bits(a) >> (bits(b) & 63n)),
  mktime: ([text]) => mktime(toText(text)),
  sin: noMath, cos: noMath, atan2: noMath, exp: noMath, log: noMath, sqrt: noMath,
};

/** The operand of a bitwise function: 64 bits without a sign. */
function bits(value: Value): bigint {
  const number = Math.trunc(toNumber(value));
  return Number.isFinite(number) ? BigInt.asUintN(64, BigInt(number)) : 0n;
}

/** Seconds of `YYYY MM DD HH MM SS`, -1 for what is no time. */
function mktime(text: string): number {
  const [year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN] = text.trim().split(/\s+/).map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isNaN(ms) ? -1 : ms / 1000;
}

/** gensub: the new text with every match or only the `which`th replaced; `\\1` stands for what a group matched. */
export function generalSubstitute(regex: RegExp, by: string, which: string, text: string): string {
  const wanted = /^[gG]/.test(which) ? undefined : Math.max(1, toNumber(which));
  let count = 0;
  return text.replace(new RegExp(regex.source, 'g'), (match: string, ...groups: unknown[]) => {
    if (wanted !== undefined && ++count !== wanted) return match;
    const group = (digit: string): string => (digit === '0' ? match : typeof groups[Number(digit) - 1] === 'string' ? groups[Number(digit) - 1] as string : '');
    return by.replace(/\\(\d)|\\(.)|&/g, (whole, digit: string | undefined, escaped: string | undefined) => (digit !== undefined ? group(digit) : escaped ?? (whole === '&' ? match : whole)));
  });
}

export function toRegex(value: Value): RegExp {
  return compileRegex(toText(value), { extended: true });
}

/** sub and gsub: the new text and how often it was replaced. */
export function substituteText(regex: RegExp, by: string, text: string, all: boolean): { text: string; count: number } {
  let count = 0;
  const result = text.replace(new RegExp(regex.source, all ? 'g' : ''), (match) => {
    count++;
    return by.replace(/\\([\\&])|&/g, (whole, escaped: string | undefined) => escaped ?? (whole === '&' ? match : whole));
  });
  return { text: result, count };
}
