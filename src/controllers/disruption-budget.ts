/** The arithmetic of PodDisruptionBudgets: how many Pods there should be and how many must stay healthy. Pure. */
import type { Pod } from '../schema/core/v1.ts';
import type { PodDisruptionBudget } from '../schema/policy/v1.ts';
import type { OwnerReference } from '../schema/meta/v1.ts';

/** A workload and the number of Pods it wants. */
export interface Scale {
  readonly uid: string;
  readonly replicas: number;
  /** What controls the workload itself. */
  readonly controller?: OwnerReference;
}

/** Finds workloads in the budget's namespace by name. */
export interface Scales {
  replicationController(name: string): Scale | undefined;
  replicaSet(name: string): Scale | undefined;
  deployment(name: string): Scale | undefined;
  statefulSet(name: string): Scale | undefined;
}

export type Expected =
  | { readonly expectedPods: number; readonly desiredHealthy: number; readonly unmanaged: boolean }
  | { readonly error: string };

/** What the budget expects of its Pods. Percentages are taken of what the Pods' workloads want, and rounded up. */
export function expectedPods({ spec }: PodDisruptionBudget, pods: readonly Pod[], scales: Scales): Expected {
  const { maxUnavailable, minAvailable } = spec ?? {};
  if (maxUnavailable !== undefined) {
    const scale = totalScale(pods, scales);
    if ('error' in scale) return scale;
    return { ...scale, desiredHealthy: Math.max(0, scale.expectedPods - scaled(maxUnavailable, scale.expectedPods)) };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0, unmanaged: false };
  if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: false };
  const scale = totalScale(pods, scales);
  return 'error' in scale ? scale : { ...scale, desiredHealthy: scaled(minAvailable, scale.expectedPods) };
}

function scaled(value: number | string, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);
}

function totalScale(pods: readonly Pod[], scales: Scales): { expectedPods: number; unmanaged: boolean } | { error: string } {
  const replicas = new Map<string, number>();
  const seen = new Set<string>();
  let unmanaged = false;
  for (const { metadata } of pods) {
    const controller = metadata.ownerReferences?.find((reference) => reference.controller);
    if (!controller) {
      unmanaged = true;
      continue;
    }
    if (seen.has(controller.uid)) continue;
    seen.add(controller.uid);
    const scale = workloadOf(controller, scales);
    if (!scale) return { error: `found no controllers for pod "${metadata.name}"` };
    replicas.set(scale.uid, scale.replicas);
  }
  return { expectedPods: [...replicas.values()].reduce((sum, count) => sum + count, 0), unmanaged };
}

/** The workload behind a Pod's controller; for a ReplicaSet of a Deployment the Deployment counts. */
function workloadOf({ kind, name, uid }: OwnerReference, scales: Scales): Scale | undefined {
  const found = (scale: Scale | undefined) => (scale?.uid === uid ? scale : undefined);
  switch (kind) {
    case 'ReplicationController': return found(scales.replicationController(name));
    case 'StatefulSet': return found(scales.statefulSet(name));
    case 'ReplicaSet': {
      const replicaSet = found(scales.replicaSet(name));
      if (replicaSet?.controller?.kind !== 'Deployment') return replicaSet;
      const deployment = scales.deployment(replicaSet.controller.name);
      return deployment?.uid === replicaSet.controller.uid ? deployment : undefined;
    }
    default: return undefined;
  }
}

type Selector = NonNullable<PodDisruptionBudget['spec']>['selector'];

/** A selector as Go prints it into messages (`%v`). */
export function goSelector(selector: Selector): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
