/** A Pod condition set by the API server itself (pkg/api/v1/pod UpdatePodCondition). */
import type { PodCondition, PodStatus } from '../schema/core/v1.ts';

/** Adds or replaces the condition of its type; the transition time moves with the status only. Changes `status`. */
export function setPodCondition(status: PodStatus, condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>, now: string): void {
  const conditions = status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[at];
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime ?? now : now;
  const next = { ...condition, lastTransitionTime } as PodCondition;
  if (at < 0) status.conditions = [...conditions, next];
  else conditions[at] = next;
}
