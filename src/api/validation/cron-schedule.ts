/** Cron schedules, in the words of the parser that Kubernetes uses (github.com/robfig/cron/v3, ParseStandard). */
import { quote } from '../../lib/go-format.ts';
import { DurationError, parseDuration } from '../../schema/values/duration.ts';

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
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

class ScheduleError extends Error {}

/** What is wrong with a schedule that is not empty; undefined when nothing is. */
export function scheduleError(schedule: string): string | undefined {
  try {
    parse(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}

function parse(schedule: string): void {
  const spec = /^(CRON_)?TZ=/.test(schedule) ? withoutZone(schedule) : schedule;
  if (spec.startsWith('@')) {
    parseDescriptor(spec);
    return;
  }
  const fields = spec.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== bounds.length) {
    throw new ScheduleError(`expected exactly ${bounds.length} fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  fields.forEach((field, i) => {
    for (const range of field.split(',')) if (range !== '') parseRange(range, bounds[i]!);
  });
}

/** Go's parser panics when nothing follows the zone. */
function withoutZone(schedule: string): string {
  const space = schedule.indexOf(' ');
  if (space < 0) throw new ScheduleError('invalid schedule format');
  return schedule.slice(space).trim();
}

function parseDescriptor(spec: string): void {
  if (descriptors.includes(spec)) return;
  const every = '@every ';
  if (!spec.startsWith(every)) throw new ScheduleError(`unrecognized descriptor: ${spec}`);
  try {
    parseDuration(spec.slice(every.length));
  } catch (error) {
    if (error instanceof DurationError) throw new ScheduleError(`failed to parse duration ${spec}: ${error.message}`);
    throw error;
  }
}

function parseRange(text: string, { least, most, names }: Bounds): void {
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
