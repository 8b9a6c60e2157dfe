/** Changing conditions of Pods from outside of the kubelet, as the scheduler, taint eviction and PodGC do. */
import type { Write } from '../api/port.ts';
import type { Pod } from '../schema/core/v1.ts';
import { formatTime } from '../schema/values/time.ts';

/** A condition to set; times and generation are added. */
export interface NewCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * The members of `status` in a strategic merge patch that sets the condition; undefined when it is set already.
 * A new condition goes to the end of the list, as client-go's patches say by `$setElementOrder`.
 */
export function podConditionPatch(pod: Pod, condition: NewCondition, now: number): Readonly<Record<string, unknown>> | undefined {
  const { type, status, reason, message } = condition;
  const conditions = pod.status?.conditions ?? [];
  const before = conditions.find((one) => one.type === type);
  if (before?.status === status && before.reason === reason && before.message === message) return undefined;
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : formatTime(now);
  const observedGeneration = pod.metadata.generation;
  const order = conditions.map((one) => ({ type: one.type }));
  return {
    '$setElementOrder/conditions': before ? order : [...order, { type }],
    conditions: [{
      type, ...(observedGeneration === undefined ? {} : { observedGeneration }), status, lastProbeTime: null, lastTransitionTime, reason, message,
    }],
  };
}

/** The patch of the `status` of this very Pod (not of a later one of its name). */
export function podStatusPatch({ metadata }: Pod, status: Readonly<Record<string, unknown>>): Write {
  const { namespace = '', name = '', uid } = metadata;
  return { verb: 'patch', resource: 'pods', subresource: 'status', namespace, name, patchType: 'strategic', patch: { metadata: { uid }, status } };
}
