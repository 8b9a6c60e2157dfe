/**
 * The clock of a cluster: it either stands still and is moved by hand, or follows the host's time at a rate (1 is real
 * time, 10 ten times as fast). It may change over at any moment; pending timers stay.
 *
 * Also while it follows the host, each timer runs at its own time and each `turn` at one instant. What happens is then a
 * function of the inputs and their times alone, so a recording of them plays again on a clock that stands.
 */
import type { Millis, Ran, Timer } from './clock.ts';
import { ManualClock, type ManualClockOptions } from './manual-clock.ts';

/** Node cannot wait longer than this in one timeout. */
const hostDelayMaxMs = 2 ** 31 - 1;

interface Following {
  readonly rate: number;
  readonly hostStartMs: number;
  readonly startMs: Millis;
}

export class SwitchableClock extends ManualClock {
  #following: Following | undefined;
  #handle: { clear(): void; readonly at: Millis } | undefined;

  /** Inside `turn`: time stands. */
  #held = false;

  readonly #onError: (error: unknown) => void;

  /** `onError` hears what a timer throws while the clock follows the host; nobody else could catch it. */
  constructor(options: ManualClockOptions & { readonly onError?: (error: unknown) => void }) {
    super(options);
    this.#onError = options.onError ?? ((error) => { throw error; });
  }

  /** The rate at which it follows the host; undefined while it stands. */
  get rate(): number | undefined {
    return this.#following?.rate;
  }

  /** The host's time. */
  static hostNow(): Millis {
    return Date.now();
  }

  override now(): Millis {
    const following = this.#following;
    if (!following || this.#held || this.isMoving) return super.now();
    return following.startMs + Math.floor((performance.now() - following.hostStartMs) * following.rate);
  }

  override after(delayMs: number, label: string, run: () => void): Timer {
    const timer = super.after(delayMs, label, run);
    if (this.#following && timer.at < (this.#handle?.at ?? Infinity)) this.#arm();
    return timer;
  }

  /** Follows the host from now on. */
  follow(rate: number): void {
    const startMs = this.now();
    this.#following = { rate, hostStartMs: performance.now(), startMs };
    this.#arm();
  }

  /** Stands still from now on. */
  hold(): void {
    if (!this.#following) return;
    const now = this.now();
    this.#following = undefined;
    this.#disarm();
    super.advanceTo(now);
  }

  /** Runs what became due, then `input`, at one instant. */
  turn<T>(input: () => T): T {
    if (!this.#following || this.#held || this.isMoving) return input();
    this.#catchUp();
    this.#held = true;
    try {
      return input();
    } finally {
      this.#held = false;
    }
  }

  /** Drops every timer and stands at `time`. */
  override restart(time: Millis): void {
    this.stop();
    super.restart(time);
  }

  /** While it follows the host, due timers run by themselves. */
  override runDue(): Ran {
    return this.#following ? { timers: 0, now: this.now() } : super.runDue();
  }

  override advance(ms: number): Ran {
    this.#mustStand();
    return super.advance(ms);
  }

  override advanceTo(time: Millis): Ran {
    this.#mustStand();
    return super.advanceTo(time);
  }

  override runUntilIdle(limitMs: number, until?: () => boolean): Ran {
    this.#mustStand();
    return super.runUntilIdle(limitMs, until);
  }

  /** Drops the host timer; nothing runs by itself afterwards. */
  stop(): void {
    this.#following = undefined;
    this.#disarm();
  }

  #mustStand(): void {
    if (this.#following) {
      throw new Error('Failed to move the clock: it follows the host. Start with --clock manual or PUT {"mode":"manual"} to clock.');
    }
  }

  #arm(): void {
    this.#disarm();
    const next = this.queue.next();
    const following = this.#following;
    if (!next || !following) return;
    const run = () => this.#run();
    const hostDelayMs = Math.min((next.at - this.now()) / following.rate, hostDelayMaxMs);
    // A due timer runs after pending input and output, so that timers for now cannot starve the sockets.
    if (hostDelayMs < 0.5) {
      const handle = setImmediate(run);
      this.#handle = { at: next.at, clear: () => clearImmediate(handle) };
    } else {
      const handle = setTimeout(run, Math.ceil(hostDelayMs)).unref();
      this.#handle = { at: next.at, clear: () => clearTimeout(handle) };
    }
  }

  #disarm(): void {
    this.#handle?.clear();
    this.#handle = undefined;
  }

  #run(): void {
    this.#handle = undefined;
    this.#catchUp();
    this.#arm();
  }

  #catchUp(): void {
    try {
      if (this.#following) this.move(this.now());
    } catch (error) {
      this.#onError(error);
    }
  }
}
