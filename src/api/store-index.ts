/** An index over the objects of one resource, kept up to date by a store watch. */
import type { KubeObject } from '../schema/objects.ts';
import type { Store, Watch } from '../store/store.ts';
import type { IndexName } from './port.ts';

/** The values under which an object stands. */
export const indexValues: Readonly<Record<IndexName, (object: KubeObject) => readonly string[]>> = {
  node: (object) => [(object['spec'] as { nodeName?: string } | undefined)?.nodeName ?? ''],
  owner: (object) => object.metadata.ownerReferences?.map(({ uid }) => uid) ?? [],
  uid: (object) => [object.metadata.uid ?? ''],
  involved: (object) => [(object['involvedObject'] as { uid?: string } | undefined)?.uid ?? ''],
};

export class StoreIndex {
  readonly #store: Store<KubeObject>;
  readonly #valuesOf: (object: KubeObject) => readonly string[];
  readonly #keys = new Map<string, Set<string>>();
  readonly #watch: Watch | undefined;

  constructor(store: Store<KubeObject>, prefix: string, valuesOf: (object: KubeObject) => readonly string[]) {
    this.#store = store;
    this.#valuesOf = valuesOf;
    const page = store.list(prefix);
    for (const { key, value } of page.ok ? page.items : []) this.#add(key, value);
    const outcome = store.watch(prefix, store.revision, ({ type, stored, previous }) => {
      if (previous) this.#remove(stored.key, previous.value);
      if (type !== 'delete') this.#add(stored.key, stored.value);
    });
    this.#watch = outcome.ok ? outcome.watch : undefined;
  }

  /** The objects under a value, ordered by key. */
  get(value: string): KubeObject[] {
    const keys = this.#keys.get(value);
    if (!keys) return [];
    // A write in answer to an event is in the store before its own event comes here: the store has the last word.
    return [...keys].sort().map((key) => this.#store.get(key)?.value).filter((object) => object !== undefined)
      .filter((object) => this.#valuesOf(object).includes(value));
  }

  close(): void {
    this.#watch?.stop();
  }

  #add(key: string, object: KubeObject): void {
    for (const value of this.#valuesOf(object)) {
      const keys = this.#keys.get(value);
      if (keys) keys.add(key);
      else this.#keys.set(value, new Set([key]));
    }
  }

  #remove(key: string, object: KubeObject): void {
    for (const value of this.#valuesOf(object)) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(value);
    }
  }
}
