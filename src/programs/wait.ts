/**
 * What processes wait for. A program is a generator: it yields a `Wait` when it cannot go on and is resumed with the
 * reason. Queues hold the processes that wait for one thing (data, a child, room in a pipe); waking is always "look
 * again", so a program checks its condition in a loop.
 */

/** Why a program was resumed. */
export type Wake = 'woken' | 'timeout' | 'signal';

export interface Wait {
  readonly queues: readonly WaitQueue[];
  /** Milliseconds; without it, until woken. */
  readonly timeoutMs?: number;
  /** Signals that the program handles stay pending until it is over. */
  readonly deaf?: boolean;
}

/** A computation inside a process, which may wait. */
export type Run<T> = Generator<Wait, T, Wake>;

/** Whoever can wait in a queue. */
export interface Waiter {
  wake(reason: Wake): void;
}

/** Most queues have no waiter or one: only the second makes a set. */
export class WaitQueue {
  #only: Waiter | undefined;
  #all: Set<Waiter> | undefined;

  add(waiter: Waiter): void {
    if (this.#all) this.#all.add(waiter);
    else if (!this.#only || this.#only === waiter) this.#only = waiter;
    else {
      this.#all = new Set([this.#only, waiter]);
      this.#only = undefined;
    }
  }

  remove(waiter: Waiter): void {
    if (this.#only === waiter) this.#only = undefined;
    this.#all?.delete(waiter);
  }

  wakeAll(): void {
    if (this.#all) for (const waiter of [...this.#all]) waiter.wake('woken');
    else this.#only?.wake('woken');
  }
}
