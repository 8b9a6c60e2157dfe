/**
 * Time and MicroTime: RFC 3339 in UTC, with whole seconds or with exactly six decimals.
 *
 * The parser reads what Go's `time.Parse` reads (so `3:04:05` is an hour and a comma starts a fraction) and fails with
 * its words. Instants between objects are milliseconds; this file is where they become text and back.
 */
import { notAString, quoteBytes } from './go-error.ts';

/** The text is not a time; the message is Go's. */
export class TimeError extends Error {}

/** A point in time as protobuf carries it: seconds since 1970 and the nanoseconds after them. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const timeLayout = '2006-01-02T15:04:05Z07:00';
const microTimeLayout = '2006-01-02T15:04:05.000000Z07:00';

/** Seconds of Go's zero time, the first second of year 1, which stands for "not set". */
const zeroSeconds = -62_135_596_800;

/** Reads a Time. Fractions of a second are dropped, as every way out of upstream drops them. Throws `TimeError`. */
export function parseTime(text: string): Instant {
  return { seconds: new TimeParser(text, timeLayout).parse(false).seconds, nanos: 0 };
}

/** Reads a MicroTime, which must have six decimals. Throws `TimeError`. */
export function parseMicroTime(text: string): Instant {
  const { seconds, nanos } = new TimeParser(text, microTimeLayout).parse(true);
  return { seconds, nanos };
}

/** Reads RFC 3339 with any fraction of a second; `offset`: seconds east of UTC. Throws `TimeError`. */
export function parseZonedTime(text: string): Instant & { readonly offset: number } {
  return new TimeParser(text, timeLayout).parse(false);
}

/** What Go's `time.Time` is when nothing is set: the first moment of year 1. */
const zeroTimeMs = -62_135_596_800_000;

/** Milliseconds since 1970 of a Time as the API writes it; null, as in a condition without its time, is Go's zero time. */
export function timeToMs(text: string | null | undefined): number {
  if (!text) return zeroTimeMs;
  const ms = text.length === 20 ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? parseTime(text).seconds * 1000 : ms;
}

/** Milliseconds since 1970 of a MicroTime; what is finer is dropped. */
export function microTimeToMs(text: string): number {
  const { seconds, nanos } = parseMicroTime(text);
  return seconds * 1000 + Math.floor(nanos / 1e6);
}

/** A Time for an instant in milliseconds: whole seconds, the rest dropped. */
export function formatTime(ms: number): string {
  return printTime({ seconds: Math.floor(ms / 1000), nanos: 0 });
}

/** A MicroTime for an instant in milliseconds. */
export function formatMicroTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return printMicroTime({ seconds, nanos: Math.floor(ms - seconds * 1000) * 1e6 });
}

export function printTime({ seconds }: Instant): string {
  const slot = seconds & (printed.length - 1);
  let last = printed[slot];
  if (last?.seconds !== seconds) printed[slot] = last = { seconds, text: utcText(seconds) };
  return last.text;
}

/** Most times that are printed have been printed a moment before: each second has its place here. */
const printed = new Array<{ readonly seconds: number; readonly text: string } | undefined>(256);

function utcText(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  // toISOString gives years outside 0 … 9999 a sign and six digits; Go writes as many digits as needed, at least four.
  const text = /^[+-]/.test(iso) ? goYear(iso) : iso;
  return `${text.slice(0, -5)}Z`;
}

