/** The in-memory store: every key holds its versions, a log holds all events since the last compaction. */
import { assert } from '../lib/assert.ts';
import { SortedKeys } from '../lib/sorted-keys.ts';
import { Renewed } from './renewed.ts';
import type { ListOptions, ListOutcome, Renewal, Store, Stored, StoreEvent, WatchOutcome, WriteOutcome } from './store.ts';
import { WatchHub } from './watch-hub.ts';

/** Versions of one key, oldest first. A tombstone has no `stored`. */
interface Version<V> {
  readonly revision: number;
  readonly stored: Stored<V> | undefined;
}

export class MemoryStore<V> implements Store<V> {
  /** Keys below their first path segment (`/pods/`), so that lists of one resource never meet another's keys. */
  readonly #tables = new Map<string, Table<V>>();
  /** Event i has revision `#oldest + i + 1`. */
  #log: StoreEvent<V>[] = [];
  #oldest: number;
  #live = 0;
  readonly #hub = new WatchHub<V>();

  constructor(firstRevision = 0) {
    this.#oldest = firstRevision;
  }

  get revision(): number {
    return this.#oldest + this.#log.length;
  }

  get oldest(): number {
    return this.#oldest;
  }

  create(key: string, value: V): WriteOutcome<V> {
    const table = this.#table(key);
    const current = table.get(key);
    if (current) return { ok: false, reason: 'exists', current };
    const revision = this.revision + 1;
    this.#live++;
    return this.#commit(table, 'create', { key, value, revision, createRevision: revision, bytes: undefined }, undefined);
  }

  update(key: string, value: V, ifRevision?: number): WriteOutcome<V> {
    const table = this.#table(key);
    const current = table.get(key);
    if (!current) return { ok: false, reason: 'missing' };
    if (ifRevision !== undefined && current.revision !== ifRevision) return { ok: false, reason: 'conflict', current };
    const { createRevision } = current;
    // The key that is there already, not its equal: a known text costs neither memory nor hashing.
    return this.#commit(table, 'update', { key: current.key, value, revision: this.revision + 1, createRevision, bytes: undefined }, current);
  }

  renew(key: string, change: Renewal<V>): WriteOutcome<V> {
    const table = this.#table(key);
    const current = table.get(key);
    if (!current) return { ok: false, reason: 'missing' };
    return this.#commit(table, 'update', new Renewed(current, this.revision + 1, change), current, true);
  }

  remove(key: string, last: V, ifRevision?: number): WriteOutcome<V> {
    const table = this.#table(key);
    const current = table.get(key);
    if (!current) return { ok: false, reason: 'missing' };
    if (ifRevision !== undefined && current.revision !== ifRevision) return { ok: false, reason: 'conflict', current };
    const { createRevision } = current;
    this.#live--;
    return this.#commit(table, 'delete', { key, value: last, revision: this.revision + 1, createRevision, bytes: undefined }, current);
  }

  get(key: string): Stored<V> | undefined {
    return this.#tables.get(tableName(key))?.get(key);
  }

