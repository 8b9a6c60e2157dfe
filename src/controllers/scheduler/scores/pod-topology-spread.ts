/**
 * Soft topology spread: the Pod's own constraints, or the system's (3 per host, 5 per zone) for Pods of a Service or a
 * workload. Upstream: plugins/podtopologyspread/scoring.go.
 */
import type { Service } from '../../../schema/core/v1.ts';
import type { KubeObject } from '../../../schema/objects.ts';
import { fromLabels, LabelSelector, storedLabelSelector, type LabelSelectorObject, type Requirement } from '../../../schema/values/label-selector.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { countMatching, describe, hasAllKeys, spreadConstraints, type SpreadConstraint } from '../spread-constraints.ts';
import { scoreMax, type Score } from './score.ts';

const hostname = 'kubernetes.io/hostname';
const systemConstraints = [
  { maxSkew: 3, topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway' },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
];

export const podTopologySpread: Score = {
  name: 'PodTopologySpread',
  weight: 2,
  marks(pod, nodes, cluster) {
    const own = (pod.pod.spec?.topologySpreadConstraints ?? []).length > 0;
    const constraints = own ? spreadConstraints(pod, 'ScheduleAnyway', 'running PreScore plugin "PodTopologySpread": calculating preScoreState')
      : defaultConstraints(pod, cluster);
    if (constraints.length === 0) return undefined;
    // Under the system's constraints a node without a zone still spreads by host.
    const ignored = nodes.map(({ labels }) => own && !hasAllKeys(labels, constraints));
    const rated = nodes.filter((_, i) => !ignored[i]);
    const sums = matchSums(pod, constraints, nodes, rated, own, cluster);
    return marksOf(sums, ignored);
  },
};

/** The weighted number of matching Pods in each node's domains. */
function matchSums(
  pod: PodInfo, constraints: readonly SpreadConstraint[], nodes: readonly NodeInfo[], rated: readonly NodeInfo[], requireAll: boolean,
  cluster: ClusterState,
): number[] {
  const sums = nodes.map(() => 0);
  for (const constraint of constraints) {
    const { topologyKey, selector, maxSkew } = constraint;
    const domains = new Map<string, number>();
    const perHost = topologyKey === hostname;
    if (!perHost) {
      for (const { labels } of rated) domains.set(labels[topologyKey] ?? '', 0);
      for (const node of cluster.nodes()) {
        const value = node.labels[topologyKey] ?? '';
        const counts = domains.has(value) && constraint.includes(node.node!) && (!requireAll || hasAllKeys(node.labels, constraints));
        if (counts) domains.set(value, domains.get(value)! + countMatching(node, selector, pod.namespace));
      }
    }
    const weight = Math.log((perHost ? rated.length : domains.size) + 2);
    nodes.forEach((node, i) => {
      if (!Object.hasOwn(node.labels, topologyKey)) return;
      const count = perHost ? countMatching(node, selector, pod.namespace) : domains.get(node.labels[topologyKey]!) ?? 0;
      sums[i]! += count * weight + (maxSkew - 1);
    });
  }
  return sums.map((sum) => Math.round(sum));
}

function marksOf(sums: readonly number[], ignored: readonly boolean[]): number[] {
  const rated = sums.filter((_, i) => !ignored[i]);
  const least = Math.min(...rated);
  const most = Math.max(0, ...rated);
  return sums.map((sum, i) => {
    if (ignored[i]) return 0;
    return most === 0 ? scoreMax : Math.trunc((scoreMax * (most + least - sum)) / most);
  });
}

function defaultConstraints(pod: PodInfo, cluster: ClusterState): SpreadConstraint[] {
  const selector = ownersSelector(pod, cluster);
  return selector.empty ? [] : systemConstraints.map((constraint) => describe(constraint, pod, selector));
}

const workloads: Readonly<Record<string, string>> = {
  ReplicationController: 'replicationcontrollers', ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps',
};

/** The selectors of the Services and of the workload that the Pod belongs to, all together. */
function ownersSelector({ pod, namespace, labels }: PodInfo, cluster: ClusterState): LabelSelector {
  const requirements: Requirement[] = [];
  for (const { spec } of cluster.list<Service>('services', namespace)) {
    const selector = spec?.selector ?? {};
    const selects = Object.keys(selector).length > 0 && fromLabels(selector).matches(labels);
    if (selects) requirements.push(...fromLabels(selector).requirements);
  }
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  const resource = owner && Object.hasOwn(workloads, owner.kind) ? workloads[owner.kind] : undefined;
  const workload = resource && cluster.byUid(resource, owner!.uid);
  if (workload) requirements.push(...workloadSelector(workload).requirements);
  return new LabelSelector(requirements);
}

function workloadSelector({ spec }: KubeObject): LabelSelector {
  const { selector } = spec as { selector?: LabelSelectorObject & Record<string, string> };
  const isObject = selector && ('matchLabels' in selector || 'matchExpressions' in selector);
  return (isObject ? storedLabelSelector(selector) : fromLabels(selector ?? {})) ?? new LabelSelector([]);
}
