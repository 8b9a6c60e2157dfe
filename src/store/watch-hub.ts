/** Hands every event to the watchers of its table, in order, even when a watcher writes in answer to one. */
import type { StoreEvent, Watch } from './store.ts';

class Watcher<V> implements Watch {
  /** Takes every key of its table. */
  readonly whole: boolean;
  readonly prefix: string;
  readonly sink: (event: StoreEvent<V>) => void;
  readonly #all: Set<Watcher<V>>;
  stopped = false;

  constructor(table: string, prefix: string, sink: (event: StoreEvent<V>) => void, all: Set<Watcher<V>>) {
    this.whole = prefix === table || table === '';
    this.prefix = prefix;
    this.sink = sink;
    this.#all = all;
    all.add(this);
  }

  stop(): void {
    this.stopped = true;
    this.#all.delete(this);
  }
}

export class WatchHub<V> {
  readonly #watchers = new Map<string, Set<Watcher<V>>>();
  readonly #queue: { table: string; event: StoreEvent<V> }[] = [];
  #publishing = false;

  add(table: string, prefix: string, sink: (event: StoreEvent<V>) => void): Watch {
    let watchers = this.#watchers.get(table);
    if (!watchers) this.#watchers.set(table, watchers = new Set());
    return new Watcher(table, prefix, sink, watchers);
  }

  publish(table: string, event: StoreEvent<V>): void {
    if (this.#publishing) {
      this.#queue.push({ table, event });
      return;
    }
    this.#publishing = true;
    try {
      this.#deliver(table, event);
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#deliver(next.table, next.event);
    } finally {
      this.#publishing = false;
    }
  }

  #deliver(table: string, event: StoreEvent<V>): void {
    this.#deliverTo(this.#watchers.get(table), event);
    // Watchers of `/` see every table.
    this.#deliverTo(this.#watchers.get(''), event);
  }

  #deliverTo(watchers: ReadonlySet<Watcher<V>> | undefined, event: StoreEvent<V>): void {
    if (!watchers) return;
    for (const watcher of watchers) {
      if (!watcher.stopped && (watcher.whole || event.stored.key.startsWith(watcher.prefix))) watcher.sink(event);
    }
  }
}
