/**
 * What a pod asks of a node: the sums over its containers that scheduling, quota, limits and validation share
 * (component-helpers/resource/helpers.go). Init containers run one after another, so they count by their greatest;
 * sidecars (restartPolicy Always) run beside everything that starts after them.
 */
import type { Container, PodSpec } from './core/v1.ts';
import { parseQuantity, type Quantity } from './values/quantity.ts';

/** Quantities by resource name. */
export type ResourceTotals = Map<string, Quantity>;
type ResourceList = Readonly<Record<string, string>> | undefined;
type Side = 'requests' | 'limits';

/** The resources that may be set on the pod as a whole, besides huge pages of any size. */
export const isPodLevelResource = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/** The pod's requests: its containers', replaced by pod-level ones where set, with the overhead of its runtime class. */
export function podRequests(spec: PodSpec): ResourceTotals {
  const requests = aggregateContainers(spec, 'requests');
  replacePodLevel(requests, spec.resources?.requests);
  add(requests, spec.overhead);
  return requests;
}

/** The pod's limits; overhead counts only where there is a limit. */
export function podLimits(spec: PodSpec): ResourceTotals {
  const limits = aggregateContainers(spec, 'limits');
  replacePodLevel(limits, spec.resources?.limits);
  for (const [name, text] of Object.entries(spec.overhead ?? {})) {
    const limit = limits.get(name);
    if (limit && !limit.isZero()) limits.set(name, limit.add(parseQuantity(text)));
  }
  return limits;
}

/** The containers' requests or limits together, without pod-level values and overhead. */
export function aggregateContainers(spec: PodSpec, side: Side): ResourceTotals {
  const total: ResourceTotals = new Map();
  for (const container of spec.containers ?? []) add(total, container.resources?.[side]);
  const sidecars: ResourceTotals = new Map();
  const initPeak: ResourceTotals = new Map();
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      add(total, container.resources?.[side]);
      add(sidecars, container.resources?.[side]);
      raise(initPeak, sidecars);
    } else {
      const running: ResourceTotals = new Map(sidecars);
      add(running, container.resources?.[side]);
      raise(initPeak, running);
    }
  }
  raise(total, initPeak);
  return total;
}

/** An init container that keeps running beside the others. */
export const isSidecar = (container: Pick<Container, 'restartPolicy'>): boolean => container.restartPolicy === 'Always';

function replacePodLevel(totals: ResourceTotals, list: ResourceList): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    if (isPodLevelResource(name)) totals.set(name, parseQuantity(text));
  }
}

function add(totals: ResourceTotals, list: ResourceList): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    const sum = totals.get(name);
    totals.set(name, sum ? sum.add(quantity) : quantity);
  }
}

function raise(totals: ResourceTotals, others: ResourceTotals): void {
  for (const [name, quantity] of others) {
    const known = totals.get(name);
    if (!known || quantity.cmp(known) > 0) totals.set(name, quantity);
  }
}
