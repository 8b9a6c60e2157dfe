/**
 * What a filter plugin is. Given a Pod it answers with a check for nodes, with nothing (the Pod is none of its business),
 * or with a rejection that holds for every node (upstream's PreFilter). A check counts what it needs once, for all nodes.
 */
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';

/** Why a node cannot take a Pod. */
export interface Rejection {
  readonly plugin: string;
  readonly reasons: readonly string[];
  /** Taking other Pods away from the node would not help. */
  readonly unresolvable: boolean;
}

export interface NodeCheck {
  check(node: NodeInfo): Rejection | undefined;
  /** The only nodes worth a look, where the Pod names them. */
  readonly onlyNodes?: ReadonlySet<string>;
  /** Tells a check that counts Pods over many nodes that one has been added to a node (1) or taken away from it (-1). */
  podMoved?(pod: PodInfo, node: NodeInfo, sign: 1 | -1): void;
}

/** The Pod fits nowhere. */
export interface PodRejection {
  readonly rejectsPod: string;
}

export interface Filter {
  readonly name: string;
  prepare(pod: PodInfo, cluster: ClusterState): NodeCheck | PodRejection | undefined;
}

/** A rejection with one reason that no preemption can resolve. */
export const unresolvable = (plugin: string, reason: string): Rejection => ({ plugin, reasons: [reason], unresolvable: true });
/** A rejection with one reason that goes away when other Pods go. */
export const resolvable = (plugin: string, reason: string): Rejection => ({ plugin, reasons: [reason], unresolvable: false });
