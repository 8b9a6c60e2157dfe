/** Whether a Pod is at work, ready and available, as controllers count it (pkg/api/v1/pod, pkg/controller/controller_utils.go). Pure. */
import type { Pod } from '../schema/core/v1.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';

/** True for a Pod that has ended or that will not run again. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export const isTerminating = ({ metadata }: Pod): boolean => Boolean(metadata.deletionTimestamp);
/** Neither ended nor on its way out. */
export const isActive = (pod: Pod): boolean => !hasEnded(pod) && !isTerminating(pod);

/** Since when the Pod is ready; undefined when it is not. */
export function readySince({ status }: Pod): number | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? timeToMs(ready.lastTransitionTime ?? formatTime(0)) : undefined;
}

export const isReady = (pod: Pod): boolean => readySince(pod) !== undefined;

/** Milliseconds until the Pod will have been ready for long enough: 0 when it has, undefined while it is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number | undefined, now: number): number | undefined {
  const since = readySince(pod);
  if (since === undefined) return undefined;
  return minReadySeconds ? Math.max(0, since + minReadySeconds * 1000 - now) : 0;
}
