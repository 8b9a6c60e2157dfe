/** A sorted set of strings, kept in chunks so that an insert moves a few hundred entries at most. */
const chunkMax = 512;

export class SortedKeys {
  #chunks: string[][] = [[]];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a key; false when it is there already. */
  add(key: string): boolean {
    const c = this.#chunkOf(key);
    const chunk = this.#chunks[c]!;
    const at = lowerBound(chunk, key);
    if (chunk[at] === key) return false;
    chunk.splice(at, 0, key);
    this.#size++;
    if (chunk.length > chunkMax) this.#chunks.splice(c + 1, 0, chunk.splice(chunkMax / 2));
    return true;
  }

  delete(key: string): boolean {
    const c = this.#chunkOf(key);
    const chunk = this.#chunks[c]!;
    const at = lowerBound(chunk, key);
    if (chunk[at] !== key) return false;
    chunk.splice(at, 1);
    this.#size--;
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(c, 1);
    return true;
  }

  /** Keys at or after `from`, in order. The set must not change meanwhile. */
  * from(from: string): Generator<string, void, undefined> {
    for (let c = this.#chunkOf(from), at = lowerBound(this.#chunks[c]!, from); c < this.#chunks.length; c++, at = 0) {
      const chunk = this.#chunks[c]!;
      for (; at < chunk.length; at++) yield chunk[at]!;
    }
  }

  /** Index of the chunk that holds `key` or would. */
  #chunkOf(key: string): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]![0]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(chunk: readonly string[], key: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
