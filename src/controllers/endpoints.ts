/**
 * Keeps the Endpoints object of every Service with a selector, the older form of EndpointSlices (pkg/controller/endpoint).
 * Pods that terminate are left out; those that are not ready stand apart.
 */
import type { ApiPort } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { Endpoints, Pod, Service } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { fifteenRetries, WorkQueue } from './runner.ts';
import type { Task } from './task.ts';
import { endpointOf, portsOf, selects, servicesConcerned } from './service-endpoints.ts';

const managedBy = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
const headless = { 'service.kubernetes.io/headless': '' };

type Subsets = NonNullable<Endpoints['subsets']>;

export class EndpointsController implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'endpoints-controller', (key) => this.#reconcile(key), fifteenRetries);
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('services', ({ key }) => this.#queue.add(key)),
      this.#port.onChange('endpoints', ({ key }) => this.#queue.add(key)),
      this.#port.onChange('pods', (change) => {
        for (const key of servicesConcerned(this.#port, change)) this.#queue.add(key);
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
    const old = this.#port.lister<Endpoints>('endpoints').get(namespace, name);
    if (!service) {
      const ours = old?.metadata.labels?.['endpoints.kubernetes.io/managed-by'] !== undefined;
      if (ours) yield* this.#queue.write(this.#port, key, { verb: 'delete', resource: 'endpoints', namespace, name });
      return;
    }
    if (!service.spec.selector || service.spec.type === 'ExternalName') return;
    const subsets = subsetsOf(service, this.#port.lister<Pod>('pods').list(namespace));
    const labels = { ...service.metadata.labels, ...managedBy, ...(service.spec.clusterIP === 'None' ? headless : {}) };
    if (old && equal(old.subsets ?? [], subsets) && equal(old.metadata.labels, labels)) return;
    const metadata = { ...(old?.metadata ?? { name, namespace }), labels };
    const object = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets };
    yield* this.#queue.write(this.#port, key, old ? { verb: 'update', resource: 'endpoints', object } : { verb: 'create', resource: 'endpoints', namespace, object });
  }
}

function subsetsOf(service: Service, pods: readonly Pod[]): Subsets {
  const behind = pods.filter((pod) => selects(service, pod) && !pod.metadata.deletionTimestamp);
  const endpoints = behind.map((pod) => endpointOf(pod, undefined, service.spec.publishNotReadyAddresses)).filter((endpoint) => endpoint !== undefined);
  if (endpoints.length === 0) return [];
  const addresses = (ready: boolean) => endpoints.filter(({ conditions }) => conditions?.ready === ready)
    .map(({ addresses: ips, hostname, nodeName, targetRef }) => ({
      ip: ips?.[0] ?? '', ...(hostname === undefined ? {} : { hostname }), ...(nodeName === undefined ? {} : { nodeName }), ...(targetRef ? { targetRef } : {}),
    }));
  const [ready, waiting] = [addresses(true), addresses(false)];
  const ports = portsOf(service, behind).map(({ name, port = 0, protocol, appProtocol }) => ({
    ...(name ? { name } : {}), port, ...(protocol === undefined ? {} : { protocol }), ...(appProtocol === undefined ? {} : { appProtocol }),
  }));
  return [{
    ...(ready.length > 0 ? { addresses: ready } : {}), ...(waiting.length > 0 ? { notReadyAddresses: waiting } : {}), ...(ports.length > 0 ? { ports } : {}),
  }];
}