  list(prefix: string, options: ListOptions = {}): ListOutcome<V> {
    const revision = options.revision ?? this.revision;
    if (revision > this.revision) return { ok: false, reason: 'future', oldest: this.#oldest, revision: this.revision };
    if (revision < this.#oldest) return { ok: false, reason: 'compacted', oldest: this.#oldest, revision: this.revision };
    const page = this.#tables.get(tableName(prefix))?.list(prefix, revision, options.after, options.limit || Infinity);
    return { ok: true, revision, items: page?.items ?? [], remaining: page?.remaining ?? 0 };
  }

  count(prefix: string): number {
    return prefix === '/' ? this.#live : this.#tables.get(tableName(prefix))?.count(prefix) ?? 0;
  }

  watch(prefix: string, from: number, sink: (event: StoreEvent<V>) => void): WatchOutcome {
    if (from < this.#oldest) return { ok: false, reason: 'compacted', oldest: this.#oldest };
    for (let i = from - this.#oldest; i < this.#log.length; i++) {
      const event = this.#log[i]!;
      if (event.stored.key.startsWith(prefix)) sink(event);
    }
    return { ok: true, watch: this.#hub.add(tableName(prefix), prefix, sink) };
  }

  compact(revision: number): void {
    assert(revision <= this.revision, `cannot compact at ${revision}, the newest revision is ${this.revision}`);
    if (revision <= this.#oldest) return;
    const forgotten = this.#log.slice(0, revision - this.#oldest);
    this.#log = this.#log.slice(revision - this.#oldest);
    this.#oldest = revision;
    // Few keys have most of the events: heartbeats.
    for (const key of new Set(forgotten.map(({ stored }) => stored.key))) this.#tables.get(tableName(key))?.compact(key, revision);
  }

  #table(key: string): Table<V> {
    const name = tableName(key);
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, table = new Table(name));
    return table;
  }

  #commit(
    table: Table<V>, type: StoreEvent<V>['type'], stored: Stored<V>, previous: Stored<V> | undefined, renewed = false,
  ): WriteOutcome<V> {
    const event = { type, revision: stored.revision, stored, previous, renewed };
    table.push(stored.key, { revision: stored.revision, stored: type === 'delete' ? undefined : stored });
    this.#log.push(event);
    this.#hub.publish(table.name, event);
    return { ok: true, stored };
  }
}

class Table<V> {
  readonly name: string;
  /** Live keys and keys whose tombstone the history still holds. */
  readonly #keys = new SortedKeys();
  readonly #versions = new Map<string, Version<V>[]>();
  #live = 0;

  constructor(name: string) {
    this.name = name;
  }

  get(key: string): Stored<V> | undefined {
    return this.#versions.get(key)?.at(-1)?.stored;
  }

  push(key: string, version: Version<V>): void {
    const versions = this.#versions.get(key);
    const wasLive = versions?.at(-1)?.stored !== undefined;
    this.#live += Number(version.stored !== undefined) - Number(wasLive);
    if (versions) versions.push(version);
    else {
      this.#versions.set(key, [version]);
      this.#keys.add(key);
    }
  }

  list(prefix: string, revision: number, after: string | undefined, limit: number): { items: Stored<V>[]; remaining: number } {
    const items: Stored<V>[] = [];
    let remaining = 0;
    for (const key of this.#keys.from(after ?? prefix)) {
      if (!key.startsWith(prefix)) break;
      if (key === after) continue;
      const stored = versionAt(this.#versions.get(key)!, revision);
      if (!stored) continue;
      if (items.length < limit) items.push(stored);
      else remaining++;
    }
    return { items, remaining };
  }

  count(prefix: string): number {
    if (prefix.indexOf('/', 1) === prefix.length - 1) return this.#live;
    let count = 0;
    for (const key of this.#keys.from(prefix)) {
      if (!key.startsWith(prefix)) break;
      if (this.get(key)) count++;
    }
    return count;
  }

  compact(key: string, revision: number): void {
    const versions = this.#versions.get(key);
    if (!versions) return;
    let keep = versions.length - 1;
    while (keep > 0 && versions[keep]!.revision > revision) keep--;
    if (keep > 0) versions.splice(0, keep);
    const only = versions[0];
    if (versions.length === 1 && only && !only.stored && only.revision <= revision) {
      this.#versions.delete(key);
      this.#keys.delete(key);
    }
  }
}

/** `/pods/default/web` → `/pods/`. */
function tableName(key: string): string {
  return key.slice(0, key.indexOf('/', 1) + 1);
}

function versionAt<V>(versions: readonly Version<V>[], revision: number): Stored<V> | undefined {
  for (let i = versions.length - 1; i >= 0; i--) {
    if (versions[i]!.revision <= revision) return versions[i]!.stored;
  }
  return undefined;
}
