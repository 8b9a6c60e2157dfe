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

export class WaitQueue {
  readonly #waiters = new Set<Waiter>();

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  wakeAll(): void {
    if (this.#waiters.size === 0) return;
    for (const waiter of [...this.#waiters]) waiter.wake('woken');
  }
}
