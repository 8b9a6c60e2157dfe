/** The claims that a Pod's volumes name. Pure. */
import type { Pod, Volume } from '../../schema/core/v1.ts';

/** The claim of a volume: the named one, or the one that is made for a generic ephemeral volume; undefined for other volumes. */
export function claimNameOf({ metadata }: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral ? `${metadata.name}-${name}` : undefined);
}

/** In the order of the volumes. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []);
}