export function printMicroTime(instant: Instant): string {
  const micros = Math.floor(instant.nanos / 1000);
  return `${printTime(instant).slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}

/** True for Go's zero time, which JSON shows as null. */
export function isZeroTime(instant: Instant): boolean {
  return instant.seconds === zeroSeconds && instant.nanos === 0;
}

/** A decoded JSON value as a canonical Time or MicroTime text, null when it is not set. Throws `TimeError`. */
export function timeFromJson(type: 'Time' | 'MicroTime', value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') throw new TimeError(notAString(value));
  const canonical = canonicalTimes[type];
  let result = canonical.get(value);
  if (result === undefined) {
    result = canonicalTime(type, value);
    if (canonical.size >= canonicalTimesMax) canonical.clear();
    canonical.set(value, result);
  }
  return result;
}

/** The same few times are read again and again: every write of an object passes over all times in it. */
const canonicalTimes = { Time: new Map<string, string | null>(), MicroTime: new Map<string, string | null>() };
const canonicalTimesMax = 10_000;

function canonicalTime(type: 'Time' | 'MicroTime', text: string): string | null {
  const instant = type === 'Time' ? parseTime(text) : parseMicroTime(text);
  if (isZeroTime(instant)) return null;
  return type === 'Time' ? printTime(instant) : printMicroTime(instant);
}

function goYear(iso: string): string {
  const sign = iso.startsWith('-') ? '-' : '';
  return sign + String(Number(iso.slice(1, 7))).padStart(4, '0') + iso.slice(7);
}

/** One pass over a text along a layout; the names of layout elements are those of Go's error texts. */
class TimeParser {
  readonly #text: string;
  readonly #layout: string;
  #rest: string;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.#layout = layout;
    this.#rest = text;
  }

  parse(withMicros: boolean): Instant & { readonly offset: number } {
    const year = this.#year();
    this.#literal('-');
    const month = this.#number('01', 1, 12, 'month');
    this.#literal('-');
    const day = this.#number('02', -Infinity, Infinity, 'day');
    this.#literal('T');
    const hour = this.#number('15', 0, 23, 'hour', true);
    this.#literal(':');
    const minute = this.#number('04', 0, 59, 'minute');
    this.#literal(':');
    const second = this.#number('05', 0, 59, 'second');
    const nanos = withMicros ? this.#micros() : this.#looseFraction();
    const offset = this.#zone();
    if (this.#rest !== '') throw this.#error(`: extra text: ${quoteBytes(this.#rest)}`);
    if (day < 1 || day > daysIn(month, year)) throw this.#error(': day out of range');
    return { seconds: utcSeconds(year, month, day) + hour * 3600 + minute * 60 + second - offset, nanos, offset };
  }

  #year(): number {
    const digits = /^[0-9]{4}/.exec(this.#rest);
    if (!digits) throw this.#mismatch('2006', this.#rest);
    return Number(this.#take(4));
  }

  #literal(char: string): void {
    if (!this.#rest.startsWith(char)) throw this.#mismatch(char, this.#rest);
    this.#take(1);
  }

  #number(element: string, least: number, most: number, name: string, oneDigit = false): number {
    const digits = (oneDigit ? /^[0-9]{1,2}/ : /^[0-9]{2}/).exec(this.#rest);
    if (!digits) throw this.#mismatch(element, this.#rest);
    const number = Number(this.#take(digits[0].length));
    if (number < least || number > most) throw this.#error(`: ${name} out of range`);
    return number;
  }

  #micros(): number {
    if (!/^[.,][0-9]{6}/.test(this.#rest)) throw this.#mismatch('.000000', this.#rest);
    return Number(this.#take(7).slice(1)) * 1000;
  }

  /** A fraction that the layout does not ask for, of any length. */
  #looseFraction(): number {
    const fraction = /^[.,][0-9]+/.exec(this.#rest);
    return fraction ? Number(this.#take(fraction[0].length).slice(1, 10).padEnd(9, '0')) : 0;
  }

  #zone(): number {
    if (this.#rest.startsWith('Z')) {
      this.#take(1);
      return 0;
    }
    const zone = /^(.)([0-9]{2}):([0-9]{2})/s.exec(this.#rest);
    if (!zone) throw this.#mismatch('Z07:00', this.#rest);
    const hold = this.#rest;
    this.#take(6);
    const [, sign, hours, minutes] = zone;
    if (Number(hours) > 24) throw this.#error(': time zone offset hour out of range');
    if (Number(minutes) > 60) throw this.#error(': time zone offset minute out of range');
    if (sign !== '+' && sign !== '-') throw this.#mismatch('Z07:00', hold);
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  }

  #take(length: number): string {
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return taken;
  }

  #mismatch(element: string, rest: string): TimeError {
    return this.#error(` as ${quoteBytes(this.#layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(element)}`);
  }

  #error(complaint: string): TimeError {
    return new TimeError(`parsing time ${quoteBytes(this.#text)}${complaint}`);
  }
}

function daysIn(month: number, year: number): number {
  return Math.round((utcSeconds(year, month + 1, 1) - utcSeconds(year, month, 1)) / 86400);
}

/** Midnight UTC; years below 100 are meant literally. */
function utcSeconds(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 1000;
}
