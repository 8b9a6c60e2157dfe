/** The quality-of-service class of a pod: who is evicted last (pkg/apis/core/helper/qos). */
import type { PodSpec, ResourceRequirements } from './core/v1.ts';
import { parseQuantity, type Quantity } from './values/quantity.ts';

export type QOSClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const computeResources = ['cpu', 'memory'] as const;

/** Computes the class from cpu and memory of all containers, or of the pod where it has resources of its own. */
export function podQOSClass(spec: PodSpec): QOSClass {
  const parts: readonly (ResourceRequirements | undefined)[] = spec.resources
    ? [spec.resources] : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.resources);
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  let allLimited = true;
  for (const resources of parts) {
    addPositive(requests, resources?.requests);
    const limited = addPositive(limits, resources?.limits);
    // Pod-level resources without any limits are judged by the comparison below.
    if (limited < computeResources.length && !(spec.resources && !resources?.limits)) allLimited = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const equal = requests.size === limits.size
    && [...requests].every(([name, request]) => limits.get(name)?.cmp(request) === 0);
  return allLimited && equal ? 'Guaranteed' : 'Burstable';
}

/** Adds cpu and memory above zero; answers how many of the two there were. */
function addPositive(totals: Map<string, Quantity>, list: Readonly<Record<string, string>> | undefined): number {
  let found = 0;
  for (const name of computeResources) {
    const text = list?.[name];
    const quantity = text === undefined ? undefined : parseQuantity(text);
    if (!quantity || quantity.sign() <= 0) continue;
    const sum = totals.get(name);
    totals.set(name, sum ? sum.add(quantity) : quantity);
    found++;
  }
  return found;
}
