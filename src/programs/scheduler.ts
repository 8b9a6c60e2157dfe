/**
 * Runs processes, one at a time, each until it waits. Everything happens at the present moment of the clock; a process
 * that waits for time sets a timer. Whoever wakes a process from outside runs all that follows before it returns.
 */
import type { Clock } from '../clock/clock.ts';

export interface Runnable {
  /** Runs until the next wait. */
  resume(): void;
}

export class Scheduler {
  readonly clock: Clock;
  #ready: Runnable[] = [];
  #running = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Makes a process run: now, or after the one that is running. */
  enqueue(process: Runnable): void {
    this.#ready.push(process);
    if (!this.#running) this.#drain();
  }

  /** Does several things before any process runs. */
  batch(action: () => void): void {
    if (this.#running) return action();
    this.#running = true;
    try {
      action();
    } finally {
      this.#running = false;
    }
    this.#drain();
  }

  #drain(): void {
    this.#running = true;
    try {
      while (this.#ready.length > 0) {
        const batch = this.#ready;
        this.#ready = [];
        for (const process of batch) process.resume();
      }
    } finally {
      this.#running = false;
    }
  }
}
