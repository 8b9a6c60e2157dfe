/** The store as a server sees it whose cache lags: reads show an older revision, writes go to the newest. */
import type { ListOptions, ListOutcome, Renewal, Store, Stored, StoreEvent, WatchOutcome, WriteOutcome } from '../../store/store.ts';

export class StaleStore<V> implements Store<V> {
  readonly revision: number;
  readonly #store: Store<V>;

  /** Shows the state `lag` revisions ago, or the oldest that is known. */
  constructor(store: Store<V>, lag: number) {
    this.#store = store;
    this.revision = Math.max(store.oldest, store.revision - lag);
  }

  get oldest(): number {
    return this.#store.oldest;
  }

  get(key: string): Stored<V> | undefined {
    const page = this.#store.list(key, { revision: this.revision });
    return page.ok ? page.items.find((stored) => stored.key === key) : undefined;
  }

  list(prefix: string, options: ListOptions = {}): ListOutcome<V> {
    if ((options.revision ?? 0) > this.revision) return { ok: false, reason: 'future', oldest: this.oldest, revision: this.revision };
    return this.#store.list(prefix, { ...options, revision: options.revision ?? this.revision });
  }

  count(prefix: string): number {
    return this.#store.count(prefix);
  }

  create(key: string, value: V): WriteOutcome<V> {
    return this.#store.create(key, value);
  }

  update(key: string, value: V, ifRevision?: number): WriteOutcome<V> {
    return this.#store.update(key, value, ifRevision);
  }

  renew(key: string, change: Renewal<V>): WriteOutcome<V> {
    return this.#store.renew(key, change);
  }

  remove(key: string, last: V, ifRevision?: number): WriteOutcome<V> {
    return this.#store.remove(key, last, ifRevision);
  }

  watch(prefix: string, from: number, sink: (event: StoreEvent<V>) => void): WatchOutcome {
    return this.#store.watch(prefix, from, sink);
  }

  compact(revision: number): void {
    this.#store.compact(revision);
  }
}
