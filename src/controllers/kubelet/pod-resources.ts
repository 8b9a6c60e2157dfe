/** How a Pod's status shows its requests and limits as a whole (kubelet_pods.go convertToAPIPodLevelResourcesStatus). */
import type { Container, Pod, PodSpec, ResourceRequirements } from '../../schema/core/v1.ts';
import { podLimits, podRequests, type ResourceTotals } from '../../schema/pod-resources.ts';
import { equal } from '../../lib/json.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';

/** `status.allocatedResources`; empty when nothing is requested. */
export const allocatedResources = (pod: Pod): Record<string, string> => toList(podRequests(pod.spec));

/** `status.resources`: what was asked for until the Pod runs, then what its cgroup says. */
export function podResourcesStatus(pod: Pod): ResourceRequirements {
  const requests = podRequests(pod.spec);
  const limits = podLimits(pod.spec);
  if (pod.status.phase !== 'Running') return requirements(requests, limits);
  const own = pod.spec.resources;
  return requirements(
    pick(requests, (name) => own?.requests?.[name] !== undefined || name === 'memory' || (name === 'cpu' && requests.get(name)!.milliValue() > 2n)),
    pick(limits, (name) => own?.limits?.[name] !== undefined || ((name === 'cpu' || name === 'memory') && isLimited(pod.spec, name))),
  );
}

/** The cgroup of a Pod has a limit only where all its containers have one. */
export function isLimited({ resources, containers, initContainers = [] }: PodSpec, name: string): boolean {
  return resources?.limits?.[name] !== undefined
    || [...containers, ...initContainers.filter(isSidecar)].every((container) => container.resources?.limits?.[name] !== undefined);
}

/** The resources of a Pod and of its containers by name. */
export interface PodResources {
  readonly pod: ResourceRequirements | undefined;
  readonly containers: ReadonlyMap<string, ResourceRequirements>;
}

/** What a Pod's spec asks for. */
export const resourcesOf = ({ spec }: Pod): PodResources => ({
  pod: spec.resources, containers: new Map([...(spec.initContainers ?? []), ...spec.containers].map(({ name, resources }) => [name, resources ?? {}])),
});

/** The Pod with other resources for itself and for some of its containers. */
export function withResources(pod: Pod, { pod: podLevel, containers: others }: PodResources): Pod {
  if (others.size === 0) return pod;
  const replaced = (containers: PodSpec['containers']) => containers.map((container) => {
    const other = others.get(container.name);
    return other ? { ...container, resources: other } : container;
  });
  const { initContainers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec, containers: replaced(pod.spec.containers), ...(initContainers ? { initContainers: replaced(initContainers) } : {}),
      ...(podLevel ? { resources: podLevel } : {}),
    },
  };
}

export const equalResources = (a: PodResources, b: PodResources): boolean => equal(a.pod, b.pod) && a.containers.size === b.containers.size
  && [...a.containers].every(([name, resources]) => equal(resources, b.containers.get(name)));

/** Of each resource the greater request. */
export function greaterResources(one: PodResources, other: PodResources): PodResources {
  const containers = [...one.containers].map(([name, resources]) => [name, greater(resources, other.containers.get(name))] as const);
  return { pod: one.pod && greater(one.pod, other.pod), containers: new Map(containers) };
}

/** The resources of a spec, as the events of a resize print them (kubelet/events/resize.go). */
export function resourcesSummary(pod: Pod, generation: number, error?: string): string {
  const of = (containers: readonly Container[]) => containers.map(({ name, resources }): { name: string; resources: ResourceRequirements } => ({ name, resources: resources ?? {} }));
  const inits = initContainersOf(pod);
  return JSON.stringify({
    ...(inits.length > 0 ? { initContainers: of(inits) } : {}), containers: of(pod.spec.containers), generation, ...(error === undefined ? {} : { error }),
  });
}

function greater(one: ResourceRequirements, other: ResourceRequirements | undefined): ResourceRequirements {
  const requests = { ...one.requests };
  for (const [name, amount] of Object.entries(other?.requests ?? {})) {
    if (requests[name] === undefined || parseQuantity(amount).cmp(parseQuantity(requests[name])) > 0) requests[name] = amount;
  }
  return { ...one, requests };
}

const toList = (totals: ResourceTotals): Record<string, string> =>
  Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, amount.canonical()]));

const pick = (totals: ResourceTotals, wanted: (name: string) => boolean): ResourceTotals => new Map([...totals].filter(([name]) => wanted(name)));

function requirements(requests: ResourceTotals, limits: ResourceTotals): ResourceRequirements {
  return {
    ...(limits.size > 0 ? { limits: toList(limits) } : {}),
    ...(requests.size > 0 ? { requests: toList(requests) } : {}),
  };
}
