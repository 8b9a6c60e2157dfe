/** echo and printf: builtins of the shell and programs of their own. */
import { decodeText } from '../bytes.ts';
import { echoEscapes } from '../escapes.ts';
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';

export function* echo(process: Process, words: readonly string[]): Run<number> {
  let at = 1;
  let newline = true;
  let escapes = false;
  for (; at < words.length && /^-[neE]+$/.test(words[at]!); at++) {
    for (const letter of words[at]!.slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  }
  const text = words.slice(at).join(' ');
  if (!escapes) {
    process.print(newline ? `${text}\n` : text);
    return 0;
  }
  const escaped = echoEscapes(text, true);
  process.print(newline && !escaped.stopped ? `${escaped.text}\n` : escaped.text);
  return 0;
}

const directive = /%(?:(%)|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|L|z|j|t)?([a-zA-Z]))|\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])|([^%\\]+|[\s\S])/g;

export function* printf(process: Process, words: readonly string[], name: string): Run<number> {
  const args = words[1] === '--' ? words.slice(2) : words.slice(1);
  const format = args[0];
  if (format === undefined) {
    process.complain(`${name}: usage: printf FORMAT [ARGUMENT...]\n`);
    return 2;
  }
  const formatter = new Formatter(process, name, args.slice(1));
  do {
    if (!formatter.round(format)) break;
    yield* process.flush(4096);
  } while (formatter.usedSome && formatter.left > 0);
  return formatter.status;
}

class Formatter {
  status = 0;
  usedSome = false;
  readonly #process: Process;
  readonly #name: string;
  readonly #args: readonly string[];
  #at = 0;

  constructor(process: Process, name: string, args: readonly string[]) {
    this.#process = process;
    this.#name = name;
    this.#args = args;
  }

  get left(): number {
    return this.#args.length - this.#at;
  }

  /** Prints the format once; false when printing must stop. */
  round(format: string): boolean {
    for (const match of format.matchAll(directive)) {
      const [whole, percent, flags, width, precision, conversion, escape, plain] = match;
      if (percent !== undefined) this.#process.print('%');
      else if (plain !== undefined && plain !== '%') this.#process.print(plain);
      else if (escape !== undefined) {
        const { text, stopped } = echoEscapes(whole, false);
        this.#process.print(text);
        if (stopped) return false;
      } else if (plain === '%' || !'diouxXcsbeEfFgGq'.includes(conversion!) || conversion === 'q') return this.#invalid(format.slice(match.index));
      else if (!this.#convert(flags!, this.#number(width), this.#precision(whole, precision), conversion!)) return false;
    }
    return true;
  }

  #invalid(rest: string): boolean {
    // busybox cuts the letter that it does not know.
    const text = /^%[a-zA-Z]/.test(rest) && !rest.startsWith('%q') ? `%${rest.slice(2)}` : rest;
    this.#process.complain(`${this.#name}: ${text}: invalid format\n`);
    this.status = 1;
    return false;
  }

  #number(text: string | undefined): number {
    return text === '*' ? Number(this.#next() ?? '0') : Number(text ?? '0');
  }

