/** A version whose value is made when somebody first reads it, as hardly anybody does of a heartbeat. */
import type { Renewal, Stored } from './store.ts';

export class Renewed<V> implements Stored<V> {
  readonly key: string;
  readonly revision: number;
  readonly createRevision: number;
  bytes: Uint8Array | undefined = undefined;
  /** The last value that was written whole. */
  readonly #base: V;
  readonly #change: Renewal<V>;
  #value: V | undefined = undefined;

  constructor(current: Stored<V>, revision: number, change: Renewal<V>) {
    this.key = current.key;
    this.revision = revision;
    this.createRevision = current.createRevision;
    this.#base = current instanceof Renewed ? current.#base : current.value;
    this.#change = change;
  }

  get value(): V {
    return this.#value ??= this.#change(this.#base, this.revision);
  }
}
