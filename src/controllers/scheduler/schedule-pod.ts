/** One scheduling decision: a node, or why there is none and what to do about it. Reads the cluster, changes nothing. */
import type { Prng } from '../../lib/prng.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Rejection } from './filters/filter.ts';
import { addReason, countReasons, fitError, noNodes, podRejectedError } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominations } from './nominations.ts';
import { PodChecks } from './pod-checks.ts';
import type { PodInfo } from './pod-info.ts';
import { preempt } from './preemption.ts';
import { bestNode } from './scores/scores.ts';

const feasibleNodesMin = 100;
const feasibleShareMin = 5;

export type Decision =
  | { readonly kind: 'fits'; readonly node: string }
  | {
    readonly kind: 'unschedulable';
    readonly message: string;
    /** The filters that said no; an event that concerns one of them may help. */
    readonly rejectedBy: ReadonlySet<string>;
    /** The nomination to write: a node, '' for none, undefined to leave it. */
    readonly nominatedNode: string | undefined;
    readonly victims: readonly PodInfo[];
  };

/** Where the next search begins, so that all nodes of a big cluster get their turn. */
export interface SearchStart { index: number }

export interface SchedulingContext {
  readonly cluster: ClusterState;
  readonly nominations: Nominations;
  readonly random: Prng;
  readonly start: SearchStart;
  budgets(): readonly PodDisruptionBudget[];
}

/** Decides about one Pod. */
export function schedulePod(pod: PodInfo, context: SchedulingContext): Decision {
  const { cluster, nominations, random } = context;
  const nodes = cluster.nodes();
  if (nodes.length === 0) return unschedulable(noNodes, new Set(), '');
  const checks = PodChecks.prepare(pod, cluster, nominations);
  if (!(checks instanceof PodChecks)) {
    return unschedulable(podRejectedError(nodes.length, checks.message), new Set([checks.plugin]), undefined);
  }
  const nominated = cluster.node(pod.pod.status?.nominatedNodeName ?? '');
  if (nominated && !checks.check(nominated)) return { kind: 'fits', node: nominated.name };
  const { feasible, rejections } = findNodes(checks, nodes, context.start);
  if (feasible.length > 0) return { kind: 'fits', node: bestNode(pod, feasible, cluster, random).name };
  return noFit(checks, nodes, rejections, context);
}

function noFit(checks: PodChecks, nodes: readonly NodeInfo[], rejections: Map<string, Rejection>, context: SchedulingContext): Decision {
  const reasons = countReasons(rejections.values());
  addReason(reasons, `node(s) didn't satisfy plugin(s) [${checks.restrictedBy.join(' ')}]`, nodes.length - rejections.size);
  const message = fitError(nodes.length, reasons);
  const rejectedBy = new Set([...rejections.values()].map(({ plugin }) => plugin).concat(checks.restrictedBy));
  const preemption = preempt(checks, { nodes, rejections }, context.budgets(), context.random);
  if (preemption.kind === 'possible') {
    return { kind: 'unschedulable', message, rejectedBy, nominatedNode: preemption.node, victims: preemption.victims };
  }
  return unschedulable(
    `${message} no new claims to deallocate, preemption: ${preemption.message}`, rejectedBy, preemption.kind === 'hopeless' ? '' : undefined);
}

const unschedulable = (message: string, rejectedBy: ReadonlySet<string>, nominatedNode: string | undefined): Decision =>
  ({ kind: 'unschedulable', message, rejectedBy, nominatedNode, victims: [] });

/** Nodes that can take the Pod, up to as many as are worth scoring, and why others can't. */
function findNodes(checks: PodChecks, all: readonly NodeInfo[], start: SearchStart): { feasible: NodeInfo[]; rejections: Map<string, Rejection> } {
  const { onlyNodes } = checks;
  const nodes = onlyNodes ? all.filter(({ name }) => onlyNodes.has(name)) : all;
  const wanted = feasibleNodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  const rejections = new Map<string, Rejection>();
  for (let i = 0; i < nodes.length && feasible.length < wanted; i++) {
    const node = nodes[(start.index + i) % nodes.length]!;
    const rejection = checks.check(node);
    if (rejection) rejections.set(node.name, rejection);
    else feasible.push(node);
  }
  start.index = (start.index + feasible.length + rejections.size) % all.length;
  return { feasible, rejections };
}

/** How many feasible nodes are enough: all of a small cluster, a share of a big one. */
export function feasibleNodesToFind(nodeCount: number): number {
  if (nodeCount < feasibleNodesMin) return nodeCount;
  const share = Math.max(feasibleShareMin, 50 - Math.trunc(nodeCount / 125));
  return Math.max(feasibleNodesMin, Math.trunc((nodeCount * share) / 100));
}
