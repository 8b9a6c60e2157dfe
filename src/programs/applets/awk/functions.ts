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
  index: ([text, wanted]) => toText(text).indexOf(toText(wanted)) + 1,
  int: ([value]) => Math.trunc(toNumber(value)),
  sprintf: ([format, ...rest]) => formatValues(toText(format), rest),
  substr: ([text, from, length]) => {
    const source = toText(text);
    const start = Math.round(toNumber(from));
    const end = length === undefined ? Infinity : start + Math.round(toNumber(length));
    return source.slice(Math.max(0, start - 1), Math.max(0, end - 1));
  },
  tolower: ([text]) => toText(text).replace(/[A-Z]/g, (char) => char.toLowerCase()),
  toupper: ([text]) => toText(text).replace(/[a-z]/g, (char) => char.toUpperCase()),
  and: ([a, b]) => Number(BigInt(toNumber(a)) & BigInt(toNumber(b))),
  or: ([a, b]) => Number(BigInt(toNumber(a)) | BigInt(toNumber(b))),
  xor: ([a, b]) => Number(BigInt(toNumber(a)) ^ BigInt(toNumber(b))),
  lshift: ([a, b]) => Number(BigInt(toNumber(a)) << BigInt(toNumber(b) & 63)),
  rshift: ([a, b]) => Number(BigInt(toNumber(a)) >> BigInt(toNumber(b) & 63)),
  sin: noMath, cos: noMath, atan2: noMath, exp: noMath, log: noMath, sqrt: noMath,
};

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
