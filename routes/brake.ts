/** Stops reading from a client while programs in Pods have not read what it sent: so much waits, and no more. */

/** A connection that can be held back: a WebSocket or a socket. */
interface Pausable {
  pause(): void;
  resume(): void;
}

export class Brake {
  readonly #connection: Pausable;
  readonly #waiting = new Set<object>();

  constructor(connection: Pausable) {
    this.#connection = connection;
  }

  /** Holds the client back until `channel` is released. Channels of one connection wait for each other, as in one TCP stream. */
  hold(channel: object): void {
    this.#waiting.add(channel);
    this.#connection.pause();
  }

  /** The channel takes more, or has ended. */
  release(channel: object): void {
    if (this.#waiting.delete(channel) && this.#waiting.size === 0) this.#connection.resume();
  }
}
