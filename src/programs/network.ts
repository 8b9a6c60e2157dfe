/**
 * The virtual network: addresses, listeners, TCP streams and datagrams between emulated programs, and between them and the kubelet
 * or the API's proxies. No packet leaves this process and no host port is ever opened.
 */
import { DatagramPorts } from './datagrams.ts';
import { Errno } from './errno.ts';
import { programLimits } from './limits.ts';
import { take, type OpenFile } from './open-file.ts';
import { WaitQueue } from './wait.ts';

/** One end of a TCP stream. */
export class Socket implements OpenFile {
  readonly node = undefined;
  readonly path = undefined;
  readonly isTerminal = false;
  readonly ready = new WaitQueue();
  readonly remote: string;
  #peer: Socket | undefined;
  #data = '';
  #outgoing = '';
  #pushing = false;
  readonly #sent: (() => void)[] = [];
  #ended = false;
  #users = 0;

  constructor(remote: string) {
    this.remote = remote;
  }

  /** Nobody uses this end any more. */
  get closed(): boolean {
    return this.#users < 0;
  }

  /** Bytes that the other end has had no room for. */
  get unsent(): number {
    return this.#outgoing.length;
  }

  /** Two connected ends. */
  static pair(client: string, server: string): [client: Socket, server: Socket] {
    const a = new Socket(server);
    const b = new Socket(client);
    a.#peer = b;
    b.#peer = a;
    return [a, b];
  }

