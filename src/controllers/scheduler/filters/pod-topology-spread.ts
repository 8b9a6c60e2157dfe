/** Hard topology spread constraints. Upstream: plugins/podtopologyspread/filtering.go. */
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { countMatching, hasAllKeys, spreadConstraints, type SpreadConstraint } from '../spread-constraints.ts';
import { resolvable, unresolvable, type Filter, type NodeCheck, type Rejection } from './filter.ts';

const plugin = 'PodTopologySpread';
const tooSkewed = resolvable(plugin, "node(s) didn't match pod topology spread constraints");
const labelMissing = unresolvable(plugin, "node(s) didn't match pod topology spread constraints (missing required label)");

export const podTopologySpread: Filter = {
  name: plugin,
  prepare(pod, cluster) {
    const constraints = spreadConstraints(pod, 'DoNotSchedule', 'running PreFilter plugin "PodTopologySpread"');
    return constraints.length === 0 ? undefined : new SpreadCheck(pod, constraints, cluster.nodes());
  },
};

class SpreadCheck implements NodeCheck {
  readonly #pod: PodInfo;
  readonly #constraints: readonly SpreadConstraint[];
  /** Matching Pods by topology value, for each constraint. */
  readonly #counts: readonly Map<string, number>[];
  /** The least of the counts of each constraint, until one changes. */
  readonly #least: (number | undefined)[] = [];

  constructor(pod: PodInfo, constraints: readonly SpreadConstraint[], nodes: readonly NodeInfo[]) {
    this.#pod = pod;
    this.#constraints = constraints;
    this.#counts = constraints.map(() => new Map<string, number>());
    for (const node of nodes) {
      if (!hasAllKeys(node.labels, constraints)) continue;
      constraints.forEach((constraint, i) => {
        if (constraint.includes(node.node!)) this.#add(i, node, countMatching(node, constraint.selector, pod.namespace));
      });
    }
  }

  check(node: NodeInfo): Rejection | undefined {
    for (const [i, { topologyKey, selector, maxSkew, minDomains }] of this.#constraints.entries()) {
      if (!Object.hasOwn(node.labels, topologyKey)) return labelMissing;
      const counts = this.#counts[i]!;
      const least = counts.size < minDomains ? 0 : (this.#least[i] ??= leastOf(counts.values()));
      const self = selector?.matches(this.#pod.labels) ? 1 : 0;
      const here = counts.get(node.labels[topologyKey]!) ?? 0;
      if (here + self - least > maxSkew) return tooSkewed;
    }
    return undefined;
  }

  podMoved(other: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    if (other.namespace !== this.#pod.namespace || !hasAllKeys(node.labels, this.#constraints)) return;
    this.#constraints.forEach((constraint, i) => {
      if (constraint.selector?.matches(other.labels) && constraint.includes(node.node!)) this.#add(i, node, sign);
    });
  }

  #add(i: number, node: NodeInfo, by: number): void {
    const counts = this.#counts[i]!;
    const value = node.labels[this.#constraints[i]!.topologyKey]!;
    counts.set(value, (counts.get(value) ?? 0) + by);
    this.#least[i] = undefined;
  }
}

function leastOf(counts: Iterable<number>): number {
  let least = Infinity;
  for (const count of counts) least = Math.min(least, count);
  return least;
}
