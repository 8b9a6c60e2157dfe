/**
 * Keeps the status of PodDisruptionBudgets: how many Pods are healthy and how many may go. Also clears DisruptionTarget
 * conditions of Pods whose announced end did not come. Upstream: pkg/controller/disruption.
 */
import type { ApiPort, ObjectChange } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import { equal } from '../lib/json.ts';
import type { Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../schema/policy/v1.ts';
import { fromLabelSelector, LabelSelectorError, storedLabelSelector, type LabelSelector } from '../schema/values/label-selector.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { expectedPods, goSelector, type Scale, type Scales } from './disruption-budget.ts';
import { referenceTo, type EventRecorder } from './events/event-recorder.ts';
import { WorkQueue, type ReconcileResult } from './runner.ts';
import type { Task } from './task.ts';

const budgets = 'poddisruptionbudgets.policy';
/** An evicted Pod must be on its way out within this time, or counts as there again. */
const deletionTimeoutMs = 120_000;
const staleConditionMs = 120_000;

export class DisruptionController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #stalePods: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'disruption-controller', (key) => this.#reconcile(key));
    this.#stalePods = new WorkQueue(clock, 'disruption-controller stale pods', (key) => this.#clearStaleCondition(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(budgets, ({ key }) => this.#queue.add(key)),
      this.#port.onChange('pods', (change) => this.#podChanged(change)),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
    this.#stalePods.close();
  }

  #podChanged({ key, object, previous }: ObjectChange): void {
    const pod = (object ?? previous) as Pod;
    for (const { metadata, spec } of this.#port.lister<PodDisruptionBudget>(budgets).list(pod.metadata.namespace)) {
      const selector = storedLabelSelector(spec?.selector);
      const concerned = [object, previous].some((one) => one && selector?.matches(one.metadata.labels));
      if (concerned) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
    }
    if (object && staleAfter(object as Pod, this.#clock.now()) !== undefined) this.#stalePods.add(key);
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const budget = this.#port.lister<PodDisruptionBudget>(budgets).get(namespace, name);
    if (!budget) return;
    const reference = referenceTo('PodDisruptionBudget', { apiVersion: 'policy/v1', ...budget });
    const selector = selectorOf(budget);
    if (typeof selector === 'string') {
      this.#recorder.event(reference, 'Warning', 'NoPods', `Failed to get pods: ${selector}`);
      return yield* this.#write(key, budget, failedStatus(budget, selector, formatTime(this.#clock.now())));
    }
    const pods = this.#port.lister<Pod>('pods').list(namespace).filter(({ metadata }) => selector?.matches(metadata.labels));
    if (pods.length === 0) this.#recorder.event(reference, 'Normal', 'NoPods', 'No matching pods found');
    const expected = expectedPods(budget, pods, this.#scales(namespace));
    if ('error' in expected) {
      const message = `Failed to calculate the number of expected pods: ${expected.error}`;
      this.#recorder.event(reference, 'Warning', 'CalculateExpectedPodCountFailed', message);
      return yield* this.#write(key, budget, failedStatus(budget, expected.error, formatTime(this.#clock.now())));
    }
    if (expected.unmanaged) {
      this.#recorder.event(reference, 'Warning', 'UnmanagedPods', 'Pods selected by this PodDisruptionBudget (selector: '
        + `${goSelector(budget.spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be `
        + 'calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB '
        + 'to an integer value.');
    }
    const disrupted = this.#disruptedPods(budget, pods);
    const now = this.#clock.now();
    const currentHealthy = pods.filter(({ metadata, status }) => !metadata.deletionTimestamp
      && !Object.hasOwn(disrupted.pods, metadata.name ?? '')
      && status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')).length;
    yield* this.#write(key, budget, healthyStatus(budget, { currentHealthy, ...expected }, disrupted.pods, formatTime(now)));
    return disrupted.recheckAfterMs === undefined ? undefined : { requeueAfterMs: disrupted.recheckAfterMs };
  }

  *#write(key: string, budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Task<void> {
    if (equal(status, budget.status)) return this.#queue.forget(key);
    yield* this.#queue.write(this.#port, key, { verb: 'update', resource: budgets, subresource: 'status', object: { ...budget, status } });
  }

  /** The evicted Pods that are still expected to go, and when to look again. */
  #disruptedPods({ metadata, status }: PodDisruptionBudget, pods: readonly Pod[]): { pods: Record<string, string>; recheckAfterMs?: number } {
    const now = this.#clock.now();
    const still: Record<string, string> = Object.create(null) as Record<string, string>;
    let recheckAfterMs: number | undefined;
    for (const pod of pods) {
      const name = pod.metadata.name ?? '';
      const disruptedPods = status?.disruptedPods ?? {};
      if (pod.metadata.deletionTimestamp || !Object.hasOwn(disruptedPods, name)) continue;
      const leftMs = timeToMs(disruptedPods[name]) + deletionTimeoutMs - now;
      if (leftMs < 0) {
        const message = `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`;
        this.#recorder.event(referenceTo('Pod', pod), 'Warning', 'NotDeleted', message);
      } else {
        still[name] = disruptedPods[name]!;
        recheckAfterMs = Math.min(recheckAfterMs ?? Infinity, leftMs + 1);
      }
    }
    return { pods: still, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) };
  }

  #scales(namespace: string): Scales {
    const get = (resource: string, name: string) => this.#port.lister(resource).get(namespace, name);
    return {
      replicationController: (name) => scaleOf(get('replicationcontrollers', name)),
      replicaSet: (name) => scaleOf(get('replicasets.apps', name)),
      deployment: (name) => scaleOf(get('deployments.apps', name)),
      statefulSet: (name) => scaleOf(get('statefulsets.apps', name)),
    };
  }

  *#clearStaleCondition(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    const afterMs = pod && staleAfter(pod, this.#clock.now());
    if (afterMs === undefined) return;
    if (afterMs > 0) return { requeueAfterMs: afterMs };
    const lastTransitionTime = formatTime(this.#clock.now());
    const { generation } = pod!.metadata;
    const cleared = {
      type: 'DisruptionTarget', ...(generation === undefined ? {} : { observedGeneration: generation }), status: 'False',
      lastProbeTime: null, lastTransitionTime,
    };
    const conditions = pod!.status!.conditions!.map((one) => (one.type === 'DisruptionTarget' ? cleared : one));
    const object = { ...pod!, status: { ...pod!.status, conditions } };
    yield* this.#stalePods.write(this.#port, key, { verb: 'update', resource: 'pods', subresource: 'status', object });
  }
}

