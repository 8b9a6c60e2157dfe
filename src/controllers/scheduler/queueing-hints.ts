/**
 * Which changes in the cluster may make a rejected Pod fit, filter by filter. A Pod that waits is tried again only then.
 * Upstream: the QueueingHintFn of each plugin.
 */
import { equal } from '../../lib/json.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import { requiredNodeTest, schedulingEffects, untoleratedTaint } from '../node-matching.ts';
import { portsConflict, sameSpec, termMatches, type AffinityTerm, type PodInfo } from './pod-info.ts';
import { amountsOfList, type Amounts } from './resources.ts';
import { spreadConstraints, type SpreadConstraint } from './spread-constraints.ts';

export type ClusterEvent =
  /** `previous` is undefined for a node that is new. */
  | { readonly type: 'node'; readonly node: Node; readonly previous: Node | undefined }
  | { readonly type: 'nodeGone'; readonly previous: Node }
  | PodEvent
  | { readonly type: 'volumes' };

/** A Pod has come to a node, left it, or changed labels or requests there. */
interface PodEvent {
  readonly type: 'pod';
  readonly pod: PodInfo | undefined;
  readonly previous: PodInfo | undefined;
}

export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

type Hint = (pod: PodInfo, event: ClusterEvent, namespaceLabels: NamespaceLabels) => boolean;

const volumeHint: Hint = (_pod, event) => event.type === 'volumes' || event.type === 'node';

const hints: Readonly<Record<string, Hint>> = {
  NodeUnschedulable: (_pod, event) => event.type === 'node' && !event.node.spec?.unschedulable
    && (!event.previous || event.previous.spec?.unschedulable === true),
  NodeName: ({ pod }, event) => event.type === 'node' && !event.previous && event.node.metadata.name === pod.spec?.nodeName,
  TaintToleration: ({ tolerations }, event) => becomes(event, (node) =>
    untoleratedTaint(node.spec?.taints ?? [], tolerations, schedulingEffects) === undefined),
  NodeAffinity: ({ pod }, event) => becomes(event, requiredNodeTest(pod) ?? (() => true)),
  NodePorts: ({ hostPorts }, event) => isNewNode(event) || (leaves(event)?.hostPorts ?? [])
    .some((freed) => hostPorts.some((port) => portsConflict(port, freed))),
  NodeResourcesFit: resourcesHint,
  VolumeRestrictions: (_pod, event) => leaves(event) !== undefined || event.type === 'volumes',
  VolumeBinding: volumeHint,
  VolumeZone: volumeHint,
  PodTopologySpread: spreadHint,
  InterPodAffinity: affinityHint,
};

/** True when the event may undo the verdict of one of these filters. A Pod that none of them rejected is always tried. */
export function mayHelp(pod: PodInfo, rejectedBy: ReadonlySet<string>, event: ClusterEvent, namespaceLabels: NamespaceLabels): boolean {
  if (rejectedBy.size === 0) return true;
  for (const plugin of rejectedBy) if (hints[plugin]?.(pod, event, namespaceLabels)) return true;
  return false;
}

/** True when a change of the waiting Pod itself may undo the verdict of one of these filters. */
export function updateMayHelp(rejectedBy: ReadonlySet<string>, pod: PodInfo, previous: PodInfo): boolean {
  if (sameSpec(pod.pod, previous)) return false;
  const differs = <T>(part: (pod: Pod) => T) => !equal(part(pod.pod), part(previous.pod));
  const tolerations = () => differs(({ spec }) => spec?.tolerations);
  const labels = () => differs(({ metadata }) => metadata.labels);
  const changed: Readonly<Record<string, () => boolean>> = {
    TaintToleration: tolerations,
    NodeUnschedulable: tolerations,
    NodeResourcesFit: () => differs(({ spec }) => [spec?.containers, spec?.resources]),
    NodeAffinity: () => differs(({ spec }) => [spec?.nodeSelector, spec?.affinity]),
    PodTopologySpread: labels,
    InterPodAffinity: labels,
  };
  return rejectedBy.size === 0 || [...rejectedBy].some((plugin) => changed[plugin]?.() === true);
}

/** True for a node that passes the test and did not before. */
function becomes(event: ClusterEvent, test: (node: Node) => boolean): boolean {
  return event.type === 'node' && test(event.node) && !(event.previous && test(event.previous));
}

const isNewNode = (event: ClusterEvent): boolean => event.type === 'node' && event.previous === undefined;

