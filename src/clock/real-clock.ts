/** A clock that follows the host's, at a rate of its choice (1 is real time, 10 is ten times as fast). */
import type { Clock, Millis, Timer } from './clock.ts';
import { fire, TimerQueue } from './timer-queue.ts';

/** Node cannot wait longer than this in one timeout. */
const hostDelayMaxMs = 2 ** 31 - 1;

export class RealClock implements Clock {
  readonly #queue = new TimerQueue();
  readonly #rate: number;
  readonly #hostStartMs = Date.now();
  readonly #monotonicStartMs = performance.now();
  #handle: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #handleAt = Infinity;
  #stopped = false;

  constructor(rate = 1) {
    this.#rate = rate;
  }

  now(): Millis {
    return this.#hostStartMs + (performance.now() - this.#monotonicStartMs) * this.#rate;
  }

  after(delayMs: number, label: string, run: () => void): Timer {
    const timer = this.#queue.add(this.now() + Math.max(0, delayMs), label, run);
    if (timer.at < this.#handleAt) this.#arm();
    return timer;
  }

  cancel(timer: Timer): void {
    this.#queue.cancel(timer);
  }

  pending(): { count: number; next?: Timer } {
    const next = this.#queue.next();
    return next ? { count: this.#queue.size, next } : { count: 0 };
  }

  /** Drops the host timer; nothing runs afterwards. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    const next = this.#queue.next();
    if (!next || this.#stopped) return;
    this.#handleAt = next.at;
    const hostDelayMs = Math.min((next.at - this.now()) / this.#rate, hostDelayMaxMs);
    // A due timer runs after pending input and output, so that timers for now cannot starve the sockets.
    this.#handle = hostDelayMs < 0.5
      ? setImmediate(() => this.#run())
      : setTimeout(() => this.#run(), Math.ceil(hostDelayMs)).unref();
  }

  #disarm(): void {
    if (this.#handle !== undefined) {
      clearImmediate(this.#handle as NodeJS.Immediate);
      clearTimeout(this.#handle as NodeJS.Timeout);
    }
    this.#handle = undefined;
    this.#handleAt = Infinity;
  }

  #run(): void {
    const now = this.now();
    // Only what is due at this moment: timers set meanwhile wait for the next turn.
    for (let timer = this.#queue.takeDue(now); timer; timer = this.#queue.takeDue(now)) fire(timer);
    this.#arm();
  }
}
