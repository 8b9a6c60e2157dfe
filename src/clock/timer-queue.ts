/** The timers of a clock: a heap with lazy cancellation. */
import { Heap } from '../lib/heap.ts';
import type { Millis, Timer } from './clock.ts';

export class ScheduledTimer implements Timer {
  readonly at: Millis;
  readonly label: string;
  readonly order: number;
  run: (() => void) | undefined;

  constructor(at: Millis, label: string, order: number, run: () => void) {
    this.at = at;
    this.label = label;
    this.order = order;
    this.run = run;
  }
}

export class TimerQueue {
  #heap = new Heap<ScheduledTimer>(before);
  #order = 0;
  #cancelled = 0;

  /** Timers that will still run. */
  get size(): number {
    return this.#heap.size - this.#cancelled;
  }

  add(at: Millis, label: string, run: () => void): ScheduledTimer {
    const timer = new ScheduledTimer(at, label, this.#order++, run);
    this.#heap.push(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    const scheduled = timer as ScheduledTimer;
    if (!scheduled.run) return;
    scheduled.run = undefined;
    this.#cancelled++;
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.size) this.#sweep();
  }

  /** The next timer that will run. */
  next(): ScheduledTimer | undefined {
    for (;;) {
      const top = this.#heap.peek();
      if (!top || top.run) return top;
      this.#heap.pop();
      this.#cancelled--;
    }
  }

  /** Takes the next timer out if it is due at `now`. */
  takeDue(now: Millis): ScheduledTimer | undefined {
    const top = this.next();
    if (!top || top.at > now) return undefined;
    return this.#heap.pop();
  }

  #sweep(): void {
    const heap = new Heap<ScheduledTimer>(before);
    for (const timer of this.#heap.items()) if (timer.run) heap.push(timer);
    this.#heap = heap;
    this.#cancelled = 0;
  }
}

/** Runs a timer that was taken out of its queue, once. */
export function fire(timer: ScheduledTimer): void {
  const run = timer.run;
  timer.run = undefined;
  run?.();
}

function before(a: ScheduledTimer, b: ScheduledTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