  read(max: number, until?: string): string | undefined {
    if (this.#data === '') return this.#ended ? '' : undefined;
    const data = take(this.#data, max, until);
    this.#data = this.#data.slice(data.length);
    this.#peer?.ready.wakeAll();
    return data;
  }

  write(data: string): number {
    const peer = this.#peer;
    if (!peer || peer.#users < 0) throw new Errno('EPIPE');
    const room = programLimits.pipeBytesMax - peer.#data.length;
    if (room <= 0) return 0;
    const taken = data.length <= room ? data : data.slice(0, room);
    peer.#data += taken;
    peer.ready.wakeAll();
    return taken.length;
  }

  /** Writes all of `data`, the rest as the other end makes room, then calls back. For servers and clients that are no process. */
  send(data: string, sent: () => void = () => {}): void {
    this.#outgoing += data;
    this.#sent.push(sent);
    this.#push.wake();
  }

  /** Woken when the other end has read. Its reading may wake this one in the middle of a write. */
  readonly #push = { wake: (): void => {
    if (this.#pushing) return;
    this.#pushing = true;
    while (this.#outgoing !== '') {
      const taken = this.#peer!.#users < 0 ? this.#outgoing.length : this.write(this.#outgoing);
      if (taken === 0) break;
      this.#outgoing = this.#outgoing.slice(taken);
    }
    this.#pushing = false;
    if (this.#outgoing !== '') return this.ready.add(this.#push);
    this.ready.remove(this.#push);
    for (const sent of this.#sent.splice(0)) sent();
  } };

  /** Says that no more data will come from this end. */
  end(): void {
    const peer = this.#peer;
    if (!peer || peer.#ended) return;
    peer.#ended = true;
    peer.ready.wakeAll();
  }

  /** Calls back with what comes in, '' at the end. For servers and clients that are no process. */
  onData(handler: (data: string) => void): void {
    let looking = false;
    let over = false;
    const look = (): void => {
      // The handler may write, which may wake this end again.
      if (looking || over) return;
      looking = true;
      for (let data = this.read(Infinity); data !== undefined && !over; data = this.read(Infinity)) {
        over = data === '';
        handler(data);
      }
      looking = false;
      if (over) this.ready.remove(waiter);
    };
    const waiter = { wake: look };
    this.ready.add(waiter);
    look();
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users > 0) return;
    this.#users = -1;
    this.end();
  }
}

export interface Listener {
  readonly port: number;
  /** Undefined for all addresses. */
  readonly ip: string | undefined;
  /** Who opened it; it closes with its owner. */
  readonly owner: object;
  accept(socket: Socket): void;
}

/** The network of one sandbox, shared by the containers in it. */
export class NetworkStack {
  readonly ips: readonly string[];
  readonly network: Network;
  readonly datagrams = new DatagramPorts();
  readonly #listeners = new Map<string, Listener>();
  #nextPort = 32_768;

  constructor(network: Network, ips: readonly string[]) {
    this.network = network;
    this.ips = ips;
  }

  /** Throws EADDRINUSE. */
  listen(listener: Listener): void {
    const key = `${listener.ip ?? '*'}:${listener.port}`;
    if (this.#listeners.has(key) || this.#listeners.has(`*:${listener.port}`)) throw new Errno('EADDRINUSE');
    this.#listeners.set(key, listener);
  }

  close(listener: Listener): void {
    const key = `${listener.ip ?? '*'}:${listener.port}`;
    if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
  }

  closeOf(owner: object): void {
    for (const [key, listener] of this.#listeners) if (listener.owner === owner) this.#listeners.delete(key);
  }

  listening(): readonly Listener[] {
    return [...this.#listeners.values()];
  }

  /** Connects from within. Throws ECONNREFUSED, or EHOSTUNREACH for an address that nobody has. */
  connect(ip: string, port: number): Socket {
    const from = this.senderOf(ip);
    return isLoopback(ip) ? this.open(ip, port, from) : this.network.connect(ip, port, from);
  }

  /** A fresh address and port of its own, to reach an address from. */
  senderOf(ip: string): string {
    return `${isLoopback(ip) ? ip : this.ips[0] ?? '127.0.0.1'}:${this.#nextPort++}`;
  }

  /** Sends a datagram; `reply` gets each answer. Throws ECONNREFUSED where nobody listens; what goes to an address that nobody has is lost. */
  sendDatagram(from: string, ip: string, port: number, data: string, reply: (data: string) => void): void {
    const target = isLoopback(ip) ? { stack: this, ip, port } : this.network.locate(ip, port, 'UDP');
    if (target === 'refused') throw new Errno('ECONNREFUSED');
    target?.stack.datagrams.deliver(target.ip, target.port, data, from, reply);
  }

  open(ip: string, port: number, from: string): Socket {
    const listener = this.#listeners.get(`${ip}:${port}`) ?? this.#listeners.get(`*:${port}`);
    if (!listener) throw new Errno('ECONNREFUSED');
    const [client, server] = Socket.pair(from, `${ip}:${port}`);
    listener.accept(server);
    return client;
  }
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

export type Protocol = 'TCP' | 'UDP';

/** All sandboxes by address. `route` lets a cluster send Service addresses somewhere; `resolve` is its DNS. */
export class Network {
  readonly #stacks = new Map<string, NetworkStack>();
  route: (ip: string, port: number, protocol: Protocol) => { ip: string; port: number } | 'refused' | undefined = () => undefined;
  resolve: (name: string) => string | undefined = () => undefined;

  join(ips: readonly string[]): NetworkStack {
    const stack = new NetworkStack(this, ips);
    for (const ip of ips) this.#stacks.set(ip, stack);
    return stack;
  }

  leave(stack: NetworkStack): void {
    for (const ip of stack.ips) if (this.#stacks.get(ip) === stack) this.#stacks.delete(ip);
  }

  has(ip: string): boolean {
    return this.#stacks.has(ip);
  }

  connect(ip: string, port: number, from: string): Socket {
    const target = this.locate(ip, port, 'TCP');
    if (target === 'refused') throw new Errno('ECONNREFUSED');
    if (!target) throw new Errno('EHOSTUNREACH');
    return target.stack.open(target.ip, target.port, from);
  }

  /** The sandbox that an address leads to, itself or through a Service; undefined when nobody has it. */
  locate(ip: string, port: number, protocol: Protocol): { stack: NetworkStack; ip: string; port: number } | 'refused' | undefined {
    const stack = this.#stacks.get(ip);
    if (stack) return { stack, ip, port };
    const routed = this.route(ip, port, protocol);
    if (!routed || routed === 'refused') return routed;
    const behind = this.#stacks.get(routed.ip);
    return behind ? { stack: behind, ...routed } : 'refused';
  }
}
