/** Who a container runs as and what it may do: its own securityContext over that of the Pod (pkg/securitycontext, kuberuntime/security_context.go). */
import type { Container, Pod } from '../../schema/core/v1.ts';
import type { ContainerConfig, ImageInfo } from '../../runtime/runtime.ts';
import { printPod } from './pod-containers.ts';

export function effectiveRunAsUser(pod: Pod, container: Container): number | undefined {
  return container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
}

/** Why the container must not run, or undefined (verifyRunAsNonRoot). */
export function nonRootViolation(pod: Pod, container: Container, image: ImageInfo): string | undefined {
  if (!(container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot ?? false)) return undefined;
  const uid = effectiveRunAsUser(pod, container);
  const where = `(pod: "${printPod(pod)}", container: ${container.name})`;
  if (uid === 0) return `container's runAsUser breaks non-root policy ${where}`;
  if (uid !== undefined) return undefined;
  if (image.username) return `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`;
  return (image.uid ?? 0) === 0 ? `container has runAsNonRoot and image will run as root ${where}` : undefined;
}

type SecurityConfig = Pick<ContainerConfig,
  'runAsUser' | 'runAsGroup' | 'supplementalGroups' | 'readOnlyRootFilesystem' | 'capabilities' | 'noNewPrivileges'>;

export function securityConfig(pod: Pod, container: Container): SecurityConfig {
  const context = container.securityContext ?? {};
  const { fsGroup, supplementalGroups = [], runAsGroup: podGroup } = pod.spec.securityContext ?? {};
  const runAsUser = effectiveRunAsUser(pod, container);
  const runAsGroup = context.runAsGroup ?? podGroup;
  const { add = [], drop = [] } = context.capabilities ?? {};
  return {
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    supplementalGroups: fsGroup === undefined ? supplementalGroups : [fsGroup, ...supplementalGroups],
    readOnlyRootFilesystem: context.readOnlyRootFilesystem ?? false,
    capabilities: { add: context.privileged ? ['ALL'] : add, drop: context.privileged ? [] : drop },
    noNewPrivileges: context.allowPrivilegeEscalation === false,
  };
}
