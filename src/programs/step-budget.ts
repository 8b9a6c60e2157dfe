/**
 * How much may happen in one instant of the clock: computing takes no emulated time, so somebody who only computes must
 * let the clock move on. The delays grow while the budget is used up again and again, and begin anew after a slice that
 * kept within it. Waiting for others does not count: two that keep each other busy are busy.
 */
import { programLimits } from './limits.ts';

export class StepBudget {
  readonly #limit: number;
  #sliceAt = -1;
  #steps = 0;
  #delayMs = 0;
  #delayedAt = -1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True while more is wanted than slices allow. */
  get spinning(): boolean {
    return this.#delayMs > 0;
  }

  /** Counts steps at the present moment; true when the budget of this instant is used up. */
  take(now: number, steps = 1): boolean {
    if (now !== this.#sliceAt) {
      if (this.#steps <= this.#limit) this.#delayMs = 0;
      this.#sliceAt = now;
      this.#steps = 0;
    }
    this.#steps += steps;
    return this.#steps > this.#limit;
  }

  /** Milliseconds to wait now that the budget is used up. */
  delayMs(): number {
    if (this.#delayedAt !== this.#sliceAt) {
      this.#delayedAt = this.#sliceAt;
      this.#delayMs = Math.min(programLimits.spinDelayMostMs, Math.max(programLimits.spinDelayLeastMs, this.#delayMs * programLimits.spinDelayGrowth));
    }
    return this.#delayMs;
  }
}
