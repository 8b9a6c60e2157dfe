/** A Pod as the scheduler sees it: what filters and scores ask for again and again, worked out once per version of the Pod. */
import { equal } from '../../lib/json.ts';
import type { Pod, PodAffinityTerm, Toleration, WeightedPodAffinityTerm } from '../../schema/core/v1.ts';
import { fromLabelSelector, LabelSelectorError, type LabelSelector } from '../../schema/values/label-selector.ts';
import { assumedRequestsOf, requestsOf, type Amounts } from './resources.ts';

export interface HostPort {
  /** Empty or `0.0.0.0`: every address. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** A required term of pod affinity or anti-affinity, ready to match Pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelector | undefined;
  /** Empty with a namespace selector: only what the selector says. */
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: LabelSelector | undefined;
}

export interface WeightedAffinityTerm extends AffinityTerm {
  readonly weight: number;
}

export interface PodInfo {
  readonly pod: Pod;
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly requests: Amounts;
  readonly assumedRequests: { readonly cpu: number; readonly memory: number };
  readonly hostPorts: readonly HostPort[];
  readonly tolerations: readonly Toleration[];
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedAffinityTerm[];
  readonly preferredAntiAffinity: readonly WeightedAffinityTerm[];
  /** What is wrong with stored terms; lists with such a term are empty (framework/types.go PodInfo.Update). */
  readonly affinityError: string | undefined;
}

const known = new WeakMap<Pod, PodInfo>();

/** The description of a Pod (of this version of it). From an earlier version is taken what can't have changed. */
export function podInfo(pod: Pod, earlier?: PodInfo): PodInfo {
  let info = known.get(pod);
  if (!info) {
    info = earlier && sameSpec(pod, earlier) ? Object.assign({}, earlier, { pod }) : describe(pod);
    known.set(pod, info);
  }
  return info;
}

/** True when only the status, the node or metadata that does not count here differ. */
export function sameSpec({ metadata }: Pod, { pod: earlier, labels }: PodInfo): boolean {
  return metadata.uid === earlier.metadata.uid && metadata.generation !== undefined
    && metadata.generation === earlier.metadata.generation && equal(metadata.labels ?? {}, labels);
}

function describe(pod: Pod): PodInfo {
  const { namespace = '', name = '', labels = {} } = pod.metadata;
  const affinity = pod.spec?.affinity;
  const term = (one: PodAffinityTerm) => affinityTerm(one, namespace, labels);
  const errors: string[] = [];
  const parsed = <T, R>(name: string, terms: readonly T[] | undefined, parse: (one: T) => R): R[] => {
    try {
      return (terms ?? []).map(parse);
    } catch (error) {
      if (!(error instanceof LabelSelectorError)) throw error;
      errors.push(`${name}: ${error.message}`);
      return [];
    }
  };
  const weighted = ({ weight, podAffinityTerm }: WeightedPodAffinityTerm) => ({ ...term(podAffinityTerm), weight });
  const [together, apart] = [affinity?.podAffinity, affinity?.podAntiAffinity];
  return {
    pod, key: `${namespace}/${name}`, namespace, labels,
    priority: pod.spec?.priority ?? 0,
    requests: requestsOf(pod),
    assumedRequests: assumedRequestsOf(pod),
    hostPorts: hostPortsOf(pod),
    tolerations: pod.spec?.tolerations ?? [],
    affinity: parsed('requiredAffinityTerms', together?.requiredDuringSchedulingIgnoredDuringExecution, term),
    antiAffinity: parsed('requiredAntiAffinityTerms', apart?.requiredDuringSchedulingIgnoredDuringExecution, term),
    preferredAffinity: parsed('preferredAffinityTerms', together?.preferredDuringSchedulingIgnoredDuringExecution, weighted),
    preferredAntiAffinity: parsed('preferredAntiAffinityTerms', apart?.preferredDuringSchedulingIgnoredDuringExecution, weighted),
    affinityError: errors.length > 1 ? `[${errors.join(', ')}]` : errors[0],
  };
}

function affinityTerm(term: PodAffinityTerm, ownNamespace: string, ownLabels: Readonly<Record<string, string>>): AffinityTerm {
  const { labelSelector, namespaces = [], namespaceSelector, topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  // The API server merges both kinds of keys into the selector; Pods made without it may still carry them bare.
  const merged = new Set((labelSelector?.matchExpressions ?? []).map(({ key }) => key));
  const missing = (keys: readonly string[]) => keys.filter((key) => !merged.has(key) && Object.hasOwn(ownLabels, key));
  const selector = labelSelector && {
    ...labelSelector,
    matchExpressions: [
      ...(labelSelector.matchExpressions ?? []),
      ...missing(matchLabelKeys).map((key) => ({ key, operator: 'In', values: [ownLabels[key]!] })),
      ...missing(mismatchLabelKeys).map((key) => ({ key, operator: 'NotIn', values: [ownLabels[key]!] })),
    ],
  };
  return {
    topologyKey,
    selector: fromLabelSelector(selector),
    namespaces: new Set(namespaces.length === 0 && !namespaceSelector ? [ownNamespace] : namespaces),
    namespaceSelector: fromLabelSelector(namespaceSelector),
  };
}

/** True when the term selects `pod`. `namespaceLabels` finds the labels of a namespace. */
export function termMatches(
  term: AffinityTerm, pod: PodInfo, namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined,
): boolean {
  if (!term.selector) return false;
  const inNamespace = term.namespaces.has(pod.namespace)
    || (term.namespaceSelector !== undefined && term.namespaceSelector.matches(namespaceLabels(pod.namespace)));
  return inNamespace && term.selector.matches(pod.labels);
}

/** Host ports of all containers and sidecars; under hostNetwork the API server has copied containerPort to hostPort. */
function hostPortsOf(pod: Pod): HostPort[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) => ports
    .filter(({ hostPort }) => hostPort !== undefined && hostPort > 0)
    .map(({ hostIP = '', protocol = 'TCP', hostPort }) => ({ ip: hostIP, protocol, port: hostPort! })));
}

const anyAddress = (ip: string) => ip === '' || ip === '0.0.0.0';

/** True when both ports can't be open on one machine. */
export function portsConflict(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (anyAddress(a.ip) || anyAddress(b.ip) || a.ip === b.ip);
}
