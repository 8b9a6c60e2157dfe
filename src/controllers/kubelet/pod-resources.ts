/** Requests and limits of a whole Pod, and how its status shows them (component-helpers/resource, kubelet_pods.go). */
import type { Container, Pod, ResourceRequirements } from '../../schema/core/v1.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';

export type ResourceList = Record<string, string>;
type Amounts = Map<string, Quantity>;

/** What a Pod counts for on its node: containers and sidecars together, or the peak while it initializes. */
export const podRequests = (pod: Pod): ResourceList => toList(total(pod, 'requests'));
export const podLimits = (pod: Pod): ResourceList => toList(total(pod, 'limits'));

/** `status.resources`: what was asked for until the Pod runs, then what its cgroup says (convertToAPIPodLevelResourcesStatus). */
export function podResourcesStatus(pod: Pod): ResourceRequirements {
  const requests = total(pod, 'requests');
  const limits = total(pod, 'limits');
  if (pod.status.phase !== 'Running') return requirements(requests, limits);
  const all = pod.spec.containers.concat(initContainersOf(pod).filter(isSidecar));
  const limited = (name: string) => pod.spec.resources?.limits?.[name] !== undefined
    || all.every((container) => container.resources?.limits?.[name] !== undefined);
  const own = pod.spec.resources;
  return requirements(
    merged(fromList(own?.requests), pick(requests, (name) => name === 'memory' || (name === 'cpu' && requests.get(name)!.milliValue() > 2n))),
    merged(fromList(own?.limits), pick(limits, (name) => (name === 'cpu' || name === 'memory') && limited(name))),
  );
}

type Kind = 'requests' | 'limits';

function total(pod: Pod, kind: Kind): Amounts {
  const of = (container: Container) => fromList(container.resources?.[kind]);
  let sum: Amounts = new Map();
  for (const container of pod.spec.containers) sum = plus(sum, of(container));
  let sidecars: Amounts = new Map();
  let peak: Amounts = new Map();
  for (const container of initContainersOf(pod)) {
    if (isSidecar(container)) {
      sum = plus(sum, of(container));
      sidecars = plus(sidecars, of(container));
      peak = atLeast(peak, sidecars);
    } else {
      peak = atLeast(peak, plus(of(container), sidecars));
    }
  }
  sum = atLeast(sum, peak);
  for (const [name, amount] of fromList(pod.spec.resources?.[kind])) sum.set(name, amount);
  for (const [name, amount] of fromList(pod.spec.overhead)) {
    const before = sum.get(name);
    if (before) sum.set(name, before.add(amount));
    else if (kind === 'requests') sum.set(name, amount);
  }
  return sum;
}

const fromList = (list: Record<string, string> | undefined): Amounts =>
  new Map(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text)]));

const toList = (amounts: Amounts): ResourceList =>
  Object.fromEntries([...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, amount.canonical()]));

function plus(a: Amounts, b: Amounts): Amounts {
  const sum = new Map(a);
  for (const [name, amount] of b) sum.set(name, sum.get(name)?.add(amount) ?? amount);
  return sum;
}

function atLeast(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, amount] of b) {
    const other = most.get(name);
    if (!other || amount.cmp(other) > 0) most.set(name, amount);
  }
  return most;
}

const pick = (amounts: Amounts, wanted: (name: string) => boolean): Amounts =>
  new Map([...amounts].filter(([name]) => wanted(name)));

const merged = (a: Amounts, b: Amounts): Amounts => new Map([...a, ...b]);

function requirements(requests: Amounts, limits: Amounts): ResourceRequirements {
  return {
    ...(limits.size > 0 ? { limits: toList(limits) } : {}),
    ...(requests.size > 0 ? { requests: toList(requests) } : {}),
  };
}
