/**
 * What kube-apiserver itself puts into an empty cluster and puts back when it goes missing: the system namespaces, the
 * built-in priority classes, and the Service `kubernetes` with its range and endpoints. Its port writes as `kube-apiserver`.
 */
import type { ApiPort } from '../api/port.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';

export interface SystemObject {
  readonly resource: string;
  readonly object: KubeObject;
}

const meta = (name: string, namespace?: string, labels?: Record<string, string>) =>
  ({ name, ...(namespace === undefined ? {} : { namespace }), ...(labels ? { labels } : {}) });

const namespaces: readonly SystemObject[] = ['kube-system', 'kube-public', 'kube-node-lease', 'default'].map((name) =>
  ({ resource: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: meta(name) } }));

const priorityClass = (name: string, value: number, description: string): SystemObject => ({
  resource: 'priorityclasses.scheduling.k8s.io',
  object: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: meta(name), value, description },
});

const serverLabels = { component: 'apiserver', provider: 'kubernetes' };
/** Where the API server would listen on its machine. */
const serverAddress = '172.18.0.2';
const serverPort = 6443;

export const systemObjects: readonly SystemObject[] = [
  ...namespaces,
  priorityClass('system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.'),
  priorityClass('system-cluster-critical', 2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'),
  {
    resource: 'servicecidrs.networking.k8s.io',
    object: { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: meta('kubernetes'), spec: { cidrs: ['10.96.0.0/16'] } },
  },
  {
    resource: 'services',
    object: {
      apiVersion: 'v1', kind: 'Service', metadata: meta('kubernetes', 'default', serverLabels),
      spec: {
        type: 'ClusterIP', clusterIP: '10.96.0.1', sessionAffinity: 'None', ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: serverPort }],
      },
    },
  },
  {
    resource: 'endpoints',
    object: {
      apiVersion: 'v1', kind: 'Endpoints', metadata: meta('kubernetes', 'default', { 'endpointslice.kubernetes.io/skip-mirror': 'true' }),
      subsets: [{ addresses: [{ ip: serverAddress }], ports: [{ name: 'https', port: serverPort, protocol: 'TCP' }] }],
    },
  },
  {
    resource: 'endpointslices.discovery.k8s.io',
    object: {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: meta('kubernetes', 'default', { 'kubernetes.io/service-name': 'kubernetes' }),
      addressType: 'IPv4', endpoints: [{ addresses: [serverAddress], conditions: { ready: true } }],
      ports: [{ name: 'https', protocol: 'TCP', port: serverPort }],
    },
  },
];

export class Bootstrap implements Controller {
  readonly #port: ApiPort;
  readonly #objects: readonly SystemObject[];
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock }: Pick<ControllerContext, 'port' | 'clock'>, objects: readonly SystemObject[]) {
    this.#port = port;
    this.#objects = objects;
    this.#queue = new WorkQueue(clock, 'kube-apiserver bootstrap', (index) => this.#ensure(Number(index)));
  }

  /** Creates everything at once, so that the cluster is whole when its first request comes. */
  start(): void {
    this.#objects.forEach((_, index) => this.#ensure(index));
    this.#stops = [...new Set(this.#objects.map(({ resource }) => resource))].map((resource) =>
      this.#port.onChange(resource, ({ object, previous }) => {
        if (!object && previous) this.#restore(resource, previous);
      }));
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  #restore(resource: string, gone: KubeObject): void {
    const index = this.#objects.findIndex(({ resource: of, object }) =>
      of === resource && object.metadata.name === gone.metadata.name && object.metadata.namespace === gone.metadata.namespace);
    if (index >= 0) this.#queue.add(String(index));
  }

  #ensure(index: number): void {
    const { resource, object } = this.#objects[index]!;
    const { namespace = '', name = '' } = object.metadata;
    if (this.#port.lister(resource).get(namespace, name)) return;
    this.#port.submit({ verb: 'create', resource, namespace, object }, (outcome) => this.#queue.settle(String(index), outcome));
  }
}
