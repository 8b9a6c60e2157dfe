/** Pods that have made room on a node by preemption and wait for it: they count there before they arrive. */
import type { PodInfo } from './pod-info.ts';

const none: readonly PodInfo[] = [];

export class Nominations {
  readonly #byNode = new Map<string, Map<string, PodInfo>>();
  readonly #nodeOf = new Map<string, string>();

  /** Nominates the Pod to the node, or to none. */
  set(pod: PodInfo, node: string | undefined): void {
    this.delete(pod.key);
    if (!node) return;
    this.#nodeOf.set(pod.key, node);
    const pods = this.#byNode.get(node) ?? new Map<string, PodInfo>();
    this.#byNode.set(node, pods.set(pod.key, pod));
  }

  delete(podKey: string): void {
    const node = this.#nodeOf.get(podKey);
    if (node === undefined) return;
    this.#nodeOf.delete(podKey);
    const pods = this.#byNode.get(node)!;
    pods.delete(podKey);
    if (pods.size === 0) this.#byNode.delete(node);
  }

  /** Other Pods nominated to the node whose priority is not below that of `pod`. */
  on(node: string, pod: PodInfo): readonly PodInfo[] {
    const pods = this.#byNode.get(node);
    if (!pods) return none;
    return [...pods.values()].filter(({ key, priority }) => key !== pod.key && priority >= pod.priority);
  }

  /** Pods nominated to the node whose priority is below that of `pod`. */
  below(node: string, pod: PodInfo): readonly PodInfo[] {
    return [...(this.#byNode.get(node)?.values() ?? [])].filter(({ priority }) => priority < pod.priority);
  }
}
