import { describe, expect, it } from 'vitest';
import { DurationError, formatDuration, humanDuration, parseDuration } from '../../../src/schema/values/duration.ts';
import {
  formatMicroTime, formatTime, microTimeToMs, parseMicroTime, parseTime, printMicroTime, printTime, timeToMs, TimeError,
} from '../../../src/schema/values/time.ts';

describe('times', () => {
  it('are written in whole seconds', () => {
    expect(formatTime(1_780_000_000_999)).toBe('2026-05-28T20:26:40Z');
    expect(timeToMs('2026-05-28T20:26:40Z')).toBe(1_780_000_000_000);
  });

  it('are written with six decimals as MicroTime', () => {
    expect(formatMicroTime(1_780_000_000_123)).toBe('2026-05-28T20:26:40.123000Z');
    expect(microTimeToMs('2026-05-28T20:26:40.123999Z')).toBe(1_780_000_000_123);
  });

  it('before 1970 round down too', () => {
    expect(formatTime(-1)).toBe('1969-12-31T23:59:59Z');
    expect(formatMicroTime(-1)).toBe('1969-12-31T23:59:59.999000Z');
  });

  it('are moved to UTC', () => {
    expect(printTime(parseTime('2026-01-01T01:30:00+02:00'))).toBe('2025-12-31T23:30:00Z');
    expect(printMicroTime(parseMicroTime('2026-01-01T01:30:00.000001-01:00'))).toBe('2026-01-01T02:30:00.000001Z');
    expect(timeToMs('2026-01-01T01:30:00+02:00')).toBe(Date.UTC(2025, 11, 31, 23, 30));
  });

  it('may leave the years that have four digits by their offset', () => {
    expect(printTime(parseTime('9999-12-31T23:59:59-01:00'))).toBe('10000-01-01T00:59:59Z');
    expect(printTime(parseTime('0000-01-01T00:00:00+01:00'))).toBe('-0001-12-31T23:00:00Z');
  });

  it('are quoted byte by byte in errors', () => {
    expect(() => parseTime('2026-é')).toThrow(new TimeError(
      'parsing time "2026-\\xc3\\xa9" as "2006-01-02T15:04:05Z07:00": cannot parse "\\xc3\\xa9" as "01"'));
  });
});

describe('durations', () => {
  it('are read with several units and fractions', () => {
    expect(parseDuration('1h30m0.5s')).toBe(5_400_500_000_000n);
    expect(formatDuration(parseDuration('-90m'))).toBe('-1h30m0s');
  });

  it('name a missing unit', () => {
    expect(() => parseDuration('10')).toThrow(new DurationError('time: missing unit in duration "10"'));
  });

  it('ignore digits of a fraction that no integer can hold', () => {
    expect(parseDuration(`0.${'3'.repeat(100_000)}s`)).toBe(333_333_333n);
  });

  it('become ages without rounding up', () => {
    expect([119.9, 120, 599, 10_799, 10_860].map(humanDuration)).toEqual(['119s', '2m', '9m59s', '179m', '3h1m']);
  });
});
