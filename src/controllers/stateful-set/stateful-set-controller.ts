/**
 * Runs StatefulSets: Pods with an ordinal and claims of their own, made and replaced one after another unless they may be
 * handled in parallel. Upstream: pkg/controller/statefulset. It never touches volumes, and deletes claims only through owners.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ControllerRevision, StatefulSet, StatefulSetStatus } from '../../schema/apps/v1.ts';
import type { Pod } from '../../schema/core/v1.ts';
import type { LabelSelector } from '../../schema/values/label-selector.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { revisionHash, RevisionHistory, templateOf } from '../controller-revisions.ts';
import { availableInMs, hasEnded, isTerminating } from '../pod-readiness.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import { answer, inBatches, type Task } from '../task.ts';
import { claim, statefulSetKind } from '../workload-ownership.ts';
import { selectorOf, WorkloadWatch } from '../workload-watch.ts';
import {
  completeUpdate, countPods, isAvailable, isCreated, isInRange, isNews, isRunningAndReady, isUnavailable, newPod, ordinalOf, parentAndOrdinal, revisionOf,
  sizeOf, startOf, type Templates,
} from './stateful-set-pods.ts';
import { StatefulSetWrites } from './stateful-set-writes.ts';

const sets = statefulSetKind.resource;
const hashLabel = 'controller.kubernetes.io/hash';

/** What one step says to the next: go on, wait for something to happen, or try again later. */
type Step = 'go on' | 'wait' | 'failed';

/** A set at one look. */
interface Look {
  readonly templates: Templates;
  readonly set: StatefulSet;
  readonly now: number;
  /** The Pod of each ordinal; those that are missing are in memory only. */
  readonly replicas: readonly Pod[];
  /** Pods outside of the range, highest ordinal first. */
  readonly condemned: readonly Pod[];
  readonly ordered: boolean;
}

