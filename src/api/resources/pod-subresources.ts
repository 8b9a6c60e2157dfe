/** What each subresource of a Pod takes from the body; everything else comes from the stored Pod. */
import type { Container, Pod, PodSpec } from '../../schema/core/v1.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';

/** `status`: the status, labels, annotations and finalizers. */
export function keepStatus(pod: Pod, old: Pod): void {
  pod.spec = old.spec;
  pod.status ??= {};
  delete pod.metadata.deletionTimestamp;
  putBack(pod.metadata, old.metadata, ['ownerReferences']);
  if (!pod.status.qosClass && old.status?.qosClass) pod.status.qosClass = old.status.qosClass;
  keepObservedGenerations(pod, old);
}

/** Clients that do not know observedGeneration must not clear it; there may be several conditions of one type. */
function keepObservedGenerations(pod: Pod, old: Pod): void {
  const observed = old.status?.observedGeneration;
  if (!pod.status.observedGeneration && observed) pod.status.observedGeneration = observed;
  const known = new Map<string, (number | undefined)[]>();
  for (const { type, observedGeneration } of old.status?.conditions ?? []) {
    known.set(type, [...(known.get(type) ?? []), observedGeneration]);
  }
  for (const condition of pod.status.conditions ?? []) {
    const generation = known.get(condition.type)?.shift();
    if (!condition.observedGeneration && generation) condition.observedGeneration = generation;
  }
}

/** `ephemeralcontainers`: that list only. */
export function keepEphemeralContainers(pod: Pod, old: Pod): void {
  const { ephemeralContainers } = pod.spec;
  pod.spec = { ...old.spec };
  delete pod.spec.ephemeralContainers;
  if (ephemeralContainers) pod.spec.ephemeralContainers = ephemeralContainers;
  pod.status = old.status;
  resetMetadata(pod.metadata, old.metadata);
}

/** `resize`: resources and resize policies. A body with other containers is left alone, for validation to refuse. */
export function keepResize(pod: Pod, old: Pod): void {
  const { spec } = pod;
  for (const list of ['containers', 'initContainers'] as const) {
    if ((spec[list]?.length ?? 0) !== (old.spec[list]?.length ?? 0)) return;
  }
  const kept: PodSpec = { ...old.spec };
  kept.containers = withResources(spec.containers, old.spec.containers);
  if (spec.initContainers) kept.initContainers = withResources(spec.initContainers, old.spec.initContainers!);
  delete kept.resources;
  if (spec.resources) kept.resources = spec.resources;
  pod.spec = kept;
  pod.status = old.status;
  resetMetadata(pod.metadata, old.metadata);
}

function withResources(containers: Container[], old: readonly Container[]): Container[] {
  if (containers.some((container, i) => container.name !== old[i]!.name)) return containers;
  return containers.map(({ resources, resizePolicy }, i) => {
    const kept: Container = { ...old[i]!, resources };
    delete kept.resizePolicy;
    if (resizePolicy) kept.resizePolicy = resizePolicy;
    return kept;
  });
}

/** apimachinery's ResetObjectMetaForStatus: these subresources do not change metadata, but managedFields tell of them. */
function resetMetadata(meta: ObjectMeta, old: ObjectMeta): void {
  putBack(meta, old, ['deletionTimestamp', 'generation', 'selfLink', 'labels', 'annotations', 'finalizers', 'ownerReferences']);
}

function putBack(meta: ObjectMeta, old: ObjectMeta, members: readonly (keyof ObjectMeta)[]): void {
  for (const member of members) {
    if (old[member] === undefined) delete meta[member];
    else Object.assign(meta, { [member]: old[member] });
  }
}
