/** A clock that stands still until it is told to move, and then jumps from timer to timer. */
import type { ControlledClock, Millis, Ran, Timer } from './clock.ts';
import { fire, TimerQueue } from './timer-queue.ts';
import { TimerTally, type TimerBounds } from './timer-tally.ts';

/** More timers than the bounds allow are an error that names the most frequent label. */
export interface ManualClockOptions extends TimerBounds {
  readonly startMs: Millis;
}

export class ManualClock implements ControlledClock {
  #now: Millis;
  protected queue = new TimerQueue();
  readonly #bounds: TimerBounds;
  #moving = false;

  constructor(options: ManualClockOptions) {
    this.#now = options.startMs;
    this.#bounds = options;
  }

  now(): Millis {
    return this.#now;
  }

  after(delayMs: number, label: string, run: () => void): Timer {
    return this.queue.add(this.now() + Math.max(0, Math.ceil(delayMs)), label, run);
  }

  cancel(timer: Timer): void {
    this.queue.cancel(timer);
  }

  advance(ms: number): Ran {
    return this.move(this.#now + Math.round(ms));
  }

  advanceTo(time: Millis): Ran {
    if (time < this.#now) {
      throw new RangeError(`Failed to move the clock: ${iso(time)} has passed, it is ${iso(this.#now)}. Give a later time.`);
    }
    return this.move(time);
  }

  runDue(): Ran {
    return this.#moving ? { timers: 0, now: this.#now } : this.move(this.#now);
  }

  runUntilIdle(limitMs: number, until: () => boolean = () => false): Ran {
    const end = this.#now + limitMs;
    let timers = this.runDue().timers;
    while (!until()) {
      const next = this.queue.next();
      if (!next || next.at > end) break;
      timers += this.move(next.at).timers;
    }
    return { timers, now: this.#now };
  }

  pending(): { count: number; next?: Timer } {
    const next = this.queue.next();
    return next ? { count: this.queue.size, next } : { count: 0 };
  }

  /** Drops every timer and stands at `time`, which may be in the past. */
  restart(time: Millis): void {
    this.queue = new TimerQueue();
    this.#now = time;
  }

  /** True inside of timers. */
  get isMoving(): boolean {
    return this.#moving;
  }

  /** Runs everything due until `end`, each timer at its own time, then stands at `end`. */
  protected move(end: Millis): Ran {
    if (this.#moving) throw new Error('Failed to move the clock: it is moving already. Do not move it from a timer.');
    this.#moving = true;
    const tally = new TimerTally(this.#bounds);
    try {
      for (let timer = this.queue.takeDue(end); timer; timer = this.queue.takeDue(end)) {
        this.#now = Math.max(this.#now, timer.at);
        fire(timer);
        tally.add(timer.label, this.#now);
      }
      this.#now = Math.max(this.#now, end);
    } finally {
      this.#moving = false;
    }
    return { timers: tally.timers, now: this.#now };
  }
}

const iso = (time: Millis) => new Date(time).toISOString();
