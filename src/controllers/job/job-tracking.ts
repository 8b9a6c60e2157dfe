/**
 * How ended Pods get into the counters of a Job's status: first by uid among the uncounted, then without their finalizer,
 * then as a number, so that none is counted twice or forgotten (pkg/controller/job trackJobStatusAndRemoveFinalizers). Pure.
 */
import type { Job, JobCondition, JobStatus } from '../../schema/batch/v1.ts';
import type { Pod } from '../../schema/core/v1.ts';
import { formatTime } from '../../schema/values/time.ts';
import { countIndexes, hasIndex, indexOf, printIndexes, withIndexes } from './job-indexes.ts';
import { conditionOf, isIndexed, isPodFailed, isTracked, newCondition, validIndex, type Look } from './job-look.ts';
import { judgeFailure } from './job-policies.ts';

/** So many uids a status may carry. */
const uncountedMax = 500;

export interface Tracking {
  /** What is written before Pods lose their finalizers. */
  readonly status: JobStatus;
  readonly untrack: readonly Pod[];
  /** More Pods wait to be counted. */
  readonly full: boolean;
}

/** The status with the Pods that have just ended among the uncounted, and with the condition that announces `end`. */
export function track(view: Look, draft: JobStatus, end: JobCondition | undefined): Tracking {
  const { job } = view;
  const counted = countUntracked(draft, trackedUids(view.pods));
  const succeeded = [...(counted.uncountedTerminatedPods?.succeeded ?? [])];
  const failed = [...(counted.uncountedTerminatedPods?.failed ?? [])];
  const newIndexes: number[] = [];
  const untrack: Pod[] = [];
  let full = false;
  for (const pod of inOrder(view)) {
    if (!isTracked(pod) || !mayUntrack(view, pod, end)) continue;
    untrack.push(pod);
    const uid = pod.metadata.uid ?? '';
    const { valid, index } = validIndex(job, pod);
    if (pod.status?.phase === 'Succeeded' && !view.uncountedFailed.has(uid)) {
      if (index !== undefined && !hasIndex(view.indexes!.before, index)) newIndexes.push(index);
      else if (!isIndexed(job) && !succeeded.includes(uid)) succeeded.push(uid);
    } else if (valid && !view.uncountedFailed.has(uid) && countsAsFailed(job, pod, end)) failed.push(uid);
    full = newIndexes.length + succeeded.length + failed.length >= uncountedMax;
    if (full) break;
  }
  const status = withAnnouncement({ ...counted, ...indexCounters(view, newIndexes), uncountedTerminatedPods: uncounted(succeeded, failed) }, job, end);
  return { status, untrack, full };
}

/** Pods of an Indexed Job are counted in the order of their indexes. */
function inOrder({ job, pods }: Look): readonly Pod[] {
  return isIndexed(job) ? [...pods].sort((a, b) => (indexOf(a) ?? -1) - (indexOf(b) ?? -1)) : pods;
}

function mayUntrack({ job, delayed }: Look, pod: Pod, end: JobCondition | undefined): boolean {
  if (job.metadata.deletionTimestamp || end || pod.status?.phase === 'Succeeded') return true;
  return isPodFailed(job, pod) && delayed.get(indexOf(pod) ?? -1)?.metadata.uid !== pod.metadata.uid;
}

/** When the Job fails, every Pod that has not ended is a failure. */
function countsAsFailed(job: Job, pod: Pod, end: JobCondition | undefined): boolean {
  return (isPodFailed(job, pod) || (end !== undefined && end.type !== 'SuccessCriteriaMet')) && judgeFailure(job, pod).counts;
}

function indexCounters({ indexes }: Look, newIndexes: readonly number[]): Partial<JobStatus> {
  if (!indexes) return {};
  const all = withIndexes(indexes.succeeded, newIndexes);
  const completedIndexes = printIndexes(all);
  return { succeeded: countIndexes(all), completedIndexes, ...(indexes.failed ? { failedIndexes: printIndexes(indexes.failed) } : {}) };
}

/** FailureTarget and SuccessCriteriaMet come before Failed and Complete. */
function withAnnouncement(status: JobStatus, job: Job, end: JobCondition | undefined): JobStatus {
  const isNew = end?.type === 'FailureTarget' || (end?.type === 'SuccessCriteriaMet' && conditionOf(job, 'SuccessCriteriaMet')?.status !== 'True');
  return isNew ? { ...status, conditions: [...(status.conditions ?? []), end] } : status;
}

function uncounted(succeeded: readonly string[], failed: readonly string[]): NonNullable<JobStatus['uncountedTerminatedPods']> {
  return { ...(succeeded.length > 0 ? { succeeded: [...succeeded] } : {}), ...(failed.length > 0 ? { failed: [...failed] } : {}) };
}

export function trackedUids(pods: readonly Pod[]): ReadonlySet<string> {
  return new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ''));
}

/** The status with those uncounted Pods as numbers that have lost their finalizer. */
export function countUntracked(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const stillSucceeded = succeeded.filter((uid) => tracked.has(uid));
  const stillFailed = failed.filter((uid) => tracked.has(uid));
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + succeeded.length - stillSucceeded.length,
    failed: (status.failed ?? 0) + failed.length - stillFailed.length,
    uncountedTerminatedPods: uncounted(stillSucceeded, stillFailed),
  };
}

/** The final condition that follows what ends the Job. */
export function finalCondition({ type, reason = '', message = '' }: JobCondition, now: number): JobCondition {
  return newCondition(type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed', 'True', reason, message, now);
}

/** The status of a Job that is done; undefined while Pods wait to be counted or to end. */
export function finished(status: JobStatus, condition: JobCondition, now: number): JobStatus | undefined {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return undefined;
  const conditions = withCondition(status.conditions ?? [], condition);
  return { ...status, conditions, ...(condition.type === 'Complete' ? { completionTime: formatTime(now) } : {}) };
}

/** With the condition in the place of the one of its type; one that says the same stays. A first one is never False. */
export function withCondition(conditions: readonly JobCondition[], condition: JobCondition): JobCondition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  if (!before) return condition.status === 'False' ? [...conditions] : [...conditions, condition];
  const same = before.status === condition.status && before.reason === condition.reason && before.message === condition.message;
  return same ? [...conditions] : conditions.map((one) => (one === before ? condition : one));
}
