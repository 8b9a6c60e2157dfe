/** Topology spread constraints, ready to count Pods and nodes by. Upstream: plugins/podtopologyspread/common.go. */
import type { Node, TopologySpreadConstraint } from '../../schema/core/v1.ts';
import { fromLabelSelector, LabelSelectorError, type LabelSelector } from '../../schema/values/label-selector.ts';
import { requiredNodeTest, schedulingEffects, untoleratedTaint } from '../node-matching.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import { SchedulerError } from './scheduler-error.ts';

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly selector: LabelSelector | undefined;
  /** True for nodes whose Pods count. */
  includes(node: Node): boolean;
}

/** The Pod's own constraints of one kind. Throws `SchedulerError`, which begins with `during`, where a stored one is not valid. */
export function spreadConstraints(pod: PodInfo, whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway', during: string): SpreadConstraint[] {
  const constraints = (pod.pod.spec?.topologySpreadConstraints ?? []).filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable);
  try {
    return constraints.map((constraint) => describe(constraint, pod));
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error;
    const kind = whenUnsatisfiable === 'DoNotSchedule' ? 'hard' : 'soft';
    throw new SchedulerError(`${during}: obtaining pod's ${kind} topology spread constraints: ${error.message}`);
  }
}

/** One constraint of a Pod; `selector` replaces the constraint's own. */
export function describe(constraint: TopologySpreadConstraint, pod: PodInfo, selector = selectorOf(constraint, pod)): SpreadConstraint {
  const affinityTest = constraint.nodeAffinityPolicy === 'Ignore' ? undefined : requiredNodeTest(pod.pod);
  const honorTaints = constraint.nodeTaintsPolicy === 'Honor';
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    minDomains: constraint.minDomains ?? 1,
    selector,
    includes: (node) => (affinityTest?.(node) ?? true)
      && !(honorTaints && untoleratedTaint(node.spec?.taints ?? [], pod.tolerations, schedulingEffects)),
  };
}

function selectorOf({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, { labels }: PodInfo): LabelSelector | undefined {
  if (!labelSelector) return undefined;
  const own = matchLabelKeys.filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator: 'In', values: [labels[key]!] }));
  return fromLabelSelector({ ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...own] });
}

/** Live Pods on the node that the selector finds in the namespace. */
export function countMatching(node: NodeInfo, selector: LabelSelector | undefined, namespace: string): number {
  if (!selector || selector.empty) return 0;
  let count = 0;
  for (const { pod, namespace: itsNamespace, labels } of node.pods.values()) {
    if (itsNamespace === namespace && !pod.metadata.deletionTimestamp && selector.matches(labels)) count++;
  }
  return count;
}

export function hasAllKeys(labels: Readonly<Record<string, string>>, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => Object.hasOwn(labels, topologyKey));
}
