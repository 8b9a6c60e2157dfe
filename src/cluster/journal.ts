/**
 * The journal: an append-only, bounded record of what happened in a cluster. Entries hold references; texts are made
 * when somebody reads, so that writing one costs next to nothing. It feeds the transcript and the server's log.
 */
import type { Millis } from '../clock/clock.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { StoreEvent } from '../store/store.ts';

export type JournalEntry =
  | { readonly sequence: number; readonly at: Millis; readonly kind: 'request'; readonly method: string; readonly path: string;
      readonly status: number; readonly userAgent: string; /** The fault that hit it. */ readonly fault?: string }
  | { readonly sequence: number; readonly at: Millis; readonly kind: 'write'; readonly event: StoreEvent<KubeObject> }
  | { readonly sequence: number; readonly at: Millis; readonly kind: 'emulator'; readonly text: string };

type NewEntry<T> = T extends unknown ? Omit<T, 'sequence'> : never;

export class Journal {
  #entries: JournalEntry[] = [];
  #sequence = 0;
  #dropped = 0;
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** Entries that were dropped because the journal is bounded. */
  get dropped(): number {
    return this.#dropped;
  }

  add(entry: NewEntry<JournalEntry>): void {
    // The entry is ours from here on; a copy of each would show in the time of a request.
    this.#push(Object.assign(entry, { sequence: ++this.#sequence }) as JournalEntry);
  }

  /** Adds a write: by far the most entries are of this kind. */
  addWrite(at: Millis, event: StoreEvent<KubeObject>): void {
    this.#push({ sequence: ++this.#sequence, at, kind: 'write', event });
  }

  #push(entry: JournalEntry): void {
    this.#entries.push(entry);
    // Cut in blocks, so that the cost per entry stays constant.
    if (this.#entries.length <= this.#entriesMax * 1.25) return;
    this.#dropped += this.#entries.length - this.#entriesMax;
    this.#entries = this.#entries.slice(-this.#entriesMax);
  }

  /** Number of the newest entry. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Numbers the next entry `sequence` + 1, as a replay does where reads stood that it leaves out. */
  continueFrom(sequence: number): void {
    this.#sequence = sequence;
  }

  /** Entries after `since`, oldest first. */
  entries(since = 0): readonly JournalEntry[] {
    return since === 0 ? this.#entries : this.#entries.filter(({ sequence }) => sequence > since);
  }

  clear(): void {
    this.#entries = [];
    this.#sequence = 0;
    this.#dropped = 0;
  }
}
