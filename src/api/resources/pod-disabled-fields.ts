/**
 * Members behind feature gates that are off in the emulated version: silently dropped from every Pod that is written
 * (pkg/api/pod/util.go, DropDisabledPodFields). No stored Pod has them, so none can keep them.
 */
import type { Container, PodSpec, PodStatus } from '../../schema/core/v1.ts';

/** Gates GenericWorkload, ClusterTrustBundleProjection, PodCertificateRequest, ContainerStopSignals. In place. */
export function dropDisabledSpecFields(spec: PodSpec): void {
  delete spec.schedulingGroup;
  for (const { projected } of spec.volumes ?? []) {
    for (const source of projected?.sources ?? []) {
      delete source.clusterTrustBundle;
      delete source.podCertificate;
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]) {
    if (container.lifecycle?.stopSignal !== undefined) dropStopSignal(container as Container);
  }
}

function dropStopSignal(container: Container): void {
  const { stopSignal: _, ...rest } = container.lifecycle!;
  if (Object.keys(rest).length > 0) container.lifecycle = rest;
  else delete container.lifecycle;
}

/** Gates ImageVolumeWithDigest, DRANodeAllocatableResources. In place. */
export function dropDisabledStatusFields(status: PodStatus): void {
  delete status.nodeAllocatableResourceClaimStatuses;
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const) {
    for (const { volumeMounts } of status[list] ?? []) for (const mount of volumeMounts ?? []) delete mount.volumeStatus;
  }
}
