/**
 * Preferred affinity and anti-affinity between Pods, in both directions. Upstream: plugins/interpodaffinity/scoring.go
 * with hardPodAffinityWeight 1.
 */
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import { termMatches, type AffinityTerm, type PodInfo } from '../pod-info.ts';
import { scoreMax, type Score } from './score.ts';

const hardPodAffinityWeight = 1;

/** topology key → value → weight. */
type Weights = Map<string, Map<string, number>>;

export const interPodAffinity: Score = {
  name: 'InterPodAffinity',
  weight: 2,
  marks(pod, nodes, cluster) {
    const picky = pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0;
    const weights: Weights = new Map();
    for (const node of picky ? cluster.nodes() : cluster.nodesWithAffinity) {
      if (!node.node) continue;
      for (const other of picky ? node.pods.values() : node.withAffinity) weigh(weights, pod, other, node, cluster);
    }
    if (weights.size === 0) return undefined;
    const sums = nodes.map(({ labels }) => {
      let sum = 0;
      for (const [key, values] of weights) if (Object.hasOwn(labels, key)) sum += values.get(labels[key]!) ?? 0;
      return sum;
    });
    const least = Math.min(...sums);
    const spread = Math.max(...sums) - least;
    return spread > 0 ? sums.map((sum) => Math.trunc((scoreMax * (sum - least)) / spread)) : undefined;
  },
};

function weigh(weights: Weights, pod: PodInfo, other: PodInfo, node: NodeInfo, cluster: ClusterState): void {
  const add = (term: AffinityTerm, selected: PodInfo, weight: number) => {
    if (!Object.hasOwn(node.labels, term.topologyKey) || !termMatches(term, selected, cluster.namespaceLabels)) return;
    const values = weights.get(term.topologyKey) ?? new Map<string, number>();
    const value = node.labels[term.topologyKey]!;
    values.set(value, (values.get(value) ?? 0) + weight);
    weights.set(term.topologyKey, values);
  };
  for (const term of pod.preferredAffinity) add(term, other, term.weight);
  for (const term of pod.preferredAntiAffinity) add(term, other, -term.weight);
  for (const term of other.affinity) add(term, pod, hardPodAffinityWeight);
  for (const term of other.preferredAffinity) add(term, pod, term.weight);
  for (const term of other.preferredAntiAffinity) add(term, pod, -term.weight);
}
