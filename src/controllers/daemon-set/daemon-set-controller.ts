/**
 * Runs DaemonSets: one Pod on every node that takes it, replaced node by node when the template changes. Upstream:
 * pkg/controller/daemon. It never binds Pods: the scheduler brings each to the node that its affinity names.
 */
import type { ApiPort, ObjectChange } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../../schema/apps/v1.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import type { LabelSelector } from '../../schema/values/label-selector.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { revisionLabel, RevisionHistory } from '../controller-revisions.ts';
import { templateHash } from '../template-hash.ts';
import { availableInMs, isReady } from '../pod-readiness.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import { all, answer, type Task } from '../task.ts';
import { claim, controllerKey, controllerOf, daemonSetKind } from '../workload-ownership.ts';
import { WorkloadPods } from '../workload-pods.ts';
import { selectorOf, WorkloadWatch } from '../workload-watch.ts';
import { byNode, fitOf, isUpdated, podFor } from './daemon-set-pods.ts';
import { isAvailable, planNodes, planUpdate, type Look, type PodPlan } from './daemon-set-plan.ts';
import { FailedPodBackoff } from './failed-pod-backoff.ts';

const sets = daemonSetKind.resource;
/** So many Pods are made and so many deleted at a time. */
const burst = 250;

const keyOf = ({ metadata }: DaemonSet): string => `${metadata.namespace}/${metadata.name}`;

