/** Amounts of resources as plain numbers: CPU in thousandths, all else in whole units (bytes, pieces). */
import type { Pod, PodSpec } from '../../schema/core/v1.ts';
import { podRequests, type ResourceTotals } from '../../schema/pod-resources.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';

export interface Amounts {
  cpu: number;
  memory: number;
  ephemeralStorage: number;
  /** Extended resources and huge pages by name. */
  readonly others: Map<string, number>;
}

/** What a container without requests counts for when nodes are scored (never when they are filtered). */
const assumedCpu = '100m';
const assumedMemory = '200Mi';

export const noAmounts = (): Amounts => ({ cpu: 0, memory: 0, ephemeralStorage: 0, others: new Map() });

/** What a Pod asks for. */
export function requestsOf(pod: Pod): Amounts {
  return pod.spec ? amountsOf(podRequests(pod.spec)) : noAmounts();
}

/** CPU and memory that a Pod counts for in scores. */
export function assumedRequestsOf(pod: Pod): { cpu: number; memory: number } {
  const { spec } = pod;
  if (!spec) return { cpu: 0, memory: 0 };
  const { cpu, memory } = amountsOf(podRequests({
    ...spec,
    containers: (spec.containers ?? []).map(withAssumedRequests),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(withAssumedRequests) } : {}),
  }));
  return { cpu, memory };
}

type SpecContainer = NonNullable<PodSpec['containers']>[number];

function withAssumedRequests<C extends SpecContainer>(container: C): C {
  const requests = container.resources?.requests ?? {};
  if (requests['cpu'] !== undefined && requests['memory'] !== undefined) return container;
  return { ...container, resources: { ...container.resources, requests: { cpu: assumedCpu, memory: assumedMemory, ...requests } } };
}

/** A ResourceList (`status.allocatable`) as amounts. */
export function amountsOfList(list: Readonly<Record<string, string>> | undefined): Amounts {
  return amountsOf(new Map(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text)])));
}

function amountsOf(totals: ResourceTotals): Amounts {
  const amounts = noAmounts();
  for (const [name, quantity] of totals) {
    switch (name) {
      case 'cpu': amounts.cpu = Number(quantity.milliValue()); break;
      case 'memory': amounts.memory = Number(quantity.value()); break;
      case 'ephemeral-storage': amounts.ephemeralStorage = Number(quantity.value()); break;
      default: amounts.others.set(name, Number(quantity.value()));
    }
  }
  return amounts;
}

/** Adds `sign` times `other` to `total`. */
export function addAmounts(total: Amounts, other: Amounts, sign: 1 | -1): void {
  total.cpu += sign * other.cpu;
  total.memory += sign * other.memory;
  total.ephemeralStorage += sign * other.ephemeralStorage;
  for (const [name, amount] of other.others) total.others.set(name, (total.others.get(name) ?? 0) + sign * amount);
}
