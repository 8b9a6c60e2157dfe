/** One Pod sandbox: an identity and a network. */
import type { Millis } from '../clock/clock.ts';
import type { NetworkStack } from '../programs/network.ts';
import type { Sandbox, SandboxConfig } from './runtime.ts';

export class SandboxState implements Sandbox {
  readonly id: string;
  readonly config: SandboxConfig;
  readonly createdAt: Millis;
  readonly network: NetworkStack;
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
  readonly #prefix: string;
  readonly #taken = new Set<number>();
  #next = 2;

  /** `cidr` is a /24: `10.244.1.0/24`. */
  constructor(cidr: string) {
    this.#prefix = cidr.replace(/\.\d+\/\d+$/, '');
  }

  /** The next free address; undefined when all 253 are taken. */
  take(): string | undefined {
    for (let i = 0; i < 253; i++) {
      const host = this.#next;
      this.#next = host === 254 ? 2 : host + 1;
      if (this.#taken.has(host)) continue;
      this.#taken.add(host);
      return `${this.#prefix}.${host}`;
    }
    return undefined;
  }

  give(ip: string): void {
    this.#taken.delete(Number(ip.slice(ip.lastIndexOf('.') + 1)));
  }
}