export class DaemonSetController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #pods: WorkloadPods;
  readonly #history: RevisionHistory;
  readonly #queue: WorkQueue;
  readonly #watch: WorkloadWatch;
  readonly #backoff = new FailedPodBackoff();
  #stopNodes: (() => void) | undefined;

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#pods = new WorkloadPods(port, recorder, daemonSetKind);
    this.#history = new RevisionHistory(port, daemonSetKind);
    this.#queue = new WorkQueue(clock, 'daemonset-controller', (key) => this.#reconcile(key));
    this.#watch = new WorkloadWatch({ port, workload: daemonSetKind, queue: this.#queue, workloadChanged: (change) => this.#setChanged(change) });
  }

  start(): void {
    this.#watch.start();
  }

  close(): void {
    this.#stopNodes?.();
    this.#watch.close();
    this.#queue.close();
  }

  #setChanged({ key, object, previous }: ObjectChange): void {
    if (!object) this.#backoff.forget(previous?.metadata.uid ?? '');
    this.#queue.add(key);
    this.#stopNodes ??= this.#port.onChange('nodes', (change) => {
      if (!change.renewed) this.#nodeChanged(change);
    });
  }

  /** Only DaemonSets to which the node makes a difference are looked at. */
  #nodeChanged({ object, previous }: ObjectChange): void {
    const node = object as Node | undefined;
    const before = previous as Node | undefined;
    if (!node || (before && equal(before.metadata.labels, node.metadata.labels) && equal(before.spec?.taints, node.spec?.taints))) return;
    const all = this.#port.lister<DaemonSet>(sets).list();
    if (all.length === 0) return;
    const there = new Set(this.#port.lister<Pod>('pods').byIndex('node', node.metadata.name ?? '').map((pod) => controllerKey(daemonSetKind, pod)));
    for (const set of all) {
      const { run, stay } = fitOf(set)(node);
      const scheduled = there.has(keyOf(set));
      if ((run && !scheduled) || (!stay && scheduled) || (scheduled && (set.status?.numberMisscheduled ?? 0) > 0)) this.#queue.add(keyOf(set));
    }
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const set = this.#port.lister<DaemonSet>(sets).get(namespace, name);
    const selector = set && selectorOf(daemonSetKind, set);
    if (!set || !selector || set.metadata.deletionTimestamp) return this.#queue.forget(key);
    if (selector.empty) {
      this.#pods.announce(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
      return this.#queue.forget(key);
    }
    const adopts = this.#watch.adopts(key);
    const revisions = yield* this.#revisions(set, selector, adopts);
    const pods = revisions && (yield* claim<Pod>({ port: this.#port, workload: daemonSetKind, owner: set, selector, adopts }, 'pods'));
    if (!pods) {
      if (adopts) this.#watch.adoptLater(key);
      return this.#queue.retry(key);
    }
    const { hash, old } = revisions;
    const look: Look = { set, nodes: this.#port.lister<Node>('nodes').list(), pods: byNode(pods), hash, now: this.#clock.now() };
    const acted = (yield* this.#act(key, look)) && (yield* this.#cleanUp(set, old, pods));
    const after = this.#looked(look);
    if (!(yield* this.#writeStatus(after)) || !acted) return this.#queue.retry(key);
    this.#queue.forget(key);
    return nextCheck(after);
  }

  /** The look with the Pods as they are after own writes. */
  #looked(look: Look): Look {
    const { uid } = look.set.metadata;
    const pods = this.#port.lister<Pod>('pods').byIndex('owner', uid ?? '').filter((pod) => controllerOf(pod)?.uid === uid);
    return { ...look, pods: byNode(pods) };
  }

  /** Gives nodes what they need, or else takes the next step of an update; false when a write failed. */
  *#act(key: string, look: Look): Task<boolean> {
    const { set, now } = look;
    const { uid = '' } = set.metadata;
    const backoffKey = `${uid}/${set.status?.observedGeneration ?? 0}`;
    const plan = planNodes(look, (node) => this.#backoff.remainingMs(uid, `${backoffKey}/${node}`, now));
    if (plan.waitMs !== undefined) this.#queue.addAfter(key, plan.waitMs);
    for (const { pod, node } of plan.ended) {
      const { namespace, name } = pod.metadata;
      if (pod.status?.phase === 'Succeeded') {
        this.#pods.announce(set, 'Normal', 'SucceededDaemonPod', `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`);
        continue;
      }
      this.#backoff.next(uid, `${backoffKey}/${node}`, now);
      this.#pods.announce(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`);
    }
    if (plan.add.length > 0 || plan.remove.length > 0) return yield* this.#apply(look, plan);
    return set.spec?.updateStrategy?.type !== 'RollingUpdate' || (yield* this.#apply(look, planUpdate(look)));
  }

  *#apply({ set, hash }: Look, { add, remove }: Pick<PodPlan, 'add' | 'remove'>): Task<boolean> {
    const made = yield* this.#pods.create(set, add.slice(0, burst).map((node) => podFor(set, node, hash)));
    const gone = yield* this.#pods.delete(set, remove.slice(0, burst));
    return !made.failure && !gone.failure;
  }

  /** The hash of the template's revision, which is made when it is new, and the other revisions; undefined when a write failed. */
  *#revisions(set: DaemonSet, selector: LabelSelector, adopts: boolean): Task<{ readonly hash: string; readonly old: readonly ControllerRevision[] } | undefined> {
    const { template } = set.spec!;
    const listed = yield* this.#history.list(set, selector, adopts);
    const labelled = listed && (yield* all(listed.map((revision) => this.#labelled(revision))));
    if (!labelled?.every((revision) => revision !== undefined)) return undefined;
    const same = this.#history.equalTo(labelled, template);
    const old = labelled.filter((revision) => !same.includes(revision));
    const number = Math.max(0, ...old.map(({ revision }) => revision ?? 0)) + 1;
    const current = same.at(-1);
    const hash = current?.metadata.labels?.[revisionLabel];
    if (current && hash !== undefined) {
      for (const { metadata } of same.slice(0, -1)) {
        if (!(yield* this.#mergeInto(set, hash, metadata.name ?? ''))) return undefined;
      }
      const isNewest = (current.revision ?? 0) >= number || (yield* this.#history.renumber(current, number));
      return isNewest ? { hash, old } : undefined;
    }
    const made = templateHash(template, set.status?.collisionCount);
    const revision = yield* this.#history.create({ owner: set, template, revision: number, hash: made, label: { [revisionLabel]: made } });
    if (revision === 'taken') yield* this.#countCollision(set);
    return typeof revision === 'object' ? { hash: revision.metadata.labels?.[revisionLabel] ?? made, old } : undefined;
  }

  /** A revision that came without a hash has its name for one. */
  *#labelled(revision: ControllerRevision): Task<ControllerRevision | undefined> {
    const { labels, name = '' } = revision.metadata;
    if (labels?.[revisionLabel] !== undefined) return revision;
    return yield* this.#history.update({ ...revision, metadata: { ...revision.metadata, labels: { ...labels, [revisionLabel]: name } } });
  }

  /** A second revision of the template goes; its Pods get the hash of the first. False when a write failed. */
  *#mergeInto(set: DaemonSet, hash: string, name: string): Task<boolean> {
    const { namespace = '', uid = '' } = set.metadata;
    for (const pod of this.#port.lister<Pod>('pods').byIndex('owner', uid)) {
      if (pod.metadata.labels?.[revisionLabel] === hash) continue;
      const patch = { metadata: { labels: { [revisionLabel]: hash } } };
      const outcome = yield* answer(this.#port, { verb: 'patch', resource: 'pods', namespace, name: pod.metadata.name ?? '', patchType: 'merge', patch });
      if (!outcome.ok) return false;
    }
    return yield* this.#history.delete(namespace, name);
  }

  #countCollision(set: DaemonSet): Task<unknown> {
    const status = { ...set.status!, collisionCount: (set.status?.collisionCount ?? 0) + 1 };
    return answer(this.#port, { verb: 'update', resource: sets, subresource: 'status', object: { ...set, status } });
  }

  #cleanUp({ spec }: DaemonSet, old: readonly ControllerRevision[], pods: readonly Pod[]): Task<boolean> {
    const live = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionLabel]));
    const idle = old.filter(({ metadata }) => !live.has(metadata.labels?.[revisionLabel]));
    return this.#history.deleteOldest(idle, old.length - (spec?.revisionHistoryLimit ?? 10));
  }

  /** False when the status could not be written. */
  *#writeStatus(look: Look): Task<boolean> {
    const { set } = look;
    const status = countNodes(look);
    return equal(status, set.status) || (yield* answer(this.#port, { verb: 'update', resource: sets, subresource: 'status', object: { ...set, status } })).ok;
  }
}

/** A Pod that is ready has to be so for minReadySeconds before it counts as available. */
function nextCheck({ set, pods, now }: Look): ReconcileResult | void {
  const waits = [...pods.values()].flat().map((pod) => availableInMs(pod, set.spec?.minReadySeconds, now) ?? 0).filter((ms) => ms > 0);
  return waits.length > 0 ? { requeueAfterMs: Math.min(...waits) } : undefined;
}

/** The counters of the status. */
function countNodes(look: Look): DaemonSetStatus {
  const { set, nodes, pods, hash } = look;
  const fit = fitOf(set);
  const wanting = nodes.filter((node) => fit(node).run);
  const others = nodes.filter((node) => !fit(node).run);
  const first = wanting.flatMap(({ metadata }) => pods.get(metadata.name ?? '')?.slice(0, 1) ?? []);
  const ready = first.filter(isReady);
  const available = ready.filter((pod) => isAvailable(look, pod)).length;
  const unavailable = wanting.length - available;
  const updated = first.filter((pod) => isUpdated(set, pod, hash)).length;
  const { collisionCount, conditions } = set.status ?? {};
  return {
    currentNumberScheduled: first.length, numberMisscheduled: others.filter(({ metadata }) => pods.has(metadata.name ?? '')).length,
    desiredNumberScheduled: wanting.length, numberReady: ready.length,
    ...(set.metadata.generation ? { observedGeneration: set.metadata.generation } : {}),
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}), ...(available > 0 ? { numberAvailable: available } : {}),
    ...(unavailable > 0 ? { numberUnavailable: unavailable } : {}),
    ...(collisionCount === undefined ? {} : { collisionCount }), ...(conditions ? { conditions } : {}),
  };
}
