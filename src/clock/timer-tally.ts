/** Counts the timers of one move of a clock, and says which of them is the culprit when they are too many. */
import { TooManyTimers, type Millis } from './clock.ts';

export interface TimerBounds {
  /** Timers that one move may run. */
  readonly timersPerMoveMax: number;
  /** Timers that may run at one instant; without it only the move is bounded. */
  readonly timersPerInstantMax?: number;
}

/** Labels are counted when so much of a bound is used up: in good times they cost nothing. */
const suspicious = 0.9;

export class TimerTally {
  timers = 0;
  readonly #perMove: number;
  readonly #perInstant: number;
  readonly #labels = new Map<string, number>();
  #instant: Millis = -Infinity;
  #atInstant = 0;

  constructor({ timersPerMoveMax, timersPerInstantMax = Infinity }: TimerBounds) {
    this.#perMove = timersPerMoveMax;
    this.#perInstant = timersPerInstantMax;
  }

  /** Throws TooManyTimers. */
  add(label: string, now: Millis): void {
    if (now !== this.#instant) {
      this.#instant = now;
      this.#atInstant = 0;
    }
    this.timers++;
    this.#atInstant++;
    if (this.timers <= this.#perMove * suspicious && this.#atInstant <= this.#perInstant * suspicious) return;
    this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
    if (this.#atInstant >= this.#perInstant) {
      throw new TooManyTimers(`Failed to move the clock: it stands at ${new Date(now).toISOString()}, where ${this.#perInstant} timers fired (limit timersPerInstantMax). `
        + `${this.#culprit()} Stop what sets it again for the same instant.`);
    }
    if (this.timers >= this.#perMove) {
      throw new TooManyTimers(`Failed to advance the clock: ${this.#perMove} timers fired in one call (limit timersPerMoveMax). `
        + `${this.#culprit()} Raise the limit or advance in smaller steps.`);
    }
  }

  #culprit(): string {
    const [label, count] = [...this.#labels].toSorted((a, b) => b[1] - a[1])[0]!;
    const total = [...this.#labels.values()].reduce((sum, n) => sum + n, 0);
    return `${Math.round((100 * count) / total)}% of the last ones were '${label}'.`;
  }
}
