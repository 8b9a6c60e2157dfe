/** How large each ReplicaSet of a Deployment should be next (pkg/controller/deployment/{rolling,sync}.go). Pure. */
import type { Deployment, ReplicaSet } from '../schema/apps/v1.ts';

export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** A ReplicaSet and the replicas it is to have. */
export interface Resize { readonly set: ReplicaSet; readonly replicas: number }

export const sizeOf = (set: ReplicaSet): number => set.spec?.replicas ?? 1;
export const totalSize = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + sizeOf(set), 0);
const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
export const wanted = ({ spec }: Deployment): number => spec.replicas ?? 1;

/** A number, or a percentage of the total. */
export function share(value: number | string | undefined, total: number, round: (value: number) => number): number {
  return typeof value === 'string' ? round((Number.parseInt(value, 10) * total) / 100) : value ?? 0;
}

/** How far above and below its size a rolling update may go. The surge is rounded up, the rest down; one must be above 0. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { type, rollingUpdate } = deployment.spec.strategy ?? {};
  if (type === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = share(rollingUpdate?.maxSurge, wanted(deployment), Math.ceil);
  const unavailable = share(rollingUpdate?.maxUnavailable, wanted(deployment), Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurge = (deployment: Deployment): number => fenceposts(deployment).surge;
export const maxUnavailable = (deployment: Deployment): number => Math.min(fenceposts(deployment).unavailable, wanted(deployment));

/** Oldest first; of those of one second, by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [x, y] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`) as [string, string];
  return x < y ? -1 : 1;
}

/** What a ReplicaSet remembers of the size of its Deployment, so that a change of it is seen. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = deployment.spec.replicas ?? 1;
  return { [desiredAnnotation]: String(replicas), [maxAnnotation]: String(replicas + maxSurge(deployment)) };
}

/** The size of the Deployment when it last changed this ReplicaSet. */
export function rememberedSize({ metadata }: ReplicaSet): { desired?: number; max?: number } {
  const { [desiredAnnotation]: desired, [maxAnnotation]: max } = metadata.annotations ?? {};
  return { ...(desired === undefined ? {} : { desired: Number(desired) }), ...(max === undefined ? {} : { max: Number(max) }) };
}

/** The size of the new ReplicaSet, `current` until now, beside the others (NewRSNewReplicas). */
export function newSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const size = wanted(deployment);
  if (deployment.spec.strategy?.type === 'Recreate' || current >= size) return size;
  const room = size + maxSurge(deployment) - totalSize(all);
  return room <= 0 ? current : current + Math.min(room, size - current);
}

/** How the old ReplicaSets shrink in a rolling update: first what is not healthy, then as far as availability allows. */
export function shrinkOld(deployment: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[]): Resize[] {
  const all = [...old, fresh];
  const minAvailable = wanted(deployment) - maxUnavailable(deployment);
  let unhealthy = totalSize(all) - minAvailable - (sizeOf(fresh) - available(fresh));
  if (unhealthy <= 0) return [];
  let healthy = all.reduce((sum, set) => sum + available(set), 0) - minAvailable;
  return [...old].sort(byAge).map((set) => {
    const cut = Math.max(0, Math.min(unhealthy, sizeOf(set) - available(set)));
    unhealthy -= cut;
    return { set, replicas: sizeOf(set) - cut };
  }).map(({ set, replicas }) => {
    const cut = Math.max(0, Math.min(healthy, replicas));
    healthy -= cut;
    return { set, replicas: replicas - cut };
  }).filter(({ set, replicas }) => replicas !== sizeOf(set));
}

/** True when the Deployment's size changed since its ReplicaSets were last sized. */
export function isScaling(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const { desired } = rememberedSize(set);
    return sizeOf(set) > 0 && desired !== undefined && desired !== wanted(deployment);
  });
}

/** The sizes after a change of the Deployment's size: proportional when several ReplicaSets are in use. */
export function rescale(deployment: Deployment, fresh: ReplicaSet | undefined, old: readonly ReplicaSet[]): Resize[] {
  const size = wanted(deployment);
  const oldActive = old.filter((set) => sizeOf(set) > 0);
  const active = fresh && sizeOf(fresh) > 0 ? [...oldActive, fresh] : oldActive;
  if (active.length <= 1) {
    const only = active[0] ?? fresh ?? [...old].sort(byAge).at(-1);
    return only ? [{ set: only, replicas: size }] : [];
  }
  if (fresh && sizeOf(fresh) === size && rememberedSize(fresh).desired === size && available(fresh) === size) {
    return oldActive.map((set) => ({ set, replicas: 0 }));
  }
  if (deployment.spec.strategy?.type === 'Recreate') return [];
  return proportional(deployment, active);
}

function proportional(deployment: Deployment, active: readonly ReplicaSet[]): Resize[] {
  const size = wanted(deployment);
  const allowed = size > 0 ? size + maxSurge(deployment) : 0;
  const toAdd = allowed - totalSize(active);
  const sorted = [...active].sort((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let left = toAdd;
  const resizes = sorted.map((set) => {
    const fraction = size === 0 ? -sizeOf(set)
      : Math.round((sizeOf(set) * allowed) / (rememberedSize(set).max || deployment.status?.replicas || allowed)) - sizeOf(set);
    const change = toAdd === 0 ? 0 : toAdd > 0 ? Math.max(0, Math.min(fraction, left)) : Math.min(0, Math.max(fraction, left));
    left -= change;
    return { set, replicas: sizeOf(set) + change };
  });
  return resizes.map(({ set, replicas }, i) => ({ set, replicas: Math.max(0, i === 0 ? replicas + left : replicas) }));
}
