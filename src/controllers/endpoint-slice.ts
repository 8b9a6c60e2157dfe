/**
 * Keeps one EndpointSlice per Service with a selector: the addresses of its Pods and whether they serve
 * (pkg/controller/endpointslice). One IPv4 slice holds all endpoints; it is not split at 100 as upstream's are.
 */
import type { ApiPort } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { Prng } from '../lib/prng.ts';
import { safeLetters } from '../lib/safe-letters.ts';
import type { Node, Pod, Service } from '../schema/core/v1.ts';
import type { EndpointSlice } from '../schema/discovery/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { fifteenRetries, WorkQueue } from './runner.ts';
import { all, type Task } from './task.ts';
import { endpointOf, portsOf, selects, servicesConcerned } from './service-endpoints.ts';

const slices = 'endpointslices.discovery.k8s.io';
const serviceName = 'kubernetes.io/service-name';
const managedBy = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';

export class EndpointSliceController implements Controller {
  readonly #port: ApiPort;
  readonly #random: Prng;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, random }: ControllerContext) {
    this.#port = port;
    this.#random = random;
    this.#queue = new WorkQueue(clock, 'endpointslice-controller', (key) => this.#reconcile(key), { ...fifteenRetries, baseMs: 1000 });
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('services', ({ key }) => this.#queue.add(key)),
      this.#port.onChange('pods', (change) => {
        for (const key of servicesConcerned(this.#port, change)) this.#queue.add(key);
      }),
      this.#port.onChange(slices, ({ object, previous }) => {
        const { namespace, labels } = (object ?? previous)!.metadata;
        if (labels?.[managedBy] === manager) this.#queue.add(`${namespace}/${labels[serviceName]}`);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  *#reconcile(key: string): Task<void> {
    const [namespace = '', name = ''] = key.split('/');
    const service = this.#port.lister<Service>('services').get(namespace, name);
    const own = this.#port.lister<EndpointSlice>(slices).list(namespace)
      .filter(({ metadata }) => metadata.labels?.[managedBy] === manager && metadata.labels[serviceName] === name);
    if (!service?.spec?.selector || service.spec.type === 'ExternalName') {
      // The garbage collector takes the slices of a Service that is gone.
      if (service) yield* all(own.map(({ metadata }) => this.#queue.write(this.#port, key, { verb: 'delete', resource: slices, namespace, name: metadata.name ?? '' })));
      return;
    }
    yield* this.#writeSlice(key, service, own[0]);
  }

  *#writeSlice(key: string, service: Service, old: EndpointSlice | undefined): Task<void> {
    const pods = this.#port.lister<Pod>('pods').list(service.metadata.namespace).filter((pod) => selects(service, pod));
    const endpoints = pods.map((pod) => endpointOf(pod, this.#zoneOf(pod), service.spec?.publishNotReadyAddresses)).filter((endpoint) => endpoint !== undefined);
    const ports = portsOf(service, pods);
    if (old && equal(old.endpoints ?? [], endpoints) && equal(old.ports ?? [], ports)) return;
    const { name = '', namespace = '', uid = '', labels } = service.metadata;
    const object = {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
      metadata: old?.metadata ?? {
        name: `${name}-${this.#random.text(5, safeLetters)}`, generateName: `${name}-`, namespace,
        labels: { ...labels, [managedBy]: manager, [serviceName]: name },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4', endpoints, ports,
    };
    yield* this.#queue.write(this.#port, key, old ? { verb: 'update', resource: slices, object } : { verb: 'create', resource: slices, namespace, object });
  }

  #zoneOf({ spec }: Pod): string | undefined {
    const node = spec?.nodeName ? this.#port.lister<Node>('nodes').get('', spec.nodeName) : undefined;
    return node?.metadata.labels?.['topology.kubernetes.io/zone'];
  }
}
