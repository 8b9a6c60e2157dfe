/**
 * Forgets history as kube-apiserver tells etcd to: every five minutes, what was old at the last look
 * (apiserver/pkg/storage/etcd3/compact.go). This bounds memory, and makes clients meet 410 as on a real cluster.
 */
import type { Clock, Timer } from '../clock/clock.ts';
import type { Store } from '../store/store.ts';

const periodMs = 300_000;

/** A real cluster's first versions are long forgotten; ours begin here, so that version 1 is too old from the start. */
export const firstRevision = 100;

export class Compactor {
  readonly #clock: Clock;
  readonly #store: Store<unknown>;
  #seen: number;
  #timer: Timer;

  constructor(clock: Clock, store: Store<unknown>) {
    this.#clock = clock;
    this.#store = store;
    this.#seen = store.revision;
    this.#timer = this.#arm();
  }

  close(): void {
    this.#clock.cancel(this.#timer);
  }

  #arm(): Timer {
    return this.#clock.after(periodMs, 'compaction', () => {
      this.#store.compact(this.#seen);
      this.#seen = this.#store.revision;
      this.#timer = this.#arm();
    });
  }
}
