/**
 * Gives every node a range of Pod addresses: 10.244.0.0/24, 10.244.1.0/24, … (pkg/controller/nodeipam, RangeAllocator). A
 * node that admits more Pods than such a range has addresses gets a wider one; a real cluster would be given a wider mask
 * for all its nodes (--node-cidr-mask-size).
 */
import type { ApiPort } from '../api/port.ts';
import type { Node } from '../schema/core/v1.ts';
import { parseQuantity } from '../schema/values/quantity.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

/** The cluster's range: the upper half of 10.0.0.0/8, from 10.244.0.0 on and round, in blocks of 256 addresses. */
const firstBlock = 244 * 256;
const lowestBlock = 128 * 256;
const blocksMax = 128 * 256;
/** Of a node: a /16. */
const nodeBlocksMax = 256;
/** In each range: the network, the gateway and the broadcast address. */
const reservedAddresses = 3;

export class NodeIpamController implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  /** Nodes by the blocks that are theirs. */
  readonly #taken = new Map<number, string>();
  #stop = () => {};

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'node-ipam-controller', (name) => this.#reconcile(name));
  }

  start(): void {
    this.#stop = this.#port.onChange('nodes', ({ key, object, previous }) => {
      const cidr = (object as Node | undefined)?.spec?.podCIDR;
      if (cidr) for (const block of blocksOf(cidr)) this.#taken.set(block, key);
      else if (object) this.#queue.add(key);
      else for (const block of blocksOf((previous as Node | undefined)?.spec?.podCIDR)) this.#taken.delete(block);
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  *#reconcile(name: string): Task<void> {
    const node = this.#port.lister<Node>('nodes').get('', name);
    if (!node || node.spec?.podCIDR) return;
    const podCIDR = this.#freeRange(blocksFor(node));
    if (podCIDR === undefined) return this.#queue.retry(name);
    for (const block of blocksOf(podCIDR)) this.#taken.set(block, name);
    const patch = { spec: { podCIDR, podCIDRs: [podCIDR] } };
    const outcome = yield* this.#queue.write(this.#port, name, { verb: 'patch', resource: 'nodes', name, patchType: 'strategic', patch });
    if (!outcome.ok) for (const block of blocksOf(podCIDR)) this.#taken.delete(block);
  }

  /** The first range of `count` blocks, a power of two, that is nobody's. */
  #freeRange(count: number): string | undefined {
    const start = Math.ceil(this.#taken.size / count) * count;
    for (let i = start; i < start + blocksMax; i += count) {
      const block = lowestBlock + ((firstBlock - lowestBlock + i) % blocksMax);
      const cidr = `10.${block >> 8}.${block & 255}.0/${24 - Math.log2(count)}`;
      if (blocksOf(cidr).every((one) => !this.#taken.has(one))) return cidr;
    }
    return undefined;
  }
}

/** How many blocks hold the Pods of a node; a power of two. */
function blocksFor({ status }: Node): number {
  const addresses = Number(parseQuantity(status?.capacity?.['pods'] ?? '0').value()) + reservedAddresses;
  return Math.min(nodeBlocksMax, 2 ** Math.max(0, Math.ceil(Math.log2(addresses / 256))));
}

function blocksOf(cidr: string | undefined): number[] {
  const [, high, low, bits] = /^10\.(\d+)\.(\d+)\.0\/(\d+)$/.exec(cidr ?? '') ?? [];
  if (bits === undefined) return [];
  return Array.from({ length: 2 ** Math.max(0, 24 - Number(bits)) }, (_, i) => Number(high) * 256 + Number(low) + i);
}
