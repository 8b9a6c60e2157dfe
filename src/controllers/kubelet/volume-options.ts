/** How a volume looks to containers besides its files: where it lies and who owns it (pkg/volume/*). */
import type { Container, Pod, Volume } from '../../schema/core/v1.ts';
import type { VolumeOptions } from '../../runtime/runtime.ts';
import { effectiveRunAsUser } from './security-context.ts';

const hostDirectoryMode = 0o755;

/** Files that the kubelet keeps secret never touch the disk; paths of the host keep their group. */
export function volumeOptions({ emptyDir, configMap, secret, downwardAPI, projected, hostPath }: Volume, pod: Pod): VolumeOptions {
  if (hostPath) {
    const isFile = hostPath.type === 'File' || hostPath.type === 'FileOrCreate';
    return isFile ? { medium: 'disk', kind: 'file' } : { medium: 'disk', mode: hostDirectoryMode };
  }
  const groupId = pod.spec.securityContext?.fsGroup;
  const inMemory = configMap === undefined && (secret ?? downwardAPI ?? projected) !== undefined || emptyDir?.medium === 'Memory';
  return { medium: inMemory ? 'memory' : 'disk', ...(groupId === undefined ? {} : { groupId }) };
}

/** Owner and mode of a Pod's tokens: private when all containers run as one user or a group owns them (projected.go, FsUserFrom). */
export function tokenOwnership(pod: Pod, mode: number): { readonly uid?: number; readonly mode: number } {
  const { initContainers = [], containers, securityContext } = pod.spec;
  const users = new Set([...initContainers, ...containers].map((container: Container) => effectiveRunAsUser(pod, container)));
  const [uid] = users.size === 1 ? users : [];
  if (uid !== undefined) return { uid, mode: 0o600 };
  return { mode: securityContext?.fsGroup === undefined ? mode : 0o600 };
}
