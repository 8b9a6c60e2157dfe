/** Exponential back-off per key, as client-go's flowcontrol.Backoff: it doubles up to a maximum and forgets after twice that. */
import type { Clock, Millis } from '../../clock/clock.ts';

interface Entry {
  backoffMs: number;
  lastUpdate: Millis;
}

export class Backoff {
  readonly #clock: Clock;
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, initialMs: number, maxMs: number) {
    this.#clock = clock;
    this.#initialMs = initialMs;
    this.#maxMs = maxMs;
  }

  /** The current delay of a key; 0 when it has none. */
  get(key: string): number {
    return this.#entries.get(key)?.backoffMs ?? 0;
  }

  /** Notes a new attempt after what happened at `eventTime`. */
  next(key: string, eventTime: Millis): void {
    const entry = this.#entries.get(key);
    const backoffMs = entry && !this.#expired(entry, eventTime) ? Math.min(2 * entry.backoffMs, this.#maxMs) : this.#initialMs;
    this.#entries.set(key, { backoffMs, lastUpdate: this.#clock.now() });
  }

  /** Whether less than the delay has passed since `eventTime`. */
  activeSince(key: string, eventTime: Millis): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && !this.#expired(entry, eventTime) && this.#clock.now() - eventTime < entry.backoffMs;
  }

  /** Whether less than the delay has passed since the last attempt. */
  activeSinceUpdate(key: string): boolean {
    const entry = this.#entries.get(key);
    const now = this.#clock.now();
    return entry !== undefined && !this.#expired(entry, now) && now - entry.lastUpdate < entry.backoffMs;
  }

  /** Forgets all keys that begin with `prefix`: a Pod that is gone. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  #expired(entry: Entry, eventTime: Millis): boolean {
    return eventTime - entry.lastUpdate > 2 * this.#maxMs;
  }
}
