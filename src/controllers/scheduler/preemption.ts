/**
 * Makes room for a Pod by choosing Pods of lower priority to delete. Decides only; the scheduler acts.
 * Upstream: pkg/scheduler/framework/preemption and plugins/defaultpreemption.
 */
import type { Prng } from '../../lib/prng.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import { storedLabelSelector } from '../../schema/values/label-selector.ts';
import { timeToMs } from '../../schema/values/time.ts';
import type { Rejection } from './filters/filter.ts';
import { addReason, countReasons, fitError } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodChecks } from './pod-checks.ts';
import type { PodInfo } from './pod-info.ts';

const candidatesShare = 0.1;
const candidatesMin = 100;

export type Preemption =
  /** Deleting the victims makes the node fit. */
  | { readonly kind: 'possible'; readonly node: string; readonly victims: readonly PodInfo[] }
  /** `message` follows `preemption: `. The Pod's nomination is void. */
  | { readonly kind: 'hopeless'; readonly message: string }
  /** The Pod may not preempt, or not now; its nomination stays. */
  | { readonly kind: 'ineligible'; readonly message: string };

interface Candidate {
  readonly node: string;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  readonly budgetViolations: number;
}

/** What the failed search for a node found. */
export interface SearchResult {
  readonly nodes: readonly NodeInfo[];
  readonly rejections: ReadonlyMap<string, Rejection>;
}

/** Looks for Pods whose deletion would let the Pod in. */
export function preempt(
  checks: PodChecks, { nodes, rejections }: SearchResult, budgets: readonly PodDisruptionBudget[], random: Prng,
): Preemption {
  const ineligible = whyIneligible(checks.pod, nodes, rejections);
  if (ineligible !== undefined) return { kind: 'ineligible', message: ineligible };
  const promising = nodes.filter(({ name }) => rejections.get(name)?.unresolvable === false);
  const statuses = new Map<string, Rejection>();
  const candidates: Candidate[] = [];
  const enough = Math.min(promising.length, Math.max(candidatesMin, Math.floor(promising.length * candidatesShare)));
  const offset = promising.length === 0 ? 0 : random.below(promising.length);
  for (let i = 0; i < promising.length; i++) {
    const node = promising[(offset + i) % promising.length]!;
    const found = selectVictims(checks, node, budgets);
    if ('reasons' in found) statuses.set(node.name, found);
    else candidates.push(found);
    if (candidates.length >= enough && candidates.some(({ budgetViolations }) => budgetViolations === 0)) break;
  }
  const best = bestCandidate(candidates);
  if (best) return { kind: 'possible', node: best.node, victims: best.victims };
  const reasons = countReasons(statuses.values());
  addReason(reasons, 'Preemption is not helpful for scheduling', nodes.length - statuses.size);
  return { kind: 'hopeless', message: fitError(nodes.length, reasons) };
}

function whyIneligible({ pod, priority }: PodInfo, nodes: readonly NodeInfo[], rejections: ReadonlyMap<string, Rejection>): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = pod.status?.nominatedNodeName;
  if (!nominated || rejections.get(nominated)?.unresolvable) return undefined;
  const node = nodes.find(({ name }) => name === nominated);
  const waiting = [...(node?.pods.values() ?? [])].some((other) => other.priority < priority && isBeingPreempted(other));
  return waiting ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

function isBeingPreempted({ pod }: PodInfo): boolean {
  return Boolean(pod.metadata.deletionTimestamp) && (pod.status?.conditions ?? []).some(({ type, status, reason }) =>
    type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler');
}

/** The fewest and least important victims on a node: all of lower priority go, then as many as possible come back. */
function selectVictims(checks: PodChecks, node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Candidate | Rejection {
  const doomed = [...node.pods.values()].filter(({ priority }) => priority < checks.pod.priority);
  if (doomed.length === 0) {
    return { plugin: 'DefaultPreemption', reasons: ['No preemption victims found for incoming pod'], unresolvable: true };
  }
  const clone = node.clone();
  for (const pod of doomed) checks.remove(pod, clone);
  const rejection = checks.check(clone);
  const victims: PodInfo[] = [];
  let budgetViolations = 0;
  if (!rejection) {
    const { violating, others } = splitByBudget(doomed.sort(byImportance), budgets);
    for (const pod of [...violating, ...others]) {
      checks.add(pod, clone);
      if (!checks.check(clone)) continue;
      checks.remove(pod, clone);
      victims.push(pod);
      if (violating.includes(pod)) budgetViolations++;
    }
  }
  // The checks count over all nodes: they must forget what was tried out on this one.
  const restored = rejection ? doomed : victims;
  for (const pod of restored) checks.add(pod, clone);
  return rejection ?? { node: node.name, victims: victims.sort(byImportance), budgetViolations };
}

function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startOf(a) - startOf(b);
}

function startOf({ pod }: PodInfo): number {
  const start = pod.status?.startTime ?? pod.metadata.creationTimestamp;
  return start ? timeToMs(start) : 0;
}

function splitByBudget(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]): { violating: PodInfo[]; others: PodInfo[] } {
  const left = budgets.map(({ spec, metadata, status }) => ({
    namespace: metadata.namespace, selector: storedLabelSelector(spec?.selector), disrupted: status?.disruptedPods ?? {},
    allowed: status?.disruptionsAllowed ?? 0,
  }));
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    let violates = false;
    for (const budget of left) {
      const { namespace, selector, disrupted } = budget;
      const matches = namespace === pod.namespace && selector && !selector.empty && selector.matches(pod.labels);
      if (!matches || Object.hasOwn(disrupted, pod.pod.metadata.name ?? '')) continue;
      if (--budget.allowed < 0) violates = true;
    }
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}

/** Fewest budget violations, then the least important victims, then fewest, then the youngest. */
function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const ranks: readonly ((candidate: Candidate) => number)[] = [
    ({ budgetViolations }) => -budgetViolations,
    ({ victims }) => -victims[0]!.priority,
    ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ victims }) => -victims.length,
    ({ victims }) => Math.min(...victims.filter(({ priority }) => priority === victims[0]!.priority).map(startOf)),
  ];
  let best = candidates.filter(({ victims }) => victims.length > 0);
  for (const rank of ranks) {
    const most = Math.max(...best.map(rank));
    best = best.filter((candidate) => rank(candidate) === most);
  }
  return best[0];
}
