/** All filters for one Pod, ready to be asked about nodes, also about nodes with other Pods added or taken away. */
import type { ClusterState } from './cluster-state.ts';
import type { NodeCheck, Rejection } from './filters/filter.ts';
import { filters } from './filters/filters.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominations } from './nominations.ts';
import type { PodInfo } from './pod-info.ts';

/** A Pod that fits nowhere, before any node has been looked at. */
export interface PodRejected {
  readonly plugin: string;
  readonly message: string;
}

export class PodChecks {
  readonly pod: PodInfo;
  readonly #checks: readonly NodeCheck[];
  readonly #nominations: Nominations;
  /** The only nodes worth a look, and the plugins that say so. */
  readonly onlyNodes: ReadonlySet<string> | undefined;
  readonly restrictedBy: readonly string[];

  private constructor(pod: PodInfo, nominations: Nominations, checks: readonly (readonly [plugin: string, check: NodeCheck])[]) {
    this.pod = pod;
    this.#nominations = nominations;
    this.#checks = checks.map(([, check]) => check);
    const restricting = checks.filter(([, { onlyNodes }]) => onlyNodes !== undefined);
    this.restrictedBy = restricting.map(([plugin]) => plugin);
    this.onlyNodes = restricting.length === 0 ? undefined
      : restricting.map(([, { onlyNodes }]) => onlyNodes!).reduce((all, some) => new Set([...all].filter((name) => some.has(name))));
  }

  /** Asks every filter about the Pod. */
  static prepare(pod: PodInfo, cluster: ClusterState, nominations: Nominations): PodChecks | PodRejected {
    const checks: [string, NodeCheck][] = [];
    for (const filter of filters) {
      const prepared = filter.prepare(pod, cluster);
      if (prepared === undefined) continue;
      if ('rejectsPod' in prepared) return { plugin: filter.name, message: prepared.rejectsPod };
      checks.push([filter.name, prepared]);
    }
    return new PodChecks(pod, nominations, checks);
  }

  /** Why the node cannot take the Pod, also counting Pods of no less priority that are nominated to it. */
  check(node: NodeInfo): Rejection | undefined {
    const nominated = this.#nominations.on(node.name, this.pod);
    if (nominated.length === 0) return this.#run(node);
    const crowded = node.clone();
    for (const other of nominated) this.add(other, crowded);
    const rejection = this.#run(crowded);
    for (const other of nominated) this.remove(other, crowded);
    // Nominated Pods may never arrive: the node must fit without them, too.
    return rejection ?? this.#run(node);
  }

  /** Adds a Pod to a node that is a clone, for this Pod's checks only. */
  add(other: PodInfo, clone: NodeInfo): void {
    clone.add(other);
    for (const check of this.#checks) check.podMoved?.(other, clone, 1);
  }

  /** Takes a Pod away from a node that is a clone, for this Pod's checks only. */
  remove(other: PodInfo, clone: NodeInfo): void {
    clone.remove(other);
    for (const check of this.#checks) check.podMoved?.(other, clone, -1);
  }

  #run(node: NodeInfo): Rejection | undefined {
    for (const check of this.#checks) {
      const rejection = check.check(node);
      if (rejection) return rejection;
    }
    return undefined;
  }
}
