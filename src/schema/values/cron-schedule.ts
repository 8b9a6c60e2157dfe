/** Cron schedules, as the parser that Kubernetes uses reads them and in its words (github.com/robfig/cron/v3, ParseStandard). */
import { quote } from '../../lib/go-format.ts';
import { DurationError, parseDuration } from './duration.ts';

/** The values of a field that are wanted. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  /** Written as `*` or `?`, which for days means that the other field of days decides. */
  readonly any: boolean;
}

/** Minutes, hours, days, months (from 1) and weekdays (Sunday is 0), or a steady pause. */
export type CronSchedule =
  | { readonly everyMs: number }
  | { readonly minute: CronField; readonly hour: CronField; readonly day: CronField; readonly month: CronField; readonly weekday: CronField };

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const bounds: readonly Bounds[] = [
  { least: 0, most: 59 }, { least: 0, most: 23 }, { least: 1, most: 31 }, { least: 1, most: 12, names: monthNames }, { least: 0, most: 6, names: dayNames },
];
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The text is no schedule; the message is the parser's. */
class ScheduleError extends Error {}

/** What is wrong with a schedule that is not empty; undefined when nothing is. */
export function scheduleError(schedule: string): string | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}

/** Reads a schedule. Throws `ScheduleError`. */
export function parseSchedule(schedule: string): CronSchedule {
  const spec = /^(CRON_)?TZ=/.test(schedule) ? withoutZone(schedule) : schedule;
  if (spec.startsWith('@')) return parseDescriptor(spec);
  const texts = spec.split(/\s+/).filter((field) => field !== '');
  if (texts.length !== bounds.length) {
    throw new ScheduleError(`expected exactly ${bounds.length} fields, found ${texts.length}: [${texts.join(' ')}]`);
  }
  const [minute, hour, day, month, weekday] = texts.map((text, i) => parseField(text, bounds[i]!)) as [CronField, CronField, CronField, CronField, CronField];
  return { minute, hour, day, month, weekday };
}

function parseField(text: string, limits: Bounds): CronField {
  const ranges = text.split(',').filter((range) => range !== '').map((range) => parseRange(range, limits));
  return { values: new Set(ranges.flatMap(({ values }) => [...values])), any: ranges.some(({ any }) => any) };
}

/** Go's parser panics when nothing follows the zone. */
function withoutZone(schedule: string): string {
  const space = schedule.indexOf(' ');
  if (space < 0) throw new ScheduleError('invalid schedule format');
  return schedule.slice(space).trim();
}

function parseDescriptor(spec: string): CronSchedule {
  const fields = descriptors[spec];
  if (fields !== undefined) return parseSchedule(fields);
  const every = '@every ';
  if (!spec.startsWith(every)) throw new ScheduleError(`unrecognized descriptor: ${spec}`);
  try {
    const seconds = parseDuration(spec.slice(every.length)) / 1_000_000_000n;
    return { everyMs: Math.max(1, Number(seconds)) * 1000 };
  } catch (error) {
    if (error instanceof DurationError) throw new ScheduleError(`failed to parse duration ${spec}: ${error.message}`);
    throw error;
  }
}

function parseRange(text: string, { least, most, names }: Bounds): CronField {
  const [range = '', step, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreParts] = range.split('-');
  let [start, end] = [least, most];
  if (low !== '*' && low !== '?') {
    start = parseNumber(low, names);
    end = high === undefined ? start : parseNumber(high, names);
    if (moreParts.length > 0) throw new ScheduleError(`too many hyphens: ${text}`);
  }
  if (moreSteps.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  const every = step === undefined ? 1 : parseNumber(step);
  if (step !== undefined && high === undefined) end = most;
  if (start < least) throw new ScheduleError(`beginning of range (${start}) below minimum (${least}): ${text}`);
  if (end > most) throw new ScheduleError(`end of range (${end}) above maximum (${most}): ${text}`);
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (every === 0) throw new ScheduleError(`step of range should be a positive number: ${text}`);
  const values = new Set<number>();
  for (let value = start; value <= end; value += every) values.add(value);
  return { values, any: (low === '*' || low === '?') && every === 1 };
}

/** Months count from one, days from zero. */
function parseNumber(text: string, names?: readonly string[]): number {
  const at = names?.indexOf(text.toLowerCase()) ?? -1;
  if (at >= 0) return names === monthNames ? at + 1 : at;
  if (!/^[+-]?\d+$/.test(text)) throw new ScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  const value = Number(text);
  if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`);
  return value;
}
