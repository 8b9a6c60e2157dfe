/** Values of awk: numbers, strings, and input, which is a number when it looks like one. */
import { formatFloat } from '../echo.ts';

/** Text from outside: fields, lines, ARGV, ENVIRON. It compares as a number when it looks like one. */
export class Input {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Undefined is a variable that was never set: 0 and ''. */
export type Value = number | string | Input | undefined;

const numeric = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  const text = value instanceof Input ? value.text : value;
  const prefix = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text ?? '');
  return prefix ? Number(prefix[0]) : 0;
}

export function toText(value: Value, format = '%.6g'): string {
  if (typeof value === 'number') return numberText(value, format);
  return value instanceof Input ? value.text : value ?? '';
}

function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value);
  const match = /^%(?:\.(\d+))?([efgEFG])$/.exec(format);
  return match ? formatFloat(value, match[2]!, Number(match[1] ?? '6')) : String(value);
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (value instanceof Input) return numeric.test(value.text) ? toNumber(value) !== 0 : value.text !== '';
  return value !== undefined && value !== '';
}

/** Below, at or above 0. Numbers compare as numbers, all else as text. */
export function compareValues(left: Value, right: Value): number {
  if (looksNumeric(left) && looksNumeric(right)) return toNumber(left) - toNumber(right);
  const a = toText(left);
  const b = toText(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

function looksNumeric(value: Value): boolean {
  return value === undefined || typeof value === 'number' || (value instanceof Input && numeric.test(value.text));
}

/** printf of awk. */
export function formatValues(format: string, args: readonly Value[]): string {
  let next = 0;
  return format.replace(/%(?:(%)|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLq]*([a-zA-Z]))/g, (whole, percent, flags: string, widthText, precisionText, conversion: string) => {
    if (percent !== undefined) return '%';
    const count = (text: string | undefined): number => (text === '*' ? toNumber(args[next++]) : Number(text ?? '0'));
    const width = count(widthText as string | undefined);
    const precision = whole.includes('.') ? count(precisionText as string | undefined) : undefined;
    const value = args[next++];
    return pad(convert(value, flags, precision, conversion), flags, width, 'diouxXeEfFgG'.includes(conversion));
  });
}

function convert(value: Value, flags: string, precision: number | undefined, conversion: string): string {
  const signed = (text: string): string => (text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text);
  switch (conversion) {
    case 'c': return typeof value === 'number' ? String.fromCharCode(value & 255) : toText(value).slice(0, 1);
    case 's': return precision === undefined ? toText(value) : toText(value).slice(0, precision);
    case 'd':
    case 'i': {
      const number = Math.trunc(toNumber(value));
      const digits = BigInt(Math.abs(number) < 1e300 ? Math.abs(number) : 0).toString().padStart(precision ?? 1, '0');
      return signed(number < 0 ? `-${digits}` : digits);
    }
    case 'o':
    case 'u':
    case 'x':
    case 'X': {
      const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
      const digits = BigInt.asUintN(64, BigInt(Math.trunc(toNumber(value)))).toString(radix).padStart(precision ?? 1, '0');
      return conversion === 'X' ? digits.toUpperCase() : digits;
    }
    default: return 'eEfFgG'.includes(conversion) ? signed(formatFloat(toNumber(value), conversion, precision ?? 6)) : `%${conversion}`;
  }
}

function pad(text: string, flags: string, width: number, isNumber: boolean): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
