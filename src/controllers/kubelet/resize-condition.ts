/** Conditions of a Pod that is resized: they are True or not there. */
import type { PodCondition } from '../../schema/core/v1.ts';
import { formatTime } from '../../schema/values/time.ts';

type Told = Pick<Partial<PodCondition>, 'observedGeneration' | 'reason' | 'message'>;

/** One that holds as of now; a reason that stays keeps its transition time (status_manager.go updatedPodResizeCondition). */
export function resizeCondition(type: string, nowMs: number, { observedGeneration = 0, reason, message }: Told, before?: PodCondition): PodCondition {
  const now = formatTime(nowMs);
  return {
    type, observedGeneration, status: 'True', lastProbeTime: now,
    lastTransitionTime: reason !== undefined && before?.reason === reason ? before.lastTransitionTime ?? now : now,
    ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }),
  };
}
