/** UDP in one sandbox: ports that take datagrams, and answer the one who sent them. */
import { Errno } from './errno.ts';

export interface DatagramListener {
  readonly port: number;
  /** Undefined for all addresses. */
  readonly ip: string | undefined;
  /** `from`: address and port of the sender. */
  receive(data: string, from: string, reply: (data: string) => void): void;
}

export class DatagramPorts {
  readonly #listeners = new Map<string, DatagramListener>();

  /** Throws EADDRINUSE. */
  listen(listener: DatagramListener): void {
    const key = keyOf(listener.ip, listener.port);
    if (this.#listeners.has(key) || this.#listeners.has(keyOf(undefined, listener.port))) throw new Errno('EADDRINUSE');
    this.#listeners.set(key, listener);
  }

  close(listener: DatagramListener): void {
    const key = keyOf(listener.ip, listener.port);
    if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
  }

  /** Throws ECONNREFUSED, as ICMP says, where nobody listens. */
  deliver(ip: string, port: number, data: string, from: string, reply: (data: string) => void): void {
    const listener = this.#listeners.get(keyOf(ip, port)) ?? this.#listeners.get(keyOf(undefined, port));
    if (!listener) throw new Errno('ECONNREFUSED');
    listener.receive(data, from, reply);
  }
}

const keyOf = (ip: string | undefined, port: number): string => `${ip ?? '*'}:${port}`;
