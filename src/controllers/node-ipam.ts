/** Gives every node a range of Pod addresses: 10.244.0.0/24, 10.244.1.0/24, … (pkg/controller/nodeipam, RangeAllocator). */
import type { ApiPort } from '../api/port.ts';
import type { Node } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';

/** The cluster's range is 10.0.0.0/8's upper half from 10.244 on, in blocks of 256 addresses. */
const firstBlock = 244 * 256;
const blocksMax = 12 * 256;

export class NodeIpamController implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  readonly #taken = new Map<string, string>();
  #stop = () => {};

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'node-ipam-controller', (name) => this.#reconcile(name));
  }

  start(): void {
    this.#stop = this.#port.onChange('nodes', ({ key, object, previous }) => {
      const cidr = (object as Node | undefined)?.spec?.podCIDR;
      if (cidr) this.#taken.set(cidr, key);
      else if (object) this.#queue.add(key);
      else this.#taken.delete((previous as Node | undefined)?.spec?.podCIDR ?? '');
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  #reconcile(name: string): void {
    const node = this.#port.lister<Node>('nodes').get('', name);
    if (!node || node.spec?.podCIDR) return;
    const podCIDR = this.#freeBlock();
    if (podCIDR === undefined) return this.#queue.retry(name);
    this.#taken.set(podCIDR, name);
    const patch = { spec: { podCIDR, podCIDRs: [podCIDR] } };
    this.#port.submit({ verb: 'patch', resource: 'nodes', name, patchType: 'strategic', patch }, (outcome) => {
      if (!outcome.ok) this.#taken.delete(podCIDR);
      this.#queue.settle(name)(outcome);
    });
  }

  #freeBlock(): string | undefined {
    for (let i = this.#taken.size; i < this.#taken.size + blocksMax; i++) {
      const block = firstBlock + (i % blocksMax);
      const cidr = `10.${block >> 8}.${block & 255}.0/24`;
      if (!this.#taken.has(cidr)) return cidr;
    }
    return undefined;
  }
}
