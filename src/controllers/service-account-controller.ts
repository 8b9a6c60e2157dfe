/** Sees to it that every live namespace has its ServiceAccount `default` (pkg/controller/serviceaccount). */
import type { ApiPort } from '../api/port.ts';
import type { Namespace } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

const accountName = 'default';

export class ServiceAccountController implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'serviceaccount-controller', (namespace) => this.#reconcile(namespace));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('namespaces', ({ key, object }) => {
        if (object) this.#queue.add(key);
      }),
      this.#port.onChange('serviceaccounts', ({ object, previous }) => {
        if (!object && previous?.metadata.name === accountName) this.#queue.add(previous.metadata.namespace ?? '');
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
    if (this.#port.lister('serviceaccounts').get(name, accountName)) return;
    const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: accountName, namespace: name } };
    yield* this.#queue.write(this.#port, name, { verb: 'create', resource: 'serviceaccounts', namespace: name, object });
  }
}
