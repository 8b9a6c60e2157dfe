/**
 * Rolls out Deployments: makes a ReplicaSet for every new template and moves replicas to it as the strategy says, one
 * step per look. Upstream: pkg/controller/deployment. It never touches Pods; a rollback is a new template like any other.
 */
import type { ApiPort, ObjectChange, Outcome } from '../api/port.ts';
import type { Status } from '../api/errors.ts';
import type { Clock } from '../clock/clock.ts';
import { equal } from '../lib/json.ts';
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../schema/apps/v1.ts';
import type { Pod } from '../schema/core/v1.ts';
import { storedLabelSelector } from '../schema/values/label-selector.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { findNew, makeNew, refreshed, revisionAnnotation, revisionOf, surplusHistory } from './deployment-revisions.ts';
import { isScaling, newSize, rescale, shrinkOld, sizeAnnotations, sizeOf, type Resize } from './deployment-rollout.ts';
import { countReplicas, deadlineCheckMs, isComplete, pausedConditions, withFailedCreate, withNewReplicaSet, withProgress } from './deployment-status.ts';
import type { EventRecorder } from './events/event-recorder.ts';
import { hasEnded } from './pod-readiness.ts';
import { fifteenRetries, WorkQueue, type ReconcileResult } from './runner.ts';
import { answer, type Task } from './task.ts';
import { claim, controllerOf, deploymentKind, replicaSetKind, workloadReference } from './workload-ownership.ts';
import { isNamespaceTerminating } from './workload-pods.ts';

const deployments = deploymentKind.resource;
const replicaSets = replicaSetKind.resource;

/** A Deployment at one look, with its ReplicaSets. */
interface Rollout {
  readonly key: string;
  readonly deployment: Deployment;
  readonly fresh: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
  readonly conditions: readonly DeploymentCondition[];
}

const allSets = ({ fresh, old }: Rollout): ReplicaSet[] => (fresh ? [...old, fresh] : [...old]);

