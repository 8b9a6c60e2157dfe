/** Values of awk: numbers, strings, and input, which is a number when it looks like one. */
import { formatFloat } from '../echo.ts';
import { AwkFault } from './ast.ts';

/** Text from outside: fields, lines, ARGV, ENVIRON. It compares as a number when it looks like one. */
export class Input {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Undefined is a variable that was never set: 0 and ''. */
export type Value = number | string | Input | undefined;

/** What strtod reads: also hexadecimal numbers, and the names of what is no number. */
const number = String.raw`\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)`;
const numeric = new RegExp(`^${number}\\s*$`, 'i');
const numberPrefix = new RegExp(`^${number}`, 'i');

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  const text = value instanceof Input ? value.text : value;
  if (text === undefined || text === '') return 0;
  const prefix = numberPrefix.exec(text)?.[0].trim();
  if (prefix === undefined) return 0;
  const parsed = Number(prefix);
  return Number.isNaN(parsed) ? special(prefix) : parsed;
}

/** `-0x1f`, `inf` and `nan`, which JavaScript writes otherwise. */
function special(text: string): number {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(text)!;
  const size = /^0x/i.test(rest) ? Number(rest) : /^inf/i.test(rest) ? Infinity : NaN;
  return sign === '-' ? -size : size;
}

export function toText(value: Value, format = '%.6g'): string {
  if (typeof value === 'number') return numberText(value, format);
  return value instanceof Input ? value.text : value ?? '';
}

function numberText(value: number, format: string): string {
  if (Number.isInteger(value)) {
    if (Math.abs(value) < 1e16) return String(value);
    if (Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  }
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

/** printf of awk. Integers are those of C's int, whatever the letters before the conversion say. */
export function formatValues(format: string, args: readonly Value[]): string {
  let next = 0;
  return format.replace(/%(?:(%)|([^a-zA-Z%]*)([a-zA-Z]))/g, (_, percent: string | undefined, spec: string, conversion: string) => {
    if (percent !== undefined) return '%';
    if (spec.includes('*')) throw new AwkFault('%*x formats are not supported');
    const [, flags = '', width, precision] = /^([-+ 0#]*)(\d*)(?:\.(\d*))?/.exec(spec)!;
    return pad(convert(args[next++], flags, precision === undefined ? undefined : Number(precision), conversion), flags, Number(width), 'diouxXeEfFgG'.includes(conversion));
  });
}

/** C's conversion of what does not fit gives the least int. */
function toInt(value: number): number {
  const whole = Math.trunc(value);
  return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : -(2 ** 31);
}

function convert(value: Value, flags: string, precision: number | undefined, conversion: string): string {
  const signed = (text: string): string => (text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text);
  switch (conversion) {
    case 'c': return value !== undefined && looksNumeric(value) ? String.fromCharCode(toNumber(value) & 255) : toText(value).slice(0, 1) || '\0';
    case 's': return precision === undefined ? toText(value) : toText(value).slice(0, precision);
    case 'd':
    case 'i': {
      const number = toInt(toNumber(value));
      const digits = String(Math.abs(number)).padStart(precision ?? 1, '0');
      return signed(number < 0 ? `-${digits}` : digits);
    }
    case 'o':
    case 'u':
    case 'x':
    case 'X': {
      const digits = (toInt(toNumber(value)) >>> 0).toString(conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16).padStart(precision ?? 1, '0');
      return conversion === 'X' ? digits.toUpperCase() : digits;
    }
    default:
      if ('eEfFgG'.includes(conversion)) return signed(formatFloat(toNumber(value), conversion, precision ?? 6));
      throw new AwkFault('Invalid format specifier');
  }
}

function pad(text: string, flags: string, width: number, isNumber: boolean): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
