/** Entries of a directory that are made when somebody first looks: most containers never look into most of their volumes. */
import type { Entries, FsNode } from './nodes.ts';

export class LateEntries implements Entries {
  #entries: Entries | undefined;
  #make: (() => Entries) | undefined;

  constructor(make: () => Entries) {
    this.#make = make;
  }

  get size(): number {
    return this.#made().size;
  }

  get(name: string): FsNode | undefined {
    return this.#made().get(name);
  }

  has(name: string): boolean {
    return this.#made().has(name);
  }

  keys(): Iterable<string> {
    return this.#made().keys();
  }

  set(name: string, node: FsNode): void {
    this.#made().set(name, node);
  }

  delete(name: string): boolean {
    return this.#made().delete(name);
  }

  #made(): Entries {
    if (!this.#entries) {
      this.#entries = this.#make!();
      this.#make = undefined;
    }
    return this.#entries;
  }
}
