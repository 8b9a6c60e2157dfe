/** Who a container's program runs as: uid, gid and groups, from the Pod and from the users of the image. */
import { imageUsers } from '../programs/files/image.ts';
import type { Container, ContainerConfig, ImageInfo } from './runtime.ts';

/** As containerd finds it: the image's /etc/passwd gives the group of a known user, others are in group 0. */
export function userOf(config: ContainerConfig, image: ImageInfo): Container['user'] {
  const named = config.runAsUser === undefined && image.username !== undefined ? imageUsers.find(({ name }) => name === image.username) : undefined;
  const uid = config.runAsUser ?? image.uid ?? named?.uid ?? 0;
  const gid = config.runAsGroup ?? imageUsers.find((user) => user.uid === uid)?.gid ?? 0;
  const groups = new Set([gid, ...config.supplementalGroups ?? []]);
  return { uid, gid, supplementalGroups: [...groups].toSorted((a, b) => a - b) };
}
