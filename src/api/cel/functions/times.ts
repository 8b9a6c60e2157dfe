/** Parts of points in time and of durations: `getHours()`, and in a zone `getHours('Europe/Berlin')`. */
import { overloads, type CelFunction, type FunctionTable } from '../signatures.ts';
import { zoneOffset, type Duration, type Timestamp } from '../times.ts';
import type { Value } from '../values.ts';

type Part = (date: Date, at: Timestamp) => number | bigint;

function partOf(part: Part, unit?: bigint): CelFunction {
  const at = (time: Timestamp, offset: number): bigint => BigInt(part(time.dateAt(offset), time));
  return overloads(
    ['timestamp.() -> int', (time) => at(time as Timestamp, 0)],
    ['timestamp.(string) -> int', (time, zone) => at(time as Timestamp, zoneOffset(zone as string, time as Timestamp))],
    ...(unit === undefined ? [] : [['duration.() -> int', (value: Value | undefined) => (value as Duration).whole(unit)] as const]),
  );
}

const dayMs = 86_400_000;
const dayOfYear = (date: Date): number => Math.round((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs);

export const timeFunctions: FunctionTable = {
  getFullYear: partOf((date) => date.getUTCFullYear()),
  getMonth: partOf((date) => date.getUTCMonth()),
  getDayOfYear: partOf(dayOfYear),
  getDayOfMonth: partOf((date) => date.getUTCDate() - 1),
  getDate: partOf((date) => date.getUTCDate()),
  getDayOfWeek: partOf((date) => date.getUTCDay()),
  getHours: partOf((date) => date.getUTCHours(), 3_600_000_000_000n),
  getMinutes: partOf((date) => date.getUTCMinutes(), 60_000_000_000n),
  getSeconds: partOf((date) => date.getUTCSeconds(), 1_000_000_000n),
  getMilliseconds: partOf((_, { nanosOfSecond }) => nanosOfSecond / 1_000_000n, 1_000_000n),
};