export class DeploymentController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'deployment-controller', (key) => this.#reconcile(key), fifteenRetries);
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(deployments, ({ key }) => this.#queue.add(key)),
      this.#port.onChange(replicaSets, (change) => this.#setChanged(change)),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  #setChanged({ object, previous }: ObjectChange): void {
    for (const set of [object, previous]) {
      const controller = set && controllerOf(set);
      if (controller?.kind === 'Deployment') this.#queue.add(`${set!.metadata.namespace}/${controller.name}`);
    }
    if (!object || controllerOf(object)) return;
    for (const { metadata, spec } of this.#port.lister<Deployment>(deployments).list(object.metadata.namespace)) {
      if (storedLabelSelector(spec.selector ?? undefined)?.matches(object.metadata.labels)) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
    }
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const deployment = this.#port.lister<Deployment>(deployments).get(namespace, name);
    const selector = storedLabelSelector(deployment?.spec.selector ?? undefined);
    if (!deployment || !selector || selector.empty) return this.#queue.forget(key);
    const sets = yield* claim<ReplicaSet>({ port: this.#port, workload: deploymentKind, owner: deployment, selector }, replicaSets);
    if (!sets) return this.#queue.retry(key);
    const fresh = findNew(deployment, sets);
    const old = sets.filter((set) => set !== fresh);
    const rollout = { key, deployment, fresh, old, conditions: deployment.status?.conditions ?? [] };
    if (deployment.metadata.deletionTimestamp) return yield* this.#writeCounts(rollout);
    const looked = { ...rollout, conditions: pausedConditions(deployment, this.#clock.now()) };
    if (deployment.spec.paused || isScaling(deployment, sets)) return yield* this.#rescale(looked);
    return yield* deployment.spec.strategy?.type === 'Recreate' ? this.#recreate(looked) : this.#rollingUpdate(looked);
  }

  *#rescale(rollout: Rollout): Task<void> {
    const { key, deployment, fresh, old } = rollout;
    const resized = yield* this.#resize(deployment, rescale(deployment, fresh, old));
    if (resized === 'failed' || (deployment.spec.paused && !(yield* this.#cleanUp(deployment, old)))) return this.#queue.retry(key);
    yield* this.#writeCounts({ ...rollout, ...(resized === 'resized' ? this.#reread(rollout) : {}) });
  }

  *#rollingUpdate(before: Rollout): Task<ReconcileResult | void> {
    const rollout = yield* this.#ensureNew(before);
    if (!rollout?.fresh) return;
    const { key, deployment, fresh, old } = rollout;
    const replicas = newSize(deployment, allSets(rollout), sizeOf(fresh));
    let resized = yield* this.#resize(deployment, [{ set: fresh, replicas }].filter(({ set }) => sizeOf(set) !== replicas));
    if (resized === 'same') resized = yield* this.#resize(deployment, shrinkOld(deployment, fresh, old));
    const isDone = resized === 'same' && isComplete(deployment, deployment.status);
    if (resized === 'failed' || (isDone && !(yield* this.#cleanUp(deployment, old)))) return this.#queue.retry(key);
    return yield* this.#writeProgress({ ...rollout, ...this.#reread(rollout) });
  }

  *#recreate(before: Rollout): Task<ReconcileResult | void> {
    const { key, deployment, old } = before;
    const running = old.filter((set) => sizeOf(set) > 0).map((set) => ({ set, replicas: 0 }));
    const shrunk = yield* this.#resize(deployment, running);
    if (shrunk === 'failed') return this.#queue.retry(key);
    if (shrunk === 'resized') return yield* this.#writeProgress({ ...before, ...this.#reread(before) });
    const podsOf = ({ metadata }: ReplicaSet) => this.#port.lister<Pod>('pods').byIndex('owner', metadata.uid ?? '');
    if (old.some((set) => podsOf(set).some((pod) => !hasEnded(pod)))) return yield* this.#writeProgress(before);
    const rollout = yield* this.#ensureNew(before);
    if (!rollout?.fresh) return;
    const replicas = newSize(deployment, allSets(rollout), sizeOf(rollout.fresh));
    const grown = yield* this.#resize(deployment, [{ set: rollout.fresh, replicas }].filter(({ set }) => sizeOf(set) !== replicas));
    const isDone = isComplete(deployment, deployment.status);
    if (grown === 'failed' || (isDone && !(yield* this.#cleanUp(deployment, old)))) return this.#queue.retry(key);
    return yield* this.#writeProgress({ ...rollout, ...this.#reread(rollout) });
  }

  /** With a new ReplicaSet that has the right revision; undefined when it could not be made. */
  *#ensureNew(rollout: Rollout): Task<Rollout | undefined> {
    const { key, deployment, fresh, old } = rollout;
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const now = this.#clock.now();
    if (fresh) {
      const object = refreshed(deployment, fresh, revision);
      const result = object && (yield* answer(this.#port, { verb: 'update', resource: replicaSets, object }));
      if (result?.ok === false) return void this.#queue.retry(key);
      const current = result?.ok ? (result.object as ReplicaSet) : fresh;
      return { ...rollout, fresh: current, conditions: withNewReplicaSet(deployment, rollout.conditions, fresh.metadata.name ?? '', false, now) };
    }
    const object = makeNew(deployment, revision, newSize(deployment, old, 0));
    const name = object.metadata.name ?? '';
    const result = yield* answer(this.#port, { verb: 'create', resource: replicaSets, namespace: deployment.metadata.namespace ?? '', object });
    if (!result.ok) return void (yield* this.#creationFailed(rollout, name, result.status));
    if (sizeOf(object) > 0) this.#announce(deployment, name, 0, sizeOf(object));
    return { ...rollout, fresh: result.object as ReplicaSet, conditions: withNewReplicaSet(deployment, rollout.conditions, name, true, now) };
  }

  /** A name that is taken by a ReplicaSet of somebody else is avoided by another hash. */
  *#creationFailed({ key, deployment, conditions }: Rollout, name: string, { reason, message = '', ...rest }: Status): Task<void> {
    if (isNamespaceTerminating({ ...rest, message })) return this.#queue.forget(key);
    const write = (change: Partial<DeploymentStatus>): Task<Outcome> => {
      const object = { ...deployment, status: { ...deployment.status, ...change } };
      return answer(this.#port, { verb: 'update', resource: deployments, subresource: 'status', object });
    };
    this.#queue.retry(key);
    if (reason === 'AlreadyExists') {
      const isTaken = this.#port.lister(replicaSets).get(deployment.metadata.namespace ?? '', name);
      if (isTaken) yield* write({ collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
      return;
    }
    const text = `Failed to create new replica set "${name}": ${message}`;
    const failed = withFailedCreate(deployment, conditions, text, this.#clock.now());
    if (failed !== deployment.status?.conditions) yield* write({ conditions: [...failed] });
    this.#recorder.event(workloadReference(deploymentKind, deployment), 'Warning', 'ReplicaSetCreateError', text);
  }

  /** Writes sizes, and the Deployment's own next to them, up to the first failure. */
  *#resize(deployment: Deployment, resizes: readonly Resize[]): Task<'same' | 'resized' | 'failed'> {
    let changed = false;
    for (const { set, replicas } of resizes) {
      const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
      if (sizeOf(set) === replicas && equal(annotations, set.metadata.annotations)) continue;
      const object = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec!, replicas } };
      const result = yield* answer(this.#port, { verb: 'update', resource: replicaSets, object });
      if (!result.ok) return 'failed';
      if (sizeOf(set) !== replicas) {
        changed = true;
        this.#announce(deployment, set.metadata.name ?? '', sizeOf(set), replicas);
      }
    }
    return changed ? 'resized' : 'same';
  }

  #announce(deployment: Deployment, set: string, from: number, to: number): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${set} from ${from} to ${to}`;
    this.#recorder.event(workloadReference(deploymentKind, deployment), 'Normal', 'ScalingReplicaSet', message);
  }

  /** False when a ReplicaSet that is too old could not be deleted. */
  *#cleanUp(deployment: Deployment, old: readonly ReplicaSet[]): Task<boolean> {
    for (const { metadata: { namespace = '', name = '' } } of surplusHistory(deployment, old)) {
      const result = yield* answer(this.#port, { verb: 'delete', resource: replicaSets, namespace, name, propagationPolicy: 'Background' });
      if (!result.ok && result.status.code !== 404) return false;
    }
    return true;
  }

  /** The ReplicaSets as they are after own writes. */
  #reread({ fresh, old }: Rollout): Pick<Rollout, 'fresh' | 'old'> {
    const now = ({ metadata }: ReplicaSet) => this.#port.lister<ReplicaSet>(replicaSets).get(metadata.namespace ?? '', metadata.name ?? '');
    return { fresh: fresh && now(fresh), old: old.map(now).filter((set) => set !== undefined) };
  }

  *#writeCounts(rollout: Rollout): Task<void> {
    yield* this.#write(rollout, countReplicas(rollout.deployment, allSets(rollout), rollout.fresh, rollout.conditions, this.#clock.now()));
  }

  *#writeProgress(rollout: Rollout): Task<ReconcileResult | void> {
    const { deployment, fresh, conditions } = rollout;
    const now = this.#clock.now();
    const all = allSets(rollout);
    const status = withProgress(deployment, countReplicas(deployment, all, fresh, conditions, now), all, fresh, now);
    yield* this.#write(rollout, status);
    const requeueAfterMs = deadlineCheckMs(deployment, status, now);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  }

  /** The revision goes with the status: an update of the status may change annotations. */
  *#write({ key, deployment, fresh }: Rollout, status: DeploymentStatus): Task<void> {
    const revision = fresh?.metadata.annotations?.[revisionAnnotation];
    const annotations = { ...deployment.metadata.annotations, ...(revision === undefined ? {} : { [revisionAnnotation]: revision }) };
    if (equal(status, deployment.status) && equal(annotations, deployment.metadata.annotations ?? {})) return this.#queue.forget(key);
    const object = { ...deployment, metadata: { ...deployment.metadata, annotations }, status };
    yield* this.#queue.write(this.#port, key, { verb: 'update', resource: deployments, subresource: 'status', object });
  }
}
