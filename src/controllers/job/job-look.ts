/** A Job at one look: its Pods sorted and counted, and whether it has come to an end (pkg/controller/job syncJob). Pure. */
import type { Job, JobCondition } from '../../schema/batch/v1.ts';
import type { Pod } from '../../schema/core/v1.ts';
import { formatTime, timeToMs } from '../../schema/values/time.ts';
import { hasEnded, isActive, isReady } from '../pod-readiness.ts';
import { afterPods, finishedAt, type Backoff } from './job-backoff.ts';
import { countIndexes, failureCount, hasIndex, ignoredFailureCount, indexOf, parseIndexes, withIndexes, type Indexes } from './job-indexes.ts';
import { judgeFailure, judgeSuccess } from './job-policies.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';
export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;
export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false;
const isPerIndex = ({ spec }: Job): boolean => (spec?.backoffLimitPerIndex ?? undefined) !== undefined;
const isTrue = (condition: JobCondition | undefined): boolean => condition?.status === 'True';
export const conditionOf = ({ status }: Job, type: string): JobCondition | undefined => status?.conditions?.find((condition) => condition.type === type);

export function isFinished(job: Job): boolean {
  return isTrue(conditionOf(job, 'Complete')) || isTrue(conditionOf(job, 'Failed'));
}

export function newCondition(type: string, status: string, reason: string, message: string, now: number): JobCondition {
  return { type, status, lastProbeTime: formatTime(now), lastTransitionTime: formatTime(now), reason, message };
}

/** True when Pods are replaced once they have failed, not when they begin to terminate. */
export function replacesFailedOnly({ spec }: Job): boolean {
  return spec?.podReplacementPolicy === 'Failed' || Boolean(spec?.podFailurePolicy);
}

/** True for a failed Pod, and for one that is deleted unless failures alone count. */
export function isPodFailed(job: Job, { metadata, status }: Pod): boolean {
  if (status?.phase === 'Failed') return true;
  return !replacesFailedOnly(job) && Boolean(metadata.deletionTimestamp) && status?.phase !== 'Succeeded';
}

/** The index of a Pod that an Indexed Job knows; for other Jobs all Pods have the index undefined and are valid. */
export function validIndex(job: Job, pod: Pod): { readonly valid: boolean; readonly index?: number } {
  if (!isIndexed(job)) return { valid: true };
  const index = indexOf(pod);
  return index === undefined || index >= (job.spec?.completions ?? 0) ? { valid: false } : { valid: true, index };
}

export interface Look {
  readonly job: Job;
  readonly now: number;
  /** When the Job began; undefined while it is suspended. */
  readonly startedAt: number | undefined;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  readonly uncountedFailed: ReadonlySet<string>;
  readonly succeeded: number;
  readonly backoff: Backoff;
  readonly indexes?: {
    /** Those of the status, and with those of Pods that have just ended. */
    readonly before: Indexes;
    readonly succeeded: Indexes;
    /** Only with backoffLimitPerIndex. */
    readonly failed?: Indexes;
  };
  /** Per index the failed Pod that stays until its successor, which inherits its count, is there. */
  readonly delayed: ReadonlyMap<number, Pod>;
  /** How the Job ends: FailureTarget, Failed or SuccessCriteriaMet. */
  readonly end?: JobCondition;
  /** When activeDeadlineSeconds will be over, milliseconds from now. */
  readonly deadlineMs?: number;
}

/** Looks at a Job and the Pods it controls; `before` is its back-off until now. */
export function look(job: Job, pods: readonly Pod[], before: Backoff, now: number): Look {
  const { status } = job;
  const active = pods.filter(isActive);
  const uncountedSucceeded = new Set(status?.uncountedTerminatedPods?.succeeded);
  const uncountedFailed = new Set(status?.uncountedTerminatedPods?.failed);
  const fresh = (counted: ReadonlySet<string>) => pods.filter((pod) =>
    isTracked(pod) && !counted.has(pod.metadata.uid ?? '') && validIndex(job, pod).valid);
  const newSucceeded = fresh(uncountedSucceeded).filter((pod) => pod.status?.phase === 'Succeeded');
  const newFailed = fresh(uncountedFailed).filter((pod) => isPodFailed(job, pod));
  const failed = (status?.failed ?? 0) + newFailed.filter((pod) => judgeFailure(job, pod).counts).length + uncountedFailed.size;
  const indexes = isIndexed(job) ? indexesOf(job, pods) : undefined;
  const startedAt = status?.startTime ? timeToMs(status.startTime) : isSuspended(job) ? undefined : now;
  const end = earlyEnd(job, pods, failed, startedAt, indexes, now);
  const deadline = job.spec?.activeDeadlineSeconds ?? undefined;
  return {
    job, now, startedAt, pods, active, uncountedFailed,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp && !hasEnded(pod)).length,
    succeeded: indexes ? countIndexes(indexes.succeeded) : (status?.succeeded ?? 0) + newSucceeded.length + uncountedSucceeded.size,
    backoff: afterPods(before, newSucceeded, newFailed),
    ...(indexes ? { indexes } : {}),
    delayed: isPerIndex(job) && indexes ? delayedPods(job, pods, active, indexes) : new Map(),
    ...(end ? { end } : {}),
    ...(!end && deadline !== undefined && startedAt !== undefined && !isSuspended(job) ? { deadlineMs: startedAt + deadline * 1000 - now } : {}),
  };
}

