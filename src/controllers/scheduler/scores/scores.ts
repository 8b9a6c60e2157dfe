/** The score plugins of the default profile with their weights, and the choice among nodes that they lead to. */
import type { Prng } from '../../../lib/prng.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { interPodAffinity } from './inter-pod-affinity.ts';
import { balancedAllocation, imageLocality, nodeAffinity, nodeResourcesFit, taintToleration } from './node-scores.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import type { Score } from './score.ts';

const scores: readonly Score[] = [
  taintToleration, nodeAffinity, nodeResourcesFit, podTopologySpread, interPodAffinity, balancedAllocation, imageLocality,
];

/** The node with the greatest sum of weighted marks; `random` decides among equals. `nodes` must not be empty. */
export function bestNode(pod: PodInfo, nodes: readonly NodeInfo[], cluster: ClusterState, random: Prng): NodeInfo {
  if (nodes.length === 1) return nodes[0]!;
  const sums = nodes.map(() => 0);
  for (const score of scores) {
    const marks = score.marks(pod, nodes, cluster);
    if (marks) for (let i = 0; i < sums.length; i++) sums[i]! += marks[i]! * score.weight;
  }
  const most = Math.max(...sums);
  const best = nodes.filter((_, i) => sums[i] === most);
  return best[best.length === 1 ? 0 : random.below(best.length)]!;
}
