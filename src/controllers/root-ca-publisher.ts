/** Publishes the cluster's CA as ConfigMap `kube-root-ca.crt` in every live namespace (pkg/controller/certificates/rootcacertpublisher). */
import type { ApiPort } from '../api/port.ts';
import type { ConfigMap, Namespace } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

const configMapName = 'kube-root-ca.crt';
const annotations = {
  'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as '
    + 'the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

export class RootCaPublisher implements Controller {
  readonly #port: ApiPort;
  readonly #certificate: string;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, rootCertificate }: ControllerContext) {
    this.#port = port;
    this.#certificate = rootCertificate;
    this.#queue = new WorkQueue(clock, 'root-ca-certificate-publisher-controller', (namespace) => this.#reconcile(namespace));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('namespaces', ({ key, object }) => {
        if (object) this.#queue.add(key);
      }),
      this.#port.onChange('configmaps', ({ object, previous }) => {
        const metadata = (object ?? previous)?.metadata;
        if (previous && metadata?.name === configMapName) this.#queue.add(metadata.namespace ?? '');
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  *#reconcile(name: string): Task<void> {
    const namespace = this.#port.lister<Namespace>('namespaces').get('', name);
    if (!namespace || namespace.status?.phase !== 'Active') return;
    const data = { 'ca.crt': this.#certificate };
    const old = this.#port.lister<ConfigMap>('configmaps').get(name, configMapName);
    if (!old) {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: configMapName, namespace: name, annotations }, data };
      yield* this.#queue.write(this.#port, name, { verb: 'create', resource: 'configmaps', namespace: name, object });
    } else if (old.data?.['ca.crt'] !== this.#certificate || Object.keys(old.data).length !== 1 || !old.metadata.annotations?.['kubernetes.io/description']) {
      const object = { ...old, metadata: { ...old.metadata, annotations }, data };
      yield* this.#queue.write(this.#port, name, { verb: 'update', resource: 'configmaps', object });
    }
  }
}
