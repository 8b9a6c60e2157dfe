/**
 * Keeps as many Pods of every ReplicaSet as it asks for. Upstream: pkg/controller/replicaset. It relies on a port whose
 * reads see its own writes, so it has no expectations to wait for; it does not know Deployments.
 */
import type { ApiPort, ObjectChange } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import { equal } from '../lib/json.ts';
import type { ReplicaSet } from '../schema/apps/v1.ts';
import type { Pod } from '../schema/core/v1.ts';
import { storedLabelSelector } from '../schema/values/label-selector.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { isActive } from './pod-readiness.ts';
import { deletionOrder, observe } from './replica-set-status.ts';
import { WorkQueue, type ReconcileResult } from './runner.ts';
import { claim, controllerOf, replicaSetKind } from './workload-ownership.ts';
import { podFromTemplate, WorkloadPods, type Failure } from './workload-pods.ts';

const replicaSets = replicaSetKind.resource;
/** So many Pods are made or deleted at a time (BurstReplicas). */
const burst = 500;

export class ReplicaSetController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #pods: WorkloadPods;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#pods = new WorkloadPods(port, recorder, replicaSetKind);
    this.#queue = new WorkQueue(clock, 'replicaset-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(replicaSets, ({ key }) => this.#queue.add(key)),
      this.#port.onChange('pods', (change) => this.#podChanged(change)),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  #podChanged({ object, previous }: ObjectChange): void {
    for (const pod of [object, previous]) {
      const controller = pod && controllerOf(pod);
      if (controller?.kind === 'ReplicaSet') this.#queue.add(`${pod!.metadata.namespace}/${controller.name}`);
    }
    if (!object || controllerOf(object)) return;
    for (const { metadata, spec } of this.#port.lister<ReplicaSet>(replicaSets).list(object.metadata.namespace)) {
      if (storedLabelSelector(spec?.selector ?? undefined)?.matches(object.metadata.labels)) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
    }
  }

  #reconcile(key: string): ReconcileResult | void {
    const [namespace = '', name = ''] = key.split('/');
    const set = this.#port.lister<ReplicaSet>(replicaSets).get(namespace, name);
    const selector = storedLabelSelector(set?.spec?.selector ?? undefined);
    if (!set || !selector) return this.#queue.forget(key);
    const pods = claim<Pod>({ port: this.#port, workload: replicaSetKind, owner: set, selector }, 'pods');
    const failure = set.metadata.deletionTimestamp ? undefined : this.#manage(set, pods);
    const { status, recheckAfterMs } = observe(set, pods, this.#clock.now(), failure);
    if (!equal(status, set.status)) {
      const settle = this.#queue.settle(key);
      this.#port.submit({ verb: 'update', resource: replicaSets, subresource: 'status', object: { ...set, status } }, failure ? undefined : settle);
    } else if (!failure) this.#queue.forget(key);
    if (failure) this.#queue.retry(key);
    return recheckAfterMs === undefined ? undefined : { requeueAfterMs: recheckAfterMs };
  }

  /** Makes the missing Pods or deletes the surplus; tells what went wrong first. */
  #manage(set: ReplicaSet, pods: readonly Pod[]): Failure | undefined {
    const active = pods.filter(isActive);
    const surplus = active.length - (set.spec?.replicas ?? 1);
    if (surplus < 0) {
      const pod = podFromTemplate(replicaSetKind, set, set.spec?.template);
      return this.#pods.create(set, Array<typeof pod>(Math.min(-surplus, burst)).fill(pod)).failure;
    }
    return surplus > 0 ? this.#pods.delete(set, deletionOrder(active, this.#crowd(set)).slice(0, Math.min(surplus, burst))).failure : undefined;
  }

  /** How many Pods of this set and of its siblings are on each Node. */
  #crowd(set: ReplicaSet): Map<string, number> {
    const owner = controllerOf(set);
    const related = owner ? this.#port.lister<ReplicaSet>(replicaSets).byIndex('owner', owner.uid) : [set];
    const crowd = new Map<string, number>();
    for (const { metadata } of related) {
      for (const pod of this.#port.lister<Pod>('pods').byIndex('owner', metadata.uid ?? '')) {
        const node = pod.spec?.nodeName;
        if (node && isActive(pod)) crowd.set(node, (crowd.get(node) ?? 0) + 1);
      }
    }
    return crowd;
  }
}
