/** One Pod sandbox: an identity and a network. */
import type { Millis } from '../clock/clock.ts';
import type { Machine } from '../programs/machine.ts';
import type { NetworkStack } from '../programs/network.ts';
import type { Sandbox, SandboxConfig } from './runtime.ts';

export class SandboxState implements Sandbox {
  readonly id: string;
  readonly config: SandboxConfig;
  readonly createdAt: Millis;
  readonly network: NetworkStack;
  /** Process 1 of all its containers, if they share their processes. */
  pause: Machine | undefined;
  state: Sandbox['state'] = 'ready';
  ips: readonly string[];

  constructor(id: string, config: SandboxConfig, network: NetworkStack, createdAt: Millis) {
    this.id = id;
    this.config = config;
    this.network = network;
    this.ips = network.ips;
    this.createdAt = createdAt;
  }

  get podUid(): string {
    return this.config.podUid;
  }

  get attempt(): number {
    return this.config.attempt;
  }
}

/** Why containerd refuses a sandbox, or undefined. */
export function sandboxRefusal(id: string, { runAsUser, runAsGroup }: SandboxConfig): string | undefined {
  if (runAsGroup === undefined || runAsUser !== undefined) return undefined;
  return `rpc error: code = Unknown desc = failed to start sandbox "${id}": failed to generate sandbox container spec options: `
    + `failed to generate user string: user group "${runAsGroup}" is specified without user`;
}

/** Addresses of a node's Pods, given out in a circle so that an address is not used again at once. */
export class AddressPool {
  /** The network's address as a number. */
  readonly #network: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  #next = firstHost;

  /** `cidr` is IPv4: `10.244.1.0/24`. */
  constructor(cidr: string) {
    const [ip = '', bits = '24'] = cidr.split('/');
    this.#network = numberOf(ip);
    this.#size = 2 ** (32 - Number(bits));
  }

  /** The next free address; undefined when all are taken. */
  take(): string | undefined {
    const last = this.#size - 2;
    if (this.#taken.size >= last - firstHost + 1) return undefined;
    while (this.#taken.has(this.#next)) this.#next = this.#after(this.#next, last);
    const host = this.#next;
    this.#next = this.#after(host, last);
    this.#taken.add(host);
    return dotted(this.#network + host);
  }

  give(ip: string): void {
    this.#taken.delete(numberOf(ip) - this.#network);
  }

  #after(host: number, last: number): number {
    return host === last ? firstHost : host + 1;
  }
}

/** The network's own address and the gateway's come before. */
const firstHost = 2;

const numberOf = (ip: string): number => ip.split('.').reduce((number, part) => number * 256 + Number(part), 0);
const dotted = (ip: number): string => [24, 16, 8, 0].map((shift) => Math.floor(ip / 2 ** shift) % 256).join('.');
