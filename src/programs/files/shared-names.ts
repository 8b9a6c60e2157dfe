/** Entries of a directory whose names are shared by all containers and stand for one node; changes are the container's own. */
import type { Entries, FsNode } from './nodes.ts';

export class SharedNames implements Entries {
  readonly #names: ReadonlySet<string>;
  readonly #node: FsNode;
  /** What the container has put there, and undefined for what it removed. */
  #own: Map<string, FsNode | undefined> | undefined;

  constructor(names: ReadonlySet<string>, node: FsNode) {
    this.#names = names;
    this.#node = node;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(name: string): FsNode | undefined {
    if (this.#own?.has(name)) return this.#own.get(name);
    return this.#names.has(name) ? this.#node : undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  keys(): Iterable<string> {
    if (!this.#own) return this.#names;
    return [...new Set([...this.#names, ...this.#own.keys()])].filter((name) => this.has(name));
  }

  set(name: string, node: FsNode): void {
    (this.#own ??= new Map()).set(name, node);
  }

  delete(name: string): boolean {
    const known = this.has(name);
    (this.#own ??= new Map()).set(name, undefined);
    return known;
  }
}