/** The Pod that has left its node. */
function leaves(event: ClusterEvent): PodInfo | undefined {
  return event.type === 'pod' && event.pod === undefined ? event.previous : undefined;
}

function resourcesHint({ requests }: PodInfo, event: ClusterEvent): boolean {
  if (event.type === 'pod') {
    if (!event.previous) return false;
    return event.pod === undefined || anyGreater(event.previous.requests, event.pod.requests, requests);
  }
  if (event.type !== 'node') return false;
  const after = amountsOfList(event.node.status?.allocatable);
  if (!covers(after, requests)) return false;
  if (!event.previous) return true;
  const before = amountsOfList(event.previous.status?.allocatable);
  return anyGreater(after, before, requests) || (after.others.get('pods') ?? 0) > (before.others.get('pods') ?? 0);
}

/** True when one of the `relevant` amounts is greater in `a` than in `b`. */
function anyGreater(a: Amounts, b: Amounts, relevant: Amounts): boolean {
  return (relevant.cpu > 0 && a.cpu > b.cpu) || (relevant.memory > 0 && a.memory > b.memory)
    || (relevant.ephemeralStorage > 0 && a.ephemeralStorage > b.ephemeralStorage)
    || [...relevant.others.keys()].some((name) => (a.others.get(name) ?? 0) > (b.others.get(name) ?? 0));
}

function covers(size: Amounts, requests: Amounts): boolean {
  return requests.cpu <= size.cpu && requests.memory <= size.memory && requests.ephemeralStorage <= size.ephemeralStorage
    && [...requests.others].every(([name, amount]) => amount <= (size.others.get(name) ?? 0));
}

function spreadHint(pod: PodInfo, event: ClusterEvent): boolean {
  const constraints = spreadConstraints(pod, 'DoNotSchedule', 'QueueingHintFn returns error');
  if (event.type === 'pod') return spreadHintOfPod(pod.namespace, constraints, event);
  const hasKeys = (node: Node | undefined) => node !== undefined
    && constraints.every(({ topologyKey }) => Object.hasOwn(node.metadata.labels ?? {}, topologyKey));
  if (event.type === 'nodeGone') return hasKeys(event.previous);
  if (event.type !== 'node' || !hasKeys(event.node)) return false;
  return !event.previous || constraints.some(({ topologyKey }) =>
    event.previous!.metadata.labels?.[topologyKey] !== event.node.metadata.labels?.[topologyKey]);
}

/** A Pod begins or ceases to count for one of the constraints. */
function spreadHintOfPod(namespace: string, constraints: readonly SpreadConstraint[], { pod, previous }: PodEvent): boolean {
  if ((pod ?? previous)?.namespace !== namespace) return false;
  const counts = ({ selector }: SpreadConstraint, other: PodInfo | undefined) => other !== undefined && selector?.matches(other.labels) === true;
  return constraints.some((constraint) => counts(constraint, pod) !== counts(constraint, previous));
}

function affinityHint(pod: PodInfo, event: ClusterEvent, namespaceLabels: NamespaceLabels): boolean {
  if (event.type === 'pod') return affinityHintOfPod(pod, event, namespaceLabels);
  if (event.type !== 'node') return false;
  const { node, previous } = event;
  const label = (of: Node | undefined, { topologyKey }: AffinityTerm) => of?.metadata.labels?.[topologyKey];
  const moves = (term: AffinityTerm) => label(previous, term) !== undefined && label(node, term) !== undefined && label(previous, term) !== label(node, term);
  return pod.affinity.some((term) => moves(term) || (label(previous, term) === undefined && label(node, term) !== undefined))
    || pod.antiAffinity.some((term) => !previous || moves(term) || (label(previous, term) !== undefined && label(node, term) === undefined));
}

/** A Pod that is wanted comes, or one that is not, on either side, goes. */
function affinityHintOfPod(waiting: PodInfo, { pod, previous }: PodEvent, namespaceLabels: NamespaceLabels): boolean {
  const match = (terms: readonly AffinityTerm[], other: PodInfo) => terms.length > 0 && terms.every((term) => termMatches(term, other, namespaceLabels));
  const wants = (other: PodInfo) => match(waiting.affinity, other);
  const shuns = (other: PodInfo) => match(waiting.antiAffinity, other);
  if (pod && previous) return (!wants(previous) && wants(pod)) || (shuns(previous) && !shuns(pod));
  if (pod) return wants(pod);
  return previous !== undefined && (shuns(previous) || match(previous.antiAffinity, waiting));
}