export class StatefulSetController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #writes: StatefulSetWrites;
  readonly #history: RevisionHistory;
  readonly #queue: WorkQueue;
  readonly #watch: WorkloadWatch;

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#writes = new StatefulSetWrites(port, recorder);
    this.#history = new RevisionHistory(port, statefulSetKind);
    this.#queue = new WorkQueue(clock, 'statefulset-controller', (key) => this.#reconcile(key));
    this.#watch = new WorkloadWatch({ port, workload: statefulSetKind, queue: this.#queue });
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
    const set = this.#port.lister<StatefulSet>(sets).get(namespace, name);
    const selector = set && selectorOf(statefulSetKind, set);
    if (!set || !selector) return this.#queue.forget(key);
    const adopts = this.#watch.adopts(key);
    const revisions = yield* this.#history.list(set, selector, adopts);
    const pods = revisions && (yield* this.#claimPods(set, selector, adopts));
    if (!pods && adopts) this.#watch.adoptLater(key);
    const found = pods && (yield* this.#revisions(set, revisions));
    if (!found) return this.#queue.retry(key);
    const { current, update, collisions } = found;
    const templates = { set, current, update, currentTemplate: templateOf(current), updateTemplate: templateOf(update) };
    const { step, status } = yield* this.#sync(templates, pods, this.#clock.now());
    const written = yield* this.#writeStatus(set, {
      ...status, observedGeneration: set.metadata.generation ?? 0, currentRevision: current.metadata.name ?? '',
      updateRevision: update.metadata.name ?? '', collisionCount: collisions,
    });
    const live = new Set([current, update].map(({ metadata }) => metadata.name ?? '').concat(pods.map(revisionOf)));
    const idle = revisions.filter(({ metadata }) => !live.has(metadata.name ?? ''));
    const trimmed = yield* this.#history.deleteOldest(idle, idle.length - (set.spec?.revisionHistoryLimit ?? 10));
    if (step === 'failed' || !written || !trimmed) return this.#queue.retry(key);
    this.#queue.forget(key);
    return this.#nextCheck(set, pods, status);
  }

  #claimPods(owner: StatefulSet, selector: LabelSelector, adopts: boolean): Task<Pod[] | undefined> {
    const accepts = (pod: Pod) => parentAndOrdinal(pod).parent === owner.metadata.name;
    return claim<Pod>({ port: this.#port, workload: statefulSetKind, owner, selector, adopts, accepts }, 'pods');
  }

  /** The revision that Pods have and the one of the template, which is made when it is new. */
  *#revisions(set: StatefulSet, all: readonly ControllerRevision[]): Task<{ current: ControllerRevision; update: ControllerRevision; collisions: number } | undefined> {
    const newest = all.at(-1);
    const next = (newest?.revision ?? 0) + 1;
    const same = this.#history.equalTo(all, set.spec!.template).at(-1);
    const { update, collisions } = same
      ? { update: same === newest ? same : yield* this.#history.renumber(same, next), collisions: set.status?.collisionCount ?? 0 }
      : yield* this.#newRevision(set, next);
    if (!update) return undefined;
    const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    return { current, update, collisions };
  }

  /** A revision whose name is free: each that is taken changes the hash of the name, but not the label. */
  *#newRevision(owner: StatefulSet, revision: number): Task<{ readonly update: ControllerRevision | undefined; readonly collisions: number }> {
    const { template } = owner.spec!;
    const first = owner.status?.collisionCount ?? 0;
    const label = { [hashLabel]: revisionHash(template, first) };
    for (let collisions = first; ; collisions++) {
      const update = yield* this.#history.create({ owner, template, revision, hash: revisionHash(template, collisions), label });
      if (update !== 'taken') return { update, collisions };
    }
  }

  *#sync(templates: Templates, pods: readonly Pod[], now: number): Task<{ readonly step: Step; readonly status: StatefulSetStatus }> {
    const { set } = templates;
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
    const replicas = Array.from({ length: sizeOf(set) }, (_, i) => byOrdinal.get(startOf(set) + i) ?? newPod(templates, startOf(set) + i));
    const condemned = pods.filter((pod) => ordinalOf(pod) >= 0 && !isInRange(set, ordinalOf(pod))).sort((a, b) => ordinalOf(b) - ordinalOf(a));
    const look = { templates, set, now, replicas, condemned, ordered: set.spec?.podManagementPolicy !== 'Parallel' };
    if (set.metadata.deletionTimestamp) return { step: 'wait', status: countPods(templates, pods, now) };
    const counters = countPods(templates, [...replicas, ...condemned], now);
    const step = yield* this.#settle(look);
    if (step !== 'go on' || set.spec?.updateStrategy?.type === 'OnDelete') return { step, status: counters };
    const updated = yield* this.#rollOut(look);
    const currentReplicas = (counters.currentReplicas ?? 0) - (updated === 'deleted' ? 1 : 0);
    return { step: updated === 'failed' ? 'failed' : 'wait', status: { ...counters, currentReplicas } };
  }

  /** Makes and repairs replicas, then gives up the condemned. */
  *#settle(look: Look): Task<Step> {
    const { set, condemned, replicas, now, ordered } = look;
    const unhealthy = [...replicas, ...[...condemned].reverse()].find((pod) => isUnavailable(set, pod, now));
    const replaced = yield* forAll(replicas, ordered, (pod) => this.#replica(look, pod));
    if (replaced !== 'go on') return replaced;
    const owned = yield* forAll(condemned, ordered, (pod) => this.#ownClaims(set, pod));
    return owned === 'go on' ? yield* forAll(condemned, ordered, (pod) => this.#condemn(look, pod, unhealthy)) : owned;
  }

  *#ownClaims(set: StatefulSet, pod: Pod): Task<Step> {
    return (yield* this.#writes.ownClaims(set, pod)) === undefined ? 'go on' : 'failed';
  }

  *#replica({ set, now, ordered }: Look, pod: Pod): Task<Step> {
    if (hasEnded(pod)) return !isTerminating(pod) && (yield* this.#writes.deletePod(set, pod)) !== undefined ? 'failed' : 'wait';
    if (!isCreated(pod)) {
      if (this.#writes.isBlocked(set, pod)) return 'wait';
      if ((yield* this.#writes.createPod(set, pod)) !== undefined) return 'failed';
      if (ordered) return 'wait';
    }
    if (pod.status?.phase === 'Pending' && (yield* this.#writes.completeClaims(set, pod)) !== undefined) return 'failed';
    if (ordered && (isTerminating(pod) || !isRunningAndReady(pod) || !isAvailable(set, pod, now))) return 'wait';
    return isCreated(pod) && (yield* this.#writes.repairPod(set, pod)) !== undefined ? 'failed' : 'go on';
  }

  *#condemn({ set, now, ordered }: Look, pod: Pod, unhealthy: Pod | undefined): Task<Step> {
    if (isTerminating(pod)) return ordered ? 'wait' : 'go on';
    if (ordered && pod !== unhealthy && (!isRunningAndReady(pod) || !isAvailable(set, pod, now))) return 'wait';
    return (yield* this.#writes.deletePod(set, pod)) === undefined ? 'wait' : 'failed';
  }

  /** Deletes the Pod with the highest ordinal that is not up to date, once those above it are available. */
  *#rollOut({ set, templates, replicas, now }: Look): Task<'deleted' | 'failed' | 'nothing'> {
    const partition = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (const pod of replicas.slice(partition).reverse()) {
      if (revisionOf(pod) !== templates.update.metadata.name && !isTerminating(pod)) {
        return (yield* this.#writes.deletePod(set, pod)) === undefined ? 'deleted' : 'failed';
      }
      if (isUnavailable(set, pod, now)) return 'nothing';
    }
    return 'nothing';
  }

  *#writeStatus(set: StatefulSet, counted: StatefulSetStatus): Task<boolean> {
    const status = completeUpdate(set, counted);
    if (!isNews(set.status, status)) return true;
    return (yield* answer(this.#port, { verb: 'update', resource: sets, subresource: 'status', object: { ...set, status } })).ok;
  }

  /** A Pod that is ready has to be so for minReadySeconds before it counts as available. */
  #nextCheck({ spec }: StatefulSet, pods: readonly Pod[], { readyReplicas = 0, availableReplicas = 0 }: StatefulSetStatus): ReconcileResult | void {
    if (!spec?.minReadySeconds || readyReplicas === availableReplicas) return;
    const waits = pods.map((pod) => availableInMs(pod, spec.minReadySeconds, this.#clock.now()) ?? 0).filter((ms) => ms > 0);
    return { requeueAfterMs: Math.min(spec.minReadySeconds * 1000, ...waits) };
  }
}

/** In order: up to the first Pod that has to be waited for. In parallel: all, up to a batch with a failure. */
function* forAll(pods: readonly Pod[], ordered: boolean, step: (pod: Pod) => Task<Step>): Task<Step> {
  const isFailed = (result: Step) => result === 'failed';
  if (!ordered) return (yield* inBatches(pods, step, isFailed)).some(isFailed) ? 'failed' : 'go on';
  for (const pod of pods) {
    const result = yield* step(pod);
    if (result !== 'go on') return result;
  }
  return 'go on';
}