  #precision(whole: string, text: string | undefined): number | undefined {
    const precision = whole.includes('.') ? this.#number(text) : -1;
    return precision < 0 ? undefined : precision;
  }

  #next(): string | undefined {
    this.usedSome = true;
    return this.#args[this.#at++];
  }

  #convert(flags: string, width: number, precision: number | undefined, conversion: string): boolean {
    const given = this.#next();
    const arg = given ?? '';
    if (conversion === 'b') {
      const { text, stopped } = echoEscapes(arg, true);
      this.#pad(text, flags, width);
      return !stopped;
    }
    if (conversion === 's') this.#pad(precision === undefined ? arg : arg.slice(0, precision), flags, width);
    else if (conversion === 'c') this.#pad(arg.slice(0, 1) || '\0', flags, width);
    else if ('eEfFgG'.includes(conversion)) this.#signed(formatFloat(this.#float(arg), conversion, precision ?? 6), flags, width);
    else this.#integer(given ?? '0', flags, width, precision, conversion);
    return true;
  }

  #integer(arg: string, flags: string, width: number, precision: number | undefined, conversion: string): void {
    const value = this.#parse(arg, conversion);
    const unsigned = value < 0n && !'di'.includes(conversion) ? BigInt.asUintN(64, value) : value;
    const base = conversion === 'o' ? 8 : conversion.toLowerCase() === 'x' ? 16 : 10;
    let digits = (unsigned < 0n ? -unsigned : unsigned).toString(base).padStart(precision ?? 1, '0');
    if (conversion === 'X') digits = digits.toUpperCase();
    if (flags.includes('#') && unsigned !== 0n) digits = (base === 8 ? '0' : base === 16 ? `0${conversion}` : '') + digits;
    this.#signed((unsigned < 0n ? '-' : '') + digits, precision === undefined ? flags : flags.replace('0', ''), width);
  }

  #signed(text: string, flags: string, width: number): void {
    const signed = text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
    if (!flags.includes('0') || flags.includes('-') || width < 0) return this.#pad(signed, flags, width);
    const sign = /^[-+ ]/.exec(signed)?.[0] ?? '';
    this.#process.print(sign + signed.slice(sign.length).padStart(width - sign.length, '0'));
  }

  #pad(text: string, flags: string, width: number): void {
    this.#process.print(flags.includes('-') || width < 0 ? text.padEnd(Math.abs(width)) : text.padStart(width));
  }

  /** 0 for what is no number of 64 bits. */
  #parse(text: string, conversion: string): bigint {
    if (/^['"]/.test(text)) return BigInt(decodeText(text.slice(1)).codePointAt(0) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text);
    const digits = match && /^0\d/.test(match[2]!) ? `0o${match[2]!.slice(1)}` : match?.[2];
    if (digits !== undefined && !/^0o.*[89]/.test(digits)) {
      const value = match![1] === '-' ? -BigInt(digits) : BigInt(digits);
      const max = 'di'.includes(conversion) ? int64Max : uint64Max;
      if (value >= -int64Max - 1n && value <= max) return value;
    }
    this.#complain(text);
    return 0n;
  }

  #float(text: string): number {
    const value = text === '' ? 0 : Number(text);
    if (!Number.isNaN(value)) return value;
    this.#complain(text);
    return 0;
  }

  #complain(text: string): void {
    this.#process.complain(`${this.#name}: invalid number '${text}'\n`);
    this.status = 1;
  }
}

const int64Max = 2n ** 63n - 1n;
const uint64Max = 2n ** 64n - 1n;

/** As many as JavaScript prints. */
const digitsMax = 100;
/** More zeros than this are nobody's wish. */
const precisionMax = 10_000;

/** A number as C prints it. */
export function formatFloat(value: number, conversion: string, precision: number): string {
  const lower = conversion.toLowerCase();
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const digits = Math.min(precision, digitsMax);
  let text: string;
  if (lower === 'f') text = fixed(value, precision);
  else if (lower === 'e') text = exponent(value.toExponential(digits));
  else text = general(value, digits === 0 ? 1 : digits);
  return lower === conversion ? text : text.toUpperCase();
}

/** JavaScript writes great numbers with an exponent, and no more than so many digits. */
function fixed(value: number, precision: number): string {
  const digits = Math.min(precision, digitsMax);
  const text = Math.abs(value) < 1e21 ? rounded(value, digits) : `${BigInt(value)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  return text + '0'.repeat(Math.min(precision, precisionMax) - digits);
}

/** C gives what lies in the middle to the even digit; toFixed does not. */
function rounded(value: number, digits: number): string {
  const exact = value.toFixed(digitsMax);
  const end = exact.indexOf('.') + 1 + digits;
  if (!/^50*$/.test(exact.slice(end))) return value.toFixed(digits);
  const cut = exact.slice(0, digits === 0 ? -1 - digitsMax : end);
  return Number(cut.at(-1)) % 2 === 0 ? cut : value.toFixed(digits);
}

function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

/** `%g`: the shorter of both forms, without zeros at the end. */
function general(value: number, precision: number): string {
  if (value === 0) return '0';
  const power = Math.floor(Math.log10(Math.abs(Number(value.toExponential(precision - 1)))));
  if (power < -4 || power >= precision) return exponent(value.toExponential(precision - 1).replace(/\.?0+e/, 'e'));
  const text = value.toFixed(Math.max(0, precision - 1 - power));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

