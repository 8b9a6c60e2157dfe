/** Points in time and durations in expressions (cel-go's common/types/timestamp.go and duration.go). */
import { DurationError, parseDuration } from '../../schema/values/duration.ts';
import { parseZonedTime, TimeError } from '../../schema/values/time.ts';
import { EvaluationError } from './evaluation-error.ts';
import { ObjectValue, type Value } from './values.ts';

const nanosPerSecond = 1_000_000_000n;
const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

export class Duration extends ObjectValue {
  readonly typeName = 'google.protobuf.Duration';
  readonly nanos: bigint;

  /** Throws EvaluationError for more than 292 years. */
  constructor(nanos: bigint) {
    super();
    if (nanos < int64Min || nanos > int64Max) throw new EvaluationError('duration overflow');
    this.nanos = nanos;
  }

  /** Undefined for what Go does not read. */
  static parse(text: string): Duration | undefined {
    try {
      return new Duration(parseDuration(text));
    } catch (error) {
      if (error instanceof DurationError) return undefined;
      throw error;
    }
  }

  override get isZero(): boolean {
    return this.nanos === 0n;
  }

  equals(other: Value): boolean {
    return other instanceof Duration && other.nanos === this.nanos;
  }

  /** In whole units of so many nanoseconds, the rest dropped. */
  whole(unit: bigint): bigint {
    return this.nanos / unit;
  }

  override toString(): string {
    return `${secondsText(this.nanos)}s`;
  }
}

/** `1.5`: seconds with as many decimals as they need. */
function secondsText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = String(size % nanosPerSecond).padStart(9, '0').replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${size / nanosPerSecond}${fraction && `.${fraction}`}`;
}

export class Timestamp extends ObjectValue {
  readonly typeName = 'google.protobuf.Timestamp';
  /** Since 1970. */
  readonly nanos: bigint;
  /** How it was written: seconds east of UTC. */
  readonly #offset: number;

  /** Throws EvaluationError outside of the years 1 to 9999. */
  constructor(nanos: bigint, offset = 0) {
    super();
    const seconds = floorDivided(nanos, nanosPerSecond);
    if (seconds < firstSecond || seconds > lastSecond) throw new EvaluationError('timestamp overflow');
    this.nanos = nanos;
    this.#offset = offset;
  }

  /** Undefined for what is not RFC 3339. */
  static parse(text: string): Timestamp | undefined {
    try {
      const { seconds, nanos, offset } = parseZonedTime(text);
      return new Timestamp(BigInt(seconds) * nanosPerSecond + BigInt(nanos), offset);
    } catch (error) {
      if (error instanceof TimeError) return undefined;
      throw error;
    }
  }

  get seconds(): bigint {
    return floorDivided(this.nanos, nanosPerSecond);
  }

  override get isZero(): boolean {
    return this.seconds === firstSecond && this.nanos % nanosPerSecond === 0n;
  }

  equals(other: Value): boolean {
    return other instanceof Timestamp && other.nanos === this.nanos;
  }

  plus({ nanos }: Duration): Timestamp {
    return new Timestamp(this.nanos + nanos, this.#offset);
  }

  /** Its date and time of day some seconds east of UTC, read with the UTC methods of Date. */
  dateAt(offset: number): Date {
    return new Date(Number(this.seconds + BigInt(offset)) * 1000 + Number(this.nanosOfSecond / 1_000_000n));
  }

  get nanosOfSecond(): bigint {
    return this.nanos - this.seconds * nanosPerSecond;
  }

  override toString(): string {
    const fraction = String(this.nanosOfSecond).padStart(9, '0').replace(/0+$/, '');
    const text = this.dateAt(this.#offset).toISOString().replace(/\.\d+Z$/, '');
    return `${text}${fraction && `.${fraction}`}${this.#offset === 0 ? 'Z' : offsetText(this.#offset)}`;
  }
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60;
  const part = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}

const floorDivided = (value: bigint, by: bigint): bigint => (value >= 0n || value % by === 0n ? value / by : value / by - 1n);

/** Seconds east of UTC of a zone at a time: `Europe/Berlin`, `+02:00`. Throws EvaluationError with Go's words. */
export function zoneOffset(zone: string, at: Timestamp): number {
  if (!zone.includes(':')) return namedOffset(zone, at);
  const [hours = '', minutes = ''] = [zone.slice(0, zone.indexOf(':')), zone.slice(zone.indexOf(':') + 1)].map(checkedNumber);
  const size = Number(hours) * 60;
  return (zone.startsWith('-') ? size - Number(minutes) : size + Number(minutes)) * 60;
}

function checkedNumber(text: string): string {
  if (/^[-+]?\d+$/.test(text)) return text;
  throw new EvaluationError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function namedOffset(zone: string, at: Timestamp): number {
  if (zone === '' || zone === 'UTC') return 0;
  const date = at.dateAt(0);
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  } catch {
    throw new EvaluationError(`unknown time zone ${zone}`);
  }
}
