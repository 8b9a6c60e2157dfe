/**
 * The contract of the store: revisions, versions, outcomes, watches. It is synchronous and has a single writer, so every
 * request is atomic without locks. It knows keys and frozen values, never what they mean.
 *
 * Revisions are dense: every write of any key takes the next one. A version stays readable at its revision until the
 * history is compacted past it.
 */

/** One version of a value. */
export interface Stored<V> {
  readonly key: string;
  readonly value: V;
  /** Revision of the write that made this version. */
  readonly revision: number;
  /** Revision of the write that created the key. */
  readonly createRevision: number;
  /** The version's wire form, made at first use by whoever needs it and shared by all later readers. */
  bytes: Uint8Array | undefined;
}

/**
 * Makes the next value of a key that is written again and again with little change. It must be pure, and must set the
 * same members every time: a renewal of a renewed value begins at the last value that was written whole.
 */
export type Renewal<V> = (value: V, revision: number) => V;

export type WriteOutcome<V> =
  | { readonly ok: true; readonly stored: Stored<V> }
  | { readonly ok: false; readonly reason: 'exists' | 'missing' | 'conflict'; readonly current?: Stored<V> };

export interface StoreEvent<V> {
  readonly type: 'create' | 'update' | 'delete';
  readonly revision: number;
  /** The version written; for a delete the last value, as the deleter finished it. */
  readonly stored: Stored<V>;
  /** The version that was replaced or deleted. */
  readonly previous: Stored<V> | undefined;
  /** The value is a renewal: reading it costs more than knowing of it. */
  readonly renewed: boolean;
}

export interface Page<V> {
  readonly items: readonly Stored<V>[];
  /** The revision the page shows. */
  readonly revision: number;
  /** Items after this page, at the same revision. */
  readonly remaining: number;
}

export type ListOutcome<V> =
  | ({ readonly ok: true } & Page<V>)
  | { readonly ok: false; readonly reason: 'compacted' | 'future'; readonly oldest: number; readonly revision: number };

export interface ListOptions {
  /** The revision to show; the newest when absent. */
  readonly revision?: number;
  /** Only keys after this one (exclusive). */
  readonly after?: string;
  readonly limit?: number;
}

export interface Watch {
  stop(): void;
}

export type WatchOutcome =
  | { readonly ok: true; readonly watch: Watch }
  | { readonly ok: false; readonly reason: 'compacted'; readonly oldest: number };

export interface Store<V> {
  /** The newest revision. */
  readonly revision: number;
  /** The oldest revision that can still be listed or watched from. */
  readonly oldest: number;
  create(key: string, value: V): WriteOutcome<V>;
  /** Replaces a value; with `ifRevision` only that very version. */
  update(key: string, value: V, ifRevision?: number): WriteOutcome<V>;
  /** Replaces a value by a renewal of it, which is made when somebody reads it. */
  renew(key: string, change: Renewal<V>): WriteOutcome<V>;
  /** Removes a key. `last` is the value that watchers see in the event. */
  remove(key: string, last: V, ifRevision?: number): WriteOutcome<V>;
  get(key: string): Stored<V> | undefined;
  /** The keys that begin with `prefix` (which ends at a `/`), in byte order. */
  list(prefix: string, options?: ListOptions): ListOutcome<V>;
  /** Number of live keys below `prefix`; `/` stands for all. */
  count(prefix: string): number;
  /**
   * Events after revision `from`, past ones first. `sink` is called synchronously by every write. The prefix `/` stands
   * for all keys.
   */
  watch(prefix: string, from: number, sink: (event: StoreEvent<V>) => void): WatchOutcome;
  /** Forgets versions and events at or before `revision`, but for the versions that are still current. */
  compact(revision: number): void;
}