/** What ends the Job before all completions are there, in upstream's order. */
function earlyEnd(
  job: Job, pods: readonly Pod[], failed: number, startedAt: number | undefined, indexes: Look['indexes'], now: number,
): JobCondition | undefined {
  const met = conditionOf(job, 'SuccessCriteriaMet');
  if (isTrue(met)) return met;
  const target = conditionOf(job, 'FailureTarget');
  if (isTrue(target)) return newCondition('Failed', 'True', target!.reason ?? '', target!.message ?? '', now);
  const reason = failureReason(job, pods, failed, startedAt, indexes, now);
  if (reason) return newCondition('FailureTarget', 'True', reason[0], reason[1], now);
  const success = indexes && judgeSuccess(job, indexes.succeeded);
  return success === undefined ? undefined : newCondition('SuccessCriteriaMet', 'True', 'SuccessPolicy', success, now);
}

function failureReason(
  job: Job, pods: readonly Pod[], failed: number, startedAt: number | undefined, indexes: Look['indexes'], now: number,
): readonly [string, string] | undefined {
  const { backoffLimit, activeDeadlineSeconds, maxFailedIndexes, completions } = job.spec!;
  const message = job.spec?.podFailurePolicy && pods.filter((pod) => isPodFailed(job, pod)).map((pod) => judgeFailure(job, pod).message).find(Boolean);
  if (message) return ['PodFailurePolicy', message];
  if (failed > (backoffLimit ?? 6) || exceedsRestarts(job, pods)) return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  const deadline = activeDeadlineSeconds ?? undefined;
  if (deadline !== undefined && startedAt !== undefined && !isSuspended(job) && now - startedAt >= deadline * 1000) {
    return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  }
  if (!indexes?.failed) return undefined;
  const failedIndexes = countIndexes(indexes.failed);
  if (failedIndexes > (maxFailedIndexes ?? Infinity)) {
    return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'];
  }
  const all = failedIndexes + countIndexes(indexes.succeeded) >= (completions ?? 0);
  return failedIndexes > 0 && all ? ['FailedIndexes', 'Job has failed indexes'] : undefined;
}

/** With restartPolicy OnFailure the restarts of containers count. */
function exceedsRestarts({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) restarts += restartCount ?? 0;
  }
  const limit = spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function indexesOf(job: Job, pods: readonly Pod[]): Look['indexes'] {
  const completions = job.spec?.completions ?? 0;
  const valid = pods.flatMap((pod) => {
    const { index } = validIndex(job, pod);
    return index !== undefined && isTracked(pod) ? [{ pod, index }] : [];
  });
  const before = parseIndexes(job.status?.completedIndexes, completions);
  const succeeded = withIndexes(before, valid.filter(({ pod }) => pod.status?.phase === 'Succeeded').map(({ index }) => index));
  if (!isPerIndex(job)) return { before, succeeded };
  const failed = valid.filter(({ pod }) => isIndexFailed(job, pod)).map(({ index }) => index);
  return { before, succeeded, failed: withIndexes(parseIndexes(job.status?.failedIndexes, completions), failed) };
}

function isIndexFailed(job: Job, pod: Pod): boolean {
  if (!isPodFailed(job, pod)) return false;
  const { action, counts } = judgeFailure(job, pod);
  return action === 'FailIndex' || (counts && failureCount(pod) >= (job.spec?.backoffLimitPerIndex ?? 0));
}

function delayedPods(job: Job, pods: readonly Pod[], active: readonly Pod[], indexes: NonNullable<Look['indexes']>): ReadonlyMap<number, Pod> {
  const taken = new Set(active.map(indexOf));
  const delayed = new Map<number, Pod>();
  const failures = (pod: Pod) => failureCount(pod) + ignoredFailureCount(pod);
  for (const pod of pods) {
    const { index } = validIndex(job, pod);
    if (index === undefined || !isTracked(pod) || !isPodFailed(job, pod)) continue;
    if (hasIndex(indexes.succeeded, index) || hasIndex(indexes.failed ?? [], index) || taken.has(index)) continue;
    const last = delayed.get(index);
    if (!last || (failures(last) <= failures(pod) && finishedAt(pod) >= finishedAt(last))) delayed.set(index, pod);
  }
  return delayed;
}
