/**
 * Keeps as many Pods of every ReplicaSet or ReplicationController as it asks for. Upstream: pkg/controller/replicaset and
 * replication, which is an adapter of the former. It has no expectations to wait for: a look ends with the answers to its
 * writes, and the next one reads them. It does not know Deployments.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import { equal } from '../lib/json.ts';
import type { ReplicaSet } from '../schema/apps/v1.ts';
import type { Pod } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { isActive } from './pod-readiness.ts';
import { deletionOrder, observe } from './replica-set-status.ts';
import { WorkQueue, type ReconcileResult } from './runner.ts';
import { answer, type Task } from './task.ts';
import { claim, controllerOf, replicaSetKind, replicationControllerKind, type WorkloadKind } from './workload-ownership.ts';
import { podFromTemplate, WorkloadPods, type Failure } from './workload-pods.ts';
import { selectorOf, WorkloadWatch } from './workload-watch.ts';

/** So many Pods are made or deleted at a time (BurstReplicas). */
const burst = 500;

/** Both kinds have the same members, but for a counter of the status and the form of the selector, which a map is for the older. */
class ReplicaController implements Controller {
  readonly #workload: WorkloadKind;
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #pods: WorkloadPods;
  readonly #queue: WorkQueue;
  readonly #watch: WorkloadWatch;

  constructor({ port, clock, recorder }: ControllerContext, workload: WorkloadKind, name: string) {
    this.#workload = workload;
    this.#port = port;
    this.#clock = clock;
    this.#pods = new WorkloadPods(port, recorder, workload);
    this.#queue = new WorkQueue(clock, name, (key) => this.#reconcile(key));
    this.#watch = new WorkloadWatch({ port, workload, queue: this.#queue });
  }

  start(): void {
    this.#watch.start();
  }

  close(): void {
    this.#watch.close();
    this.#queue.close();
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const workload = this.#workload;
    const set = this.#port.lister<ReplicaSet>(workload.resource).get(namespace, name);
    const selector = set && selectorOf(workload, set);
    if (!set || !selector) return this.#queue.forget(key);
    const adopts = this.#watch.adopts(key);
    const pods = yield* claim<Pod>({ port: this.#port, workload, owner: set, selector, adopts }, 'pods');
    if (!pods) {
      if (adopts) this.#watch.adoptLater(key);
      return this.#queue.retry(key);
    }
    const failure = set.metadata.deletionTimestamp ? undefined : yield* this.#manage(set, pods);
    const { status, recheckAfterMs } = observe(set, pods, this.#clock.now(), { failure, countsTerminating: workload === replicaSetKind });
    if (!equal(status, set.status)) {
      const outcome = yield* answer(this.#port, { verb: 'update', resource: workload.resource, subresource: 'status', object: { ...set, status } });
      if (!failure) this.#queue.settle(key, outcome);
    } else if (!failure) this.#queue.forget(key);
    if (failure) this.#queue.retry(key);
    return recheckAfterMs === undefined ? undefined : { requeueAfterMs: recheckAfterMs };
  }

  /** Makes the missing Pods or deletes the surplus; tells what went wrong first. */
  *#manage(set: ReplicaSet, pods: readonly Pod[]): Task<Failure | undefined> {
    const active = pods.filter(isActive);
    const surplus = active.length - (set.spec?.replicas ?? 1);
    if (surplus < 0) {
      const pod = podFromTemplate(this.#workload, set, set.spec?.template);
      return (yield* this.#pods.create(set, Array<typeof pod>(Math.min(-surplus, burst)).fill(pod))).failure;
    }
    if (surplus === 0) return undefined;
    return (yield* this.#pods.delete(set, deletionOrder(active, this.#crowd(set)).slice(0, Math.min(surplus, burst)))).failure;
  }

  /** How many Pods of this set and of its siblings are on each Node. */
  #crowd(set: ReplicaSet): Map<string, number> {
    const owner = controllerOf(set);
    const related = owner ? this.#port.lister<ReplicaSet>(this.#workload.resource).byIndex('owner', owner.uid) : [set];
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

export class ReplicaSetController extends ReplicaController {
  constructor(context: ControllerContext) {
    super(context, replicaSetKind, 'replicaset-controller');
  }
}

export class ReplicationControllerController extends ReplicaController {
  constructor(context: ControllerContext) {
    super(context, replicationControllerKind, 'replicationcontroller-controller');
  }
}
