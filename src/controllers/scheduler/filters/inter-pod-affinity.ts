/**
 * Required affinity and anti-affinity between Pods: of the Pod itself, and the anti-affinity of Pods that run already.
 * Upstream: pkg/scheduler/framework/plugins/interpodaffinity/filtering.go.
 */
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import { termMatches, type AffinityTerm, type PodInfo } from '../pod-info.ts';
import { resolvable, unresolvable, type Filter, type NodeCheck, type Rejection } from './filter.ts';

const plugin = 'InterPodAffinity';
const noAffinity = unresolvable(plugin, "node(s) didn't match pod affinity rules");
const antiAffinity = resolvable(plugin, "node(s) didn't match pod anti-affinity rules");
const existingAntiAffinity = resolvable(plugin, "node(s) didn't satisfy existing pods anti-affinity rules");

/** How many matches there are in each topology domain: key → value → count. Domains without a match are left out. */
class DomainCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  get empty(): boolean {
    return this.#counts.size === 0;
  }

  add(node: NodeInfo, topologyKey: string, by: number): void {
    const { labels } = node;
    if (!Object.hasOwn(labels, topologyKey)) return;
    const domains = this.#counts.get(topologyKey) ?? new Map<string, number>();
    const value = labels[topologyKey]!;
    const count = (domains.get(value) ?? 0) + by;
    if (count === 0) domains.delete(value);
    else domains.set(value, count);
    if (domains.size === 0) this.#counts.delete(topologyKey);
    else this.#counts.set(topologyKey, domains);
  }

  at(node: NodeInfo, topologyKey: string): number {
    const { labels } = node;
    return Object.hasOwn(labels, topologyKey) ? this.#counts.get(topologyKey)?.get(labels[topologyKey]!) ?? 0 : 0;
  }

  keys(): Iterable<string> {
    return this.#counts.keys();
  }
}

export const interPodAffinity: Filter = {
  name: plugin,
  prepare(pod, cluster) {
    if (pod.affinityError !== undefined) return { rejectsPod: `parsing pod: ${pod.affinityError}` };
    const counts = new AffinityCounts(pod, cluster);
    for (const node of cluster.nodesWithAntiAffinity) {
      if (node.node) for (const other of node.withAntiAffinity) counts.countTermsOf(other, node, 1);
    }
    if (pod.affinity.length + pod.antiAffinity.length > 0) {
      for (const node of cluster.nodes()) for (const other of node.pods.values()) counts.countMatch(other, node, 1);
    } else if (counts.existing.empty) {
      return undefined;
    }
    return counts;
  },
};

class AffinityCounts implements NodeCheck {
  readonly #pod: PodInfo;
  readonly #cluster: ClusterState;
  /** Running Pods whose anti-affinity the Pod would violate. */
  readonly existing = new DomainCounts();
  /** Running Pods that match all affinity terms, and each anti-affinity term, of the Pod. */
  readonly #affinity = new DomainCounts();
  readonly #antiAffinity = new DomainCounts();

  constructor(pod: PodInfo, cluster: ClusterState) {
    this.#pod = pod;
    this.#cluster = cluster;
  }

  countTermsOf(other: PodInfo, node: NodeInfo, by: 1 | -1): void {
    for (const term of other.antiAffinity) if (this.#matches(term, this.#pod)) this.existing.add(node, term.topologyKey, by);
  }

  countMatch(other: PodInfo, node: NodeInfo, by: 1 | -1): void {
    const { affinity, antiAffinity: anti } = this.#pod;
    if (affinity.length > 0 && affinity.every((term) => this.#matches(term, other))) {
      for (const { topologyKey } of affinity) this.#affinity.add(node, topologyKey, by);
    }
    for (const term of anti) if (this.#matches(term, other)) this.#antiAffinity.add(node, term.topologyKey, by);
  }

  check(node: NodeInfo): Rejection | undefined {
    if (!this.#affinityMet(node)) return noAffinity;
    if (this.#pod.antiAffinity.some(({ topologyKey }) => this.#antiAffinity.at(node, topologyKey) > 0)) return antiAffinity;
    for (const topologyKey of this.existing.keys()) if (this.existing.at(node, topologyKey) > 0) return existingAntiAffinity;
    return undefined;
  }

  podMoved(other: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    this.countTermsOf(other, node, sign);
    this.countMatch(other, node, sign);
  }

  #affinityMet(node: NodeInfo): boolean {
    const { affinity } = this.#pod;
    if (!affinity.every(({ topologyKey }) => Object.hasOwn(node.labels, topologyKey))) return false;
    if (affinity.every(({ topologyKey }) => this.#affinity.at(node, topologyKey) > 0)) return true;
    // The first Pod of a group that wants to be together would otherwise never start.
    return this.#affinity.empty && affinity.every((term) => this.#matches(term, this.#pod));
  }

  #matches(term: AffinityTerm, pod: PodInfo): boolean {
    return termMatches(term, pod, this.#cluster.namespaceLabels);
  }
}
