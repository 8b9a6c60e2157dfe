/** The moments of a cron schedule in a time zone, across changes of its clocks (github.com/robfig/cron/v3 SpecSchedule.Next). Pure. */
import type { CronSchedule } from '../../schema/values/cron-schedule.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
/** A schedule without a moment in so many years has none. */
const yearsMax = 5;

/** What the clocks of a zone show. */
interface LocalTime { readonly year: number; readonly month: number; readonly day: number; readonly hour: number; readonly minute: number; readonly weekday: number }

/** A time zone by its IANA name; undefined is UTC. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(name: string | undefined) {
    this.#format = name === undefined ? undefined : new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  }

  /** Milliseconds by which the zone is ahead of UTC. */
  offsetAt(ms: number): number {
    if (!this.#format) return 0;
    const whole = Math.floor(ms / secondMs) * secondMs;
    const parts = Object.fromEntries(this.#format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']) - whole;
  }

  at(ms: number): LocalTime {
    const date = new Date(ms + this.offsetAt(ms));
    return {
      year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(),
      weekday: date.getUTCDay(),
    };
  }

  /** The instant of a local time; of one that clocks skip or show twice, the one that Go's time.Date chooses. */
  instant({ year, month, day, hour, minute }: Omit<LocalTime, 'weekday'>): number {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute);
    const guess = this.offsetAt(asUtc);
    return asUtc - this.offsetAt(asUtc - guess);
  }
}

/** The first moment after `after`; undefined when there is none. */
export function nextMoment(schedule: CronSchedule, zone: TimeZone, after: number): number | undefined {
  if ('everyMs' in schedule) return Math.floor(after / secondMs) * secondMs + schedule.everyMs;
  const { minute, hour, month } = schedule;
  // Seconds are always 0, so the search begins at the next whole minute.
  let t = Math.floor(after / minuteMs) * minuteMs + minuteMs;
  const lastYear = zone.at(t).year + yearsMax;
  // Until something was found to differ, the smaller units are those of the start.
  let rounded = false;
  for (;;) {
    const local = zone.at(t);
    if (local.year > lastYear) return undefined;
    if (!month.values.has(local.month)) {
      const from = rounded ? local : { ...local, day: 1, hour: 0, minute: 0 };
      t = zone.instant({ ...from, month: local.month + 1 });
    } else if (!isDay(schedule, local)) {
      const from = rounded ? local : { ...local, hour: 0, minute: 0 };
      t = nearMidnight(zone, zone.instant({ ...from, day: local.day + 1 }));
    } else if (!hour.values.has(local.hour)) t = (rounded ? t : zone.instant({ ...local, minute: 0 })) + hourMs;
    else if (!minute.values.has(local.minute)) t += minuteMs;
    else return t;
    rounded = true;
  }
}

/** With both fields of days restricted either is enough. */
function isDay({ day, weekday }: Exclude<CronSchedule, { everyMs: number }>, local: LocalTime): boolean {
  const byDay = day.values.has(local.day);
  const byWeekday = weekday.values.has(local.weekday);
  return day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
}

/** Where clocks skip midnight, the hour next to it. */
function nearMidnight(zone: TimeZone, t: number): number {
  const { hour } = zone.at(t);
  if (hour === 0) return t;
  return hour > 12 ? t + (24 - hour) * hourMs : t - hour * hourMs;
}

/** RFC 3339 as the zone's clocks show it: `2026-01-01T00:00:00Z`, `2026-01-01T01:00:00+01:00`. */
export function zonedTime(ms: number, zone: string | undefined): string {
  const offset = new TimeZone(zone).offsetAt(ms);
  const local = new Date(ms + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset) / minuteMs;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
