/** Memory limits of running containers, and whether they can shrink (kuberuntime_manager.go validateMemoryResizeAction). */
import type { Container, Pod, ResourceRequirements } from '../../schema/core/v1.ts';
import { podLimits } from '../../schema/pod-resources.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { isLimited, withResources, type PodResources } from './pod-resources.ts';

/** In bytes; undefined without a limit. */
export function memoryLimit(resources: ResourceRequirements | undefined): number | undefined {
  const limit = resources?.limits?.['memory'];
  return limit === undefined ? undefined : Number(parseQuantity(limit).value());
}

/**
 * Why running containers cannot have the limits of the spec now: one is to shrink below what is used (bytes by container).
 * That of a container tells what its whole Pod uses, as upstream does.
 */
export function shrinkRefusal(pod: Pod, actuated: PodResources, resized: readonly Container[], usage: () => ReadonlyMap<string, number>): string | undefined {
  const podLimit = shrunk(podMemoryLimit(withResources(pod, actuated)), podMemoryLimit(pod));
  const limits = resized.flatMap(({ name, resources }) => {
    const limit = shrunk(memoryLimit(actuated.containers.get(name)), memoryLimit(resources));
    return limit === undefined ? [] : [{ name, limit }];
  });
  if (podLimit === undefined && limits.length === 0) return undefined;
  const used = usage();
  const total = [...used.values()].reduce((sum, bytes) => sum + bytes, 0);
  const errors = [
    ...(podLimit !== undefined && total >= podLimit ? [`attempting to set pod memory limit (${podLimit}) below current usage (${total})`] : []),
    ...limits.filter(({ name, limit }) => (used.get(name) ?? 0) >= limit)
      .map(({ name, limit }) => `attempting to set container "${name}" memory limit (${limit}) below current usage (${total})`),
  ];
  if (errors.length === 0) return undefined;
  return `cannot decrease memory limits: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`;
}

/** The wanted limit, where it is less than the one before or the first. */
const shrunk = (before: number | undefined, wanted: number | undefined): number | undefined =>
  (wanted !== undefined && (before === undefined || wanted < before) ? wanted : undefined);

/** What the cgroup of the Pod has; undefined when it has no limit. */
function podMemoryLimit({ spec }: Pod): number | undefined {
  const limit = isLimited(spec, 'memory') ? podLimits(spec).get('memory') : undefined;
  return limit && Number(limit.value());
}
