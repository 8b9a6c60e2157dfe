/** Changes of a Pod that users make past Kubernetes' own rules. Pure: a Pod in, what to write out. */
import type { Pod } from '../schema/core/v1.ts';
import { formatTime } from '../schema/values/time.ts';
import type { ConditionValue } from '../schema/fakelet/v1.ts';

/** The Pod with other readiness gates, as a spec change (a new generation); Kubernetes itself forbids that on a live Pod. */
export function withReadinessGates(pod: Pod, types: readonly string[]): Pod {
  const { readinessGates: _, ...spec } = pod.spec;
  const gates = types.map((conditionType) => ({ conditionType }));
  return {
    ...pod,
    metadata: { ...pod.metadata, generation: (pod.metadata.generation ?? 0) + 1 },
    spec: gates.length > 0 ? { ...spec, readinessGates: gates } : spec,
  };
}

/** A strategic merge patch of the status that sets or removes one condition; undefined when there is nothing to do. */
export function conditionPatch(pod: Pod, type: string, value: ConditionValue | undefined, nowMs: number): object | undefined {
  const current = pod.status.conditions?.find((condition) => condition.type === type);
  if (!value) return current ? { status: { conditions: [{ type, $patch: 'delete' }] } } : undefined;
  const lastTransitionTime = current?.status === value.status ? current.lastTransitionTime : formatTime(nowMs);
  const { status, reason = null, message = null } = value;
  return { status: { conditions: [{ type, status, reason, message, lastTransitionTime }] } };
}
