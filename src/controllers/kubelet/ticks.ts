/** Periodic moments on the wall clock that need no timer while nobody waits for them. */
import type { Millis } from '../../clock/clock.ts';

export interface Ticks {
  /** 0: every moment is a tick. */
  readonly periodMs: number;
  readonly phaseMs: number;
}

/** The last tick at or before `now`. */
export function lastTick({ periodMs, phaseMs }: Ticks, now: Millis): Millis {
  return periodMs === 0 ? now : Math.floor((now - phaseMs) / periodMs) * periodMs + phaseMs;
}

/** The first tick at or after `time`. */
export function tickAtOrAfter(ticks: Ticks, time: Millis): Millis {
  const last = lastTick(ticks, time);
  return last === time ? time : last + ticks.periodMs;
}

/** The first tick after `time`. */
export function tickAfter(ticks: Ticks, time: Millis): Millis {
  return ticks.periodMs === 0 ? time : lastTick(ticks, time) + ticks.periodMs;
}
