/**
 * The IPAddress behind every address of a Service (pkg/registry/core/service/ipallocator). Upstream writes it together with the
 * Service; here it follows at once, and the Services themselves say what is taken. One that goes missing comes back, as
 * upstream's repair loop does it. Its port writes as `kube-apiserver`.
 */
import type { ApiPort, ObjectKey } from '../api/port.ts';
import type { IPAddress } from '../schema/networking/v1.ts';
import type { Service } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';
import { run, type Task } from './task.ts';

const resource = 'ipaddresses.networking.k8s.io';
const managerLabel = 'ipaddress.kubernetes.io/managed-by';
const manager = 'ipallocator.k8s.io';

export class ServiceAddresses implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  /** Which Service has an address. */
  readonly #owners = new Map<string, ObjectKey>();
  #stops: (() => void)[] = [];

  constructor({ port, clock }: Pick<ControllerContext, 'port' | 'clock'>) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'kube-apiserver service addresses', (address) => this.#reconcile(address));
  }

  /** Makes those that are there at once, so that the cluster is whole when its first request comes. */
  start(): void {
    this.#stops = [
      this.#port.onChange('services', ({ key, object, previous }) => {
        for (const address of addressesOf(previous)) if (this.#owners.get(address) === key) this.#owners.delete(address);
        for (const address of addressesOf(object)) this.#owners.set(address, key);
        for (const address of [...addressesOf(previous), ...addressesOf(object)]) this.#queue.add(address);
      }),
      this.#port.onChange(resource, ({ key, object }) => {
        if (!object && this.#owners.has(key)) this.#queue.add(key);
      }),
    ];
    for (const address of this.#owners.keys()) run(this.#reconcile(address), () => {});
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  *#reconcile(address: string): Task<void> {
    const owner = this.#owners.get(address);
    const object = this.#port.lister(resource).get('', address);
    if (owner === undefined) {
      if (object?.metadata.labels?.[managerLabel] === manager) yield* this.#queue.write(this.#port, address, { verb: 'delete', resource, name: address });
      return;
    }
    if (object) return;
    const [namespace, name] = owner.split('/') as [string, string];
    const { metadata, spec }: Pick<IPAddress, 'metadata' | 'spec'> = {
      metadata: { name: address, labels: { 'ipaddress.kubernetes.io/ip-family': address.includes(':') ? 'IPv6' : 'IPv4', [managerLabel]: manager } },
      spec: { parentRef: { resource: 'services', namespace, name } },
    };
    const made = { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata, spec };
    yield* this.#queue.write(this.#port, address, { verb: 'create', resource, object: made });
  }
}

/** Those that were allocated. */
function addressesOf(object: KubeObject | undefined): readonly string[] {
  const { clusterIPs = [] } = (object as unknown as Service | undefined)?.spec ?? {};
  return clusterIPs.filter((address) => address !== 'None');
}
