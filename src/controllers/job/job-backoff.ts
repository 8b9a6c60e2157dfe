/** How long a Job waits before it replaces failed Pods (pkg/controller/job/backoff_utils.go). Pure. */
import type { ContainerStatus, Pod } from '../../schema/core/v1.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { failureCount, ignoredFailureCount } from './job-indexes.ts';

const firstMs = 10_000;
const mostMs = 600_000;

/** The failures since the last success. */
export interface Backoff {
  readonly failures: number;
  /** When the last of them was, milliseconds. */
  readonly lastAt?: number;
}

export const noBackoff: Backoff = { failures: 0 };

/** The back-off once these Pods have ended, too. */
export function afterPods(before: Backoff, succeeded: readonly Pod[], failed: readonly Pod[]): Backoff {
  const failedAt = failed.map(finishedAt);
  const lastAt = Math.max(...failedAt);
  if (succeeded.length === 0) return failed.length === 0 ? before : { failures: before.failures + failed.length, lastAt };
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const failures = failedAt.filter((at) => at > lastSuccess).length;
  return failures === 0 ? noBackoff : { failures, lastAt };
}

/** Milliseconds until a failed Pod may be replaced. */
export function remainingMs({ failures, lastAt = 0 }: Backoff, now: number): number {
  if (failures === 0) return 0;
  const pause = Math.min(firstMs * 2 ** (failures - 1), mostMs);
  return Math.max(0, lastAt + pause - now);
}

/** The back-off of one index, as its last failed Pod tells. */
export function backoffOfIndex(lastFailed: Pod | undefined): Backoff {
  if (!lastFailed) return noBackoff;
  return { failures: failureCount(lastFailed) + ignoredFailureCount(lastFailed) + 1, lastAt: finishedAt(lastFailed) };
}

/** When the Pod ended: its last container, else since when it is not ready, else when it was deleted or made. */
export function finishedAt(pod: Pod): number {
  const { metadata, status } = pod;
  const sidecars = new Set(pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))];
  const ends = statuses.map(endOf);
  if (ends.length > 0 && !ends.includes(undefined)) return Math.max(...ends.map((end) => end!));
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime) return timeToMs(ready.lastTransitionTime);
  if (metadata.deletionTimestamp) return timeToMs(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return timeToMs(metadata.creationTimestamp);
}

function endOf({ state }: ContainerStatus): number | undefined {
  const end = state?.terminated?.finishedAt;
  return end ? timeToMs(end) : undefined;
}
