/**
 * Empties a namespace that is being deleted and then lets it go: Pods first (all of them must be gone), then everything
 * else; conditions say what holds it up. Nothing wakes the controller when content disappears: it looks again after a
 * while, as upstream does (pkg/controller/namespace).
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Namespace, Pod } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { namespaceConditions, type Remaining } from './namespace-conditions.ts';
import { builtInDeletables, customDeletables, type DeletableResource } from './namespaced-resources.ts';
import { WorkQueue, type ReconcileResult } from './runner.ts';
import { all, answer, type Task } from './task.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';

/** Deletions are acted upon so much later, which lets the last creations in the namespace be seen. */
const deletionDelayMs = 5000;
const finalizerEstimateSeconds = 15;
const finalizerToken = 'kubernetes';

/** The outcome of one pass over the content of a namespace. */
interface Pass {
  readonly errors: string[];
  readonly objects: Map<string, number>;
  readonly finalizers: Map<string, number>;
  estimateSeconds: number;
}

export class NamespaceController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  #stop = () => {};

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#queue = new WorkQueue(clock, 'namespace-controller', (name) => this.#reconcile(name));
  }

  start(): void {
    this.#stop = this.#port.onChange('namespaces', ({ key, object }) => {
      if (object?.metadata.deletionTimestamp) this.#queue.addAfter(key, deletionDelayMs);
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  *#reconcile(name: string): Task<ReconcileResult | void> {
    const namespace = this.#port.lister<Namespace>('namespaces').get('', name);
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec?.finalizers?.length) return;
    const pass = yield* this.#deleteContent(namespace, name);
    if (pass.errors.length > 0) return this.#queue.retry(name);
    this.#queue.forget(name);
    if (pass.estimateSeconds > 0) return { requeueAfterMs: (Math.floor(pass.estimateSeconds / 2) + 1) * 1000 };
    yield* this.#finalize(name);
  }

  *#deleteContent(namespace: Namespace, name: string): Task<Pass> {
    const pass: Pass = { errors: [], objects: new Map(), finalizers: new Map(), estimateSeconds: 0 };
    const resources = [...builtInDeletables, ...customDeletables(this.#port)].filter(({ namespaced }) => namespaced);
    const pods = resources.find((resource) => resource.name === 'pods')!;
    yield* this.#deleteResource(pods, namespace, name, pass);
    if (pass.objects.size > 0) {
      yield* this.#writeConditions(namespace, name, pass.errors, undefined);
      return pass;
    }
    for (const resource of resources) if (resource !== pods) yield* this.#deleteResource(resource, namespace, name, pass);
    yield* this.#writeConditions(namespace, name, pass.errors, pass);
    return pass;
  }

  /** Deletes all objects of one resource and counts what stays. */
  *#deleteResource(resource: DeletableResource, namespace: Namespace, name: string, pass: Pass): Task<void> {
    const lister = this.#port.lister(resource.name);
    const doomed = lister.list(name);
    if (doomed.length === 0) return;
    const isPods = resource.name === 'pods';
    const estimate = isPods ? this.#podsEstimate(doomed as readonly Pod[], namespace) : 0;
    const outcomes = yield* all(doomed.map(({ metadata }) => answer(this.#port, {
      verb: 'delete', resource: resource.name, namespace: name, name: metadata.name ?? '', propagationPolicy: 'Background',
    })));
    for (const outcome of outcomes) if (!outcome.ok && outcome.status.code !== 404) pass.errors.push(outcome.status.message ?? '');
    const left = lister.list(name);
    if (left.length === 0) return;
    pass.objects.set(`${resource.resource}.${resource.group}`, left.length);
    let held = false;
    for (const { metadata } of left) {
      for (const finalizer of metadata.finalizers ?? []) {
        pass.finalizers.set(finalizer, (pass.finalizers.get(finalizer) ?? 0) + 1);
        held = true;
      }
    }
    if (estimate === 0 && !held) {
      const error = `unexpected items still remain in namespace: ${name} for gvr: ${resource.group}/${resource.version}, Resource=${resource.resource}`;
      pass.errors.push(isPods ? `failed to delete pods for namespace: ${name}, err: ${error}` : error);
    }
    pass.estimateSeconds = Math.max(pass.estimateSeconds, estimate > 0 ? estimate : held ? finalizerEstimateSeconds : 0);
  }

  /** The longest grace period of the Pods that still run, unless that much time has passed since the deletion. */
  #podsEstimate(pods: readonly Pod[], namespace: Namespace): number {
    const graces = pods
      .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
      .map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0);
    const estimate = Math.max(0, ...graces);
    const sinceDeletionMs = this.#clock.now() - timeToMs(namespace.metadata.deletionTimestamp!);
    return sinceDeletionMs >= estimate * 1000 ? 0 : estimate;
  }

  *#writeConditions(namespace: Namespace, name: string, errors: readonly string[], remaining: Remaining | undefined): Task<void> {
    const before = namespace.status?.conditions ?? [];
    const conditions = namespaceConditions(before, errors, remaining, formatTime(this.#clock.now()));
    if (conditions === before) return;
    const object = { ...namespace, status: { ...namespace.status, phase: 'Terminating', conditions } };
    yield* this.#queue.write(this.#port, name, { verb: 'update', resource: 'namespaces', subresource: 'status', object });
  }

  *#finalize(name: string): Task<void> {
    const namespace = this.#port.lister<Namespace>('namespaces').get('', name);
    if (!namespace) return;
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== finalizerToken).sort();
    const object = { ...namespace, spec: { ...namespace.spec, finalizers } };
    yield* this.#queue.write(this.#port, name, { verb: 'update', resource: 'namespaces', subresource: 'finalize', object });
  }
}
