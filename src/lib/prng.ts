/**
 * Seeded randomness (SplitMix32 streams). All randomness of a cluster comes from one seed; each user of it takes a
 * stream of its own by name, so a new user does not shift what the others draw.
 */
export class Prng {
  #state: number;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** All that the next draws follow from. */
  get state(): number {
    return this.#state;
  }

  set state(state: number) {
    this.#state = state;
  }

  /** An independent stream for `name`; the same seed and name always give the same stream. */
  stream(name: string): Prng {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return new Prng(hash);
  }

  /** The next integer in 0 … 2^32 - 1. */
  uint32(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A number in [least, most). */
  between(least: number, most: number): number {
    return least + (most - least) * this.fraction();
  }

  /** An integer in 0 … n - 1. */
  below(n: number): number {
    return Math.floor(this.fraction() * n);
  }

  /** `length` characters drawn from `alphabet`. */
  text(length: number, alphabet: string): string {
    // Joined, as the engine would keep every step of a concatenation for as long as the text lives.
    const characters: string[] = [];
    for (let i = 0; i < length; i++) characters.push(alphabet.charAt(this.below(alphabet.length)));
    return characters.join('');
  }

  /** A version 4 UUID. */
  uuid(): string {
    const a = this.uint32();
    const b = this.uint32();
    const c = this.uint32();
    const d = this.uint32();
    return [
      hex4(a >>> 16) + hex4(a), hex4(b >>> 16), hex4((b & 0x0fff) | 0x4000), hex4(((c >>> 16) & 0x3fff) | 0x8000),
      hex4(c) + hex4(d >>> 16) + hex4(d),
    ].join('-');
  }
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** The low 16 bits as four hex digits. */
const hex4 = (bits: number): string => hexBytes[(bits >>> 8) & 255]! + hexBytes[bits & 255]!;
