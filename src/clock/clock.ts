/**
 * The only place that knows time. `ManualClock` stands still until it is told to move and then jumps from timer to
 * timer; `SwitchableClock` is one that can also follow the host's time, at a rate of its choice.
 *
 * Timers run in order of their time, ties in the order in which they were set. A callback may set timers for now.
 */

/** Whole milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** Timers kept firing: one of them sets itself again and again for now. The message names the most frequent. */
export class TooManyTimers extends Error {}

export interface Timer {
  readonly at: Millis;
  readonly label: string;
}

export interface Clock {
  now(): Millis;
  /** Calls `run` once, `delayMs` from now (at least 0, rounded up). `label` names the culprit when a limit is hit. */
  after(delayMs: number, label: string, run: () => void): Timer;
  cancel(timer: Timer): void;
}

/** What a clock move did. */
export interface Ran {
  readonly timers: number;
  readonly now: Millis;
}

export interface ControlledClock extends Clock {
  /** Runs everything due in the next `ms` milliseconds, each at its own time, then stands at now + ms. */
  advance(ms: number): Ran;
  /** Moves to `time`; a time that has passed is an error. */
  advanceTo(time: Millis): Ran;
  /** Runs what is due now, without moving. */
  runDue(): Ran;
  /** Runs timers one instant after another until none is pending or `until` answers true after an instant. */
  runUntilIdle(limitMs: number, until?: () => boolean): Ran;
  /** Number of pending timers and the next one. */
  pending(): { readonly count: number; readonly next?: Timer };
}
