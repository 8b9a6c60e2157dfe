/** `matchLabelKeys`: on create, the pod's own label values become part of the selectors. */
import type { Pod, PodAffinityTerm, TopologySpreadConstraint } from '../../schema/core/v1.ts';

type Labels = Readonly<Record<string, string>> | undefined;

/** Merges the keys of pod (anti-)affinity and topology spread into their selectors, in place. */
export function mergeMatchLabelKeys(pod: Pod): void {
  const { labels } = pod.metadata;
  const { affinity, topologySpreadConstraints = [] } = pod.spec;
  for (const rules of [affinity?.podAffinity, affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []) merge(podAffinityTerm, labels);
    for (const term of rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []) merge(term, labels);
  }
  for (const constraint of topologySpreadConstraints) merge(constraint, labels);
}

/** A missing selector matches nothing and stays so. */
function merge(term: PodAffinityTerm | TopologySpreadConstraint, labels: Labels): void {
  const { labelSelector, matchLabelKeys = [] } = term;
  if (!labelSelector || !labels) return;
  const mismatchLabelKeys = 'mismatchLabelKeys' in term ? term.mismatchLabelKeys ?? [] : [];
  for (const [operator, keys] of [['In', matchLabelKeys], ['NotIn', mismatchLabelKeys]] as const) {
    for (const key of keys) {
      if (Object.hasOwn(labels, key)) (labelSelector.matchExpressions ??= []).push({ key, operator, values: [labels[key]!] });
    }
  }
}
