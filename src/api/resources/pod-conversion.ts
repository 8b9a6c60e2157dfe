/**
 * What the way through upstream's internal types does to a Pod: aliases agree afterwards, and old annotations are gone
 * (pkg/apis/core/v1/conversion.go).
 */
import type { Pod, PodSpec, PodStatus } from '../../schema/core/v1.ts';

const initContainerAnnotations = [
  'pod.beta.kubernetes.io/init-containers', 'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses', 'pod.alpha.kubernetes.io/init-container-statuses',
];

/** Changes a decoded Pod in place. */
export function convertPod(pod: Pod): void {
  dropInitContainerAnnotations(pod);
  convertPodSpec(pod.spec);
  const grace = pod.spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) pod.spec.terminationGracePeriodSeconds = 1;
  if (pod.status) convertStatus(pod.status);
}

/** The part that templates share: `serviceAccount` repeats `serviceAccountName`, and there is a security context. */
export function convertPodSpec(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name && (spec.serviceAccountName !== name || spec.serviceAccount !== name)) {
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
  }
  spec.securityContext ??= {};
}

function dropInitContainerAnnotations(pod: Pod): void {
  const { annotations } = pod.metadata;
  if (!annotations) return;
  for (const name of initContainerAnnotations) delete annotations[name];
}

/** `podIP` wins over `podIPs`, and each is derived from the other. */
function convertStatus(status: PodStatus): void {
  if (status.podIP) {
    if (status.podIPs?.[0]?.ip !== status.podIP) status.podIPs = [{ ip: status.podIP }];
  } else if (status.podIPs?.[0]) {
    status.podIP = status.podIPs[0].ip;
  }
}