function scaleOf(object: KubeObject | undefined): Scale | undefined {
  if (!object) return undefined;
  const { replicas = 1 } = (object['spec'] ?? {}) as { replicas?: number };
  const controller = object.metadata.ownerReferences?.find((reference) => reference.controller);
  return { uid: object.metadata.uid ?? '', replicas, ...(controller ? { controller } : {}) };
}

/** Milliseconds until the Pod's DisruptionTarget condition is stale; undefined when it can't become so. */
function staleAfter({ metadata, status }: Pod, now: number): number | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  const ends = metadata.deletionTimestamp || status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (ends || condition?.status !== 'True' || condition.reason === 'TerminationByKubelet') return undefined;
  return Math.max(0, timeToMs(condition.lastTransitionTime) + staleConditionMs - now);
}

interface Counts { readonly currentHealthy: number; readonly desiredHealthy: number; readonly expectedPods: number }

function healthyStatus(
  { metadata, status }: PodDisruptionBudget, counts: Counts, disruptedPods: Record<string, string>, now: string,
): PodDisruptionBudgetStatus {
  const { currentHealthy, desiredHealthy, expectedPods: expected } = counts;
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const observedGeneration = metadata.generation ?? 0;
  const condition = disruptionsAllowed > 0 ? { status: 'True', reason: 'SufficientPods' } : { status: 'False', reason: 'InsufficientPods' };
  return {
    observedGeneration,
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods: expected,
    conditions: withCondition(status, { ...condition, message: '', observedGeneration }, now),
  };
}

/** Nothing may go while the budget can't be worked out. */
function failedStatus({ status }: PodDisruptionBudget, message: string, now: string): PodDisruptionBudgetStatus {
  const observedGeneration = status?.observedGeneration ?? 0;
  return {
    ...status!, disruptionsAllowed: 0,
    conditions: withCondition(status, { status: 'False', reason: 'SyncFailed', message, observedGeneration }, now),
  };
}

interface NewCondition { readonly status: string; readonly reason: string; readonly message: string; readonly observedGeneration: number }

function withCondition(status: PodDisruptionBudgetStatus | undefined, condition: NewCondition, now: string) {
  const before = status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const { status: value, reason, message, observedGeneration } = condition;
  const lastTransitionTime = before?.status === value ? before.lastTransitionTime : now;
  const next = {
    type: 'DisruptionAllowed', status: value, ...(observedGeneration === 0 ? {} : { observedGeneration }), lastTransitionTime, reason, message,
  };
  return before ? status!.conditions!.map((one) => (one === before ? next : one)) : [...(status?.conditions ?? []), next];
}

/** Which Pods a stored budget means, or what is wrong with its selector. */
function selectorOf({ spec }: PodDisruptionBudget): LabelSelector | undefined | string {
  try {
    return fromLabelSelector(spec?.selector);
  } catch (error) {
    if (error instanceof LabelSelectorError) return error.message;
    throw error;
  }
}
