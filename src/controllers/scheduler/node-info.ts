/** A node with the sums over the Pods on it, kept up to date pod by pod so that no filter has to add up anything. */
import type { Node, Taint } from '../../schema/core/v1.ts';
import type { HostPort, PodInfo } from './pod-info.ts';
import { addAmounts, amountsOfList, noAmounts, type Amounts } from './resources.ts';

/** Read its members, change it by its methods only. The members are plain ones because filters read them for every Pod. */
export class NodeInfo {
  readonly name: string;
  /** Undefined while Pods are bound to a node that does not exist (yet). */
  node: Node | undefined;
  labels: Readonly<Record<string, string>> = {};
  taints: readonly Taint[] = [];
  allocatable: Readonly<Amounts> = noAmounts();
  podsMax = 0;
  readonly pods = new Map<string, PodInfo>();
  readonly requested: Amounts = noAmounts();
  /** Requests as scores see them: what asks for nothing counts a little. */
  readonly assumed = { cpu: 0, memory: 0 };
  readonly hostPorts: HostPort[] = [];
  /** Pods with required anti-affinity, and Pods with any pod affinity at all. */
  readonly withAntiAffinity = new Set<PodInfo>();
  readonly withAffinity = new Set<PodInfo>();

  constructor(name: string) {
    this.name = name;
  }

  setNode(node: Node | undefined): void {
    if (node?.status?.allocatable !== this.node?.status?.allocatable) {
      this.allocatable = amountsOfList(node?.status?.allocatable);
      this.podsMax = this.allocatable.others.get('pods') ?? 0;
    }
    this.node = node;
    this.labels = node?.metadata.labels ?? {};
    this.taints = node?.spec?.taints ?? [];
  }

  add(pod: PodInfo): void {
    this.pods.set(pod.key, pod);
    this.#count(pod, 1);
    this.hostPorts.push(...pod.hostPorts);
    if (pod.antiAffinity.length > 0) this.withAntiAffinity.add(pod);
    if (pod.affinity.length + pod.antiAffinity.length + pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0) {
      this.withAffinity.add(pod);
    }
  }

  remove(pod: PodInfo): void {
    if (!this.pods.delete(pod.key)) return;
    this.#count(pod, -1);
    for (const port of pod.hostPorts) this.hostPorts.splice(this.hostPorts.indexOf(port), 1);
    this.withAntiAffinity.delete(pod);
    this.withAffinity.delete(pod);
  }

  /** The same node with the same Pods, for trying things out. */
  clone(): NodeInfo {
    const clone = new NodeInfo(this.name);
    clone.setNode(this.node);
    for (const pod of this.pods.values()) clone.add(pod);
    return clone;
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    addAmounts(this.requested, pod.requests, sign);
    this.assumed.cpu += sign * pod.assumedRequests.cpu;
    this.assumed.memory += sign * pod.assumedRequests.memory;
  }
}
