/** When a CronJob is due, and how much it missed (pkg/controller/cronjob/utils.go). Pure. */
import type { CronJob } from '../../schema/batch/v1.ts';
import { parseSchedule } from '../../schema/values/cron-schedule.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { nextMoment, TimeZone } from './schedule-times.ts';

/** So much later than the schedule says a CronJob is looked at. */
const paddingMs = 100;
/** More than so many missed starts deserve a warning. */
const missedMax = 100;

/** A schedule that is right by its letters, but has no moments. */
export class InvalidScheduleError extends Error {}

interface Recent {
  /** The last start, or the creation. */
  readonly from: number;
  /** The latest moment that was due; undefined when none was. */
  readonly due?: number;
  readonly missed: 'none' | 'few' | 'many';
}

export class CronJobTimes {
  readonly #cronJob: CronJob;
  readonly #now: number;
  readonly #next: (after: number) => number | undefined;

  constructor(cronJob: CronJob, now: number) {
    const schedule = parseSchedule(cronJob.spec!.schedule);
    const zone = new TimeZone(cronJob.spec!.timeZone ?? undefined);
    this.#cronJob = cronJob;
    this.#now = now;
    this.#next = (after) => nextMoment(schedule, zone, after);
  }

  /** The moment that is to be started now, if any. Throws `InvalidScheduleError`. */
  due(): { readonly at: number; readonly manyMissed: boolean } | undefined {
    const { startingDeadlineSeconds } = this.#cronJob.spec!;
    const { due, missed } = this.#recent(startingDeadlineSeconds ?? undefined);
    return due === undefined || due > this.#now ? undefined : { at: due, manyMissed: missed === 'many' };
  }

  /** Milliseconds until the next look. */
  nextLookMs(): number {
    return (this.#next(this.#lookFrom()) ?? this.#now) + paddingMs - this.#now;
  }

  #lookFrom(): number {
    try {
      const { due, missed, from } = this.#recent(undefined);
      return due ?? (missed === 'none' ? from : this.#now);
    } catch (error) {
      if (error instanceof InvalidScheduleError) return this.#now;
      throw error;
    }
  }

  /** Upstream guesses the number of missed starts from the first pause and looks for the last start from there on. */
  #recent(deadlineSeconds: number | undefined): Recent {
    const { metadata, status } = this.#cronJob;
    const last = timeToMs(status?.lastScheduleTime ?? metadata?.creationTimestamp);
    const from = deadlineSeconds === undefined ? last : Math.max(last, this.#now - deadlineSeconds * 1000);
    const first = this.#next(from);
    const second = first === undefined ? undefined : this.#next(first);
    if (first === undefined || second === undefined) throw new InvalidScheduleError('time difference between two schedules is less than 1 second');
    if (this.#now < first) return { from, missed: 'none' };
    if (this.#now < second) return { from, due: first, missed: 'none' };
    const pause = second - first;
    const missed = Math.floor((this.#now - first) / pause) + 1;
    let due: number | undefined;
    for (let at = this.#next(first + (missed - 2) * pause); at !== undefined && at <= this.#now; at = this.#next(at)) due = at;
    return { from, missed: missed > missedMax ? 'many' : 'few', ...(due === undefined ? {} : { due }) };
  }
}
