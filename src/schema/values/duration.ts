/**
 * Durations: Go's text form (`1h30m0s`, exact to the nanosecond), and the rounded forms in which tables show ages
 * (apimachinery/pkg/util/duration).
 */
import { notAString, quoteBytes } from './go-error.ts';

/** The text is not a duration; the message is Go's. */
export class DurationError extends Error {}

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n, us: 1000n, '\u00b5s': 1000n, '\u03bcs': 1000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n,
};
const limit = 2n ** 63n;

/** Nanoseconds of a text such as `-1.5h` or `1m30s`. Throws `DurationError`. */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid(text);
  let total = 0n;
  while (rest !== '') {
    const match = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest)!;
    const [all, whole = '', fraction = '', unit = ''] = match;
    if (whole === '' && fraction === '') throw invalid(text);
    const count = BigInt(whole || '0');
    if (count > limit) throw invalid(text);
    if (unit === '') throw new DurationError(`time: missing unit in duration ${quoteBytes(text)}`);
    const nanos = Object.hasOwn(unitNanos, unit) ? unitNanos[unit]! : undefined;
    if (nanos === undefined) throw new DurationError(`time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(text)}`);
    total += count * nanos + fractionNanos(fraction, nanos);
    if (total > limit) throw invalid(text);
    rest = rest.slice(all.length);
  }
  if (negative) return -total;
  if (total === limit) throw invalid(text);
  return total;
}

/** Nanoseconds as Go prints a duration: `1.5s`, `100ms`, `24h0m0s`. */
export function formatDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const sign = nanos < 0n ? '-' : '';
  const left = nanos < 0n ? -nanos : nanos;
  if (left < 1000n) return `${sign}${left}ns`;
  if (left < 1_000_000n) return `${sign}${decimal(left, 3)}µs`;
  if (left < 1_000_000_000n) return `${sign}${decimal(left, 6)}ms`;
  const minutes = left / 60_000_000_000n;
  const seconds = `${decimal(left % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** A decoded JSON value in Go's canonical form. Throws `DurationError`. */
export function durationFromJson(value: unknown): string {
  if (typeof value !== 'string') throw new DurationError(notAString(value));
  return formatDuration(parseDuration(value));
}

/** An age with up to two units, as `kubectl get` shows it: `90s`, `3m1s`, `2d2h`. Two seconds in the future are forgiven. */
export function humanDuration(seconds: number): string {
  const s = Math.trunc(seconds);
  if (s < -1) return '<invalid>';
  if (s < 120) return `${Math.max(s, 0)}s`;
  const minutes = Math.trunc(s / 60);
  if (minutes < 10) return twoUnits(minutes, 'm', s % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return twoUnits(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return twoUnits(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? twoUnits(years, 'y', days % 365, 'd') : `${years}y`;
}

/** An age in its greatest unit alone. */
export function shortHumanDuration(seconds: number): string {
  const s = Math.trunc(seconds);
  if (s < -1) return '<invalid>';
  if (s < 60) return `${Math.max(s, 0)}s`;
  if (s < 3600) return `${Math.trunc(s / 60)}m`;
  if (s < 86400) return `${Math.trunc(s / 3600)}h`;
  const days = Math.trunc(s / 86400);
  return days < 365 ? `${days}d` : `${Math.trunc(days / 365)}y`;
}

function twoUnits(great: number, greatUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${great}${greatUnit}` : `${great}${greatUnit}${small}${smallUnit}`;
}

/** Go computes fractions in floating point and ignores digits beyond an int64. */
function fractionNanos(fraction: string, unit: bigint): bigint {
  let digits = fraction.slice(0, 64);
  while (BigInt(digits || '0') >= limit) digits = digits.slice(0, -1);
  return BigInt(Math.trunc(Number(digits) * (Number(unit) / 10 ** digits.length)));
}

function decimal(n: bigint, places: number): string {
  const unit = 10n ** BigInt(places);
  const fraction = String(n % unit).padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? `${n / unit}` : `${n / unit}.${fraction}`;
}

function invalid(text: string): DurationError {
  return new DurationError(`time: invalid duration ${quoteBytes(text)}`);
}
