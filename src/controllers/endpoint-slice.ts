/**
 * Keeps one EndpointSlice per Service with a selector: the addresses of its Pods and whether they serve
 * (pkg/controller/endpointslice). One IPv4 slice holds all endpoints; it is not split at 100 as upstream's are.
 */
import type { ApiPort, ObjectChange } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { Prng } from '../lib/prng.ts';
import type { Node, Pod, Service } from '../schema/core/v1.ts';
import type { EndpointSlice } from '../schema/discovery/v1.ts';
import { fromLabels } from '../schema/values/label-selector.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';

const slices = 'endpointslices.discovery.k8s.io';
const serviceName = 'kubernetes.io/service-name';
const managedBy = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';
/** The alphabet of Kubernetes' generated names. */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

export class EndpointSliceController implements Controller {
  readonly #port: ApiPort;
  readonly #random: Prng;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, random }: ControllerContext) {
    this.#port = port;
    this.#random = random;
    this.#queue = new WorkQueue(clock, 'endpointslice-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('services', ({ key }) => this.#queue.add(key)),
      this.#port.onChange('pods', (change) => this.#podChanged(change)),
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

  #podChanged({ object, previous }: ObjectChange): void {
    const pods = [object, previous].filter((one) => one !== undefined) as Pod[];
    const relevant = (pod: Pod | undefined) => pod && [pod.metadata.labels, pod.metadata.deletionTimestamp, endpointOf(pod, undefined)];
    if (pods.length === 2 && equal(relevant(pods[0]), relevant(pods[1]))) return;
    const namespace = pods[0]!.metadata.namespace ?? '';
    for (const service of this.#port.lister<Service>('services').list(namespace)) {
      if (pods.some((pod) => selects(service, pod))) this.#queue.add(`${namespace}/${service.metadata.name}`);
    }
  }

  #reconcile(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const service = this.#port.lister<Service>('services').get(namespace, name);
    const own = this.#port.lister<EndpointSlice>(slices).list(namespace)
      .filter(({ metadata }) => metadata.labels?.[managedBy] === manager && metadata.labels[serviceName] === name);
    if (!service?.spec?.selector || service.spec.type === 'ExternalName') {
      // The garbage collector takes the slices of a Service that is gone.
      if (service) for (const { metadata } of own) this.#port.submit({ verb: 'delete', resource: slices, namespace, name: metadata.name ?? '' });
      return;
    }
    this.#writeSlice(key, service, own[0]);
  }

  #writeSlice(key: string, service: Service, old: EndpointSlice | undefined): void {
    const pods = this.#port.lister<Pod>('pods').list(service.metadata.namespace).filter((pod) => selects(service, pod));
    const endpoints = pods.map((pod) => endpointOf(pod, this.#zoneOf(pod), service.spec?.publishNotReadyAddresses)).filter((endpoint) => endpoint !== undefined);
    const ports = portsOf(service, pods);
    if (old && equal(old.endpoints ?? [], endpoints) && equal(old.ports ?? [], ports)) return;
    const { name = '', namespace = '', uid = '', labels } = service.metadata;
    const object = {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
      metadata: old?.metadata ?? {
        name: `${name}-${this.#random.text(5, nameAlphabet)}`, generateName: `${name}-`, namespace,
        labels: { ...labels, [managedBy]: manager, [serviceName]: name },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4', endpoints, ports,
    };
    const done = this.#queue.settle(key);
    if (old) this.#port.submit({ verb: 'update', resource: slices, object }, done);
    else this.#port.submit({ verb: 'create', resource: slices, namespace, object }, done);
  }

  #zoneOf({ spec }: Pod): string | undefined {
    const node = spec?.nodeName ? this.#port.lister<Node>('nodes').get('', spec.nodeName) : undefined;
    return node?.metadata.labels?.['topology.kubernetes.io/zone'];
  }
}

function selects({ metadata, spec }: Service, pod: Pod): boolean {
  return metadata.namespace === pod.metadata.namespace && spec?.selector !== undefined && fromLabels(spec.selector).matches(pod.metadata.labels);
}

/** The endpoint of a Pod; undefined while it has no address, and when it has ended. */
function endpointOf({ metadata, spec, status }: Pod, zone: string | undefined, publishNotReady = false): Endpoint | undefined {
  if (!status?.podIP || status.phase === 'Succeeded' || status.phase === 'Failed') return undefined;
  const serving = publishNotReady || (status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false);
  const terminating = metadata.deletionTimestamp !== undefined;
  const { name = '', namespace = '', uid = '' } = metadata;
  return {
    addresses: [status.podIP],
    conditions: { ready: publishNotReady || (serving && !terminating), serving, terminating },
    ...(spec?.hostname && spec.subdomain ? { hostname: spec.hostname } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(spec?.nodeName ? { nodeName: spec.nodeName } : {}),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The Service's ports with the numbers behind them; a port name that no Pod has leaves its port out. */
function portsOf({ spec }: Service, pods: readonly Pod[]): EndpointPort[] {
  return (spec?.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort, appProtocol }) => {
    const number = typeof targetPort === 'string' ? namedPort(pods, targetPort, protocol) : targetPort || port;
    return number === undefined ? [] : [{ name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function namedPort(pods: readonly Pod[], name: string, protocol: string): number | undefined {
  for (const { spec } of pods) {
    for (const { ports = [] } of spec?.containers ?? []) {
      const found = ports.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol);
      if (found) return found.containerPort;
    }
  }
  return undefined;
}
