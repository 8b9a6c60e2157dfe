/** Defaults of `spec.resources`, the resources of a whole Pod (feature PodLevelResources). */
import type { PodSpec } from '../../schema/core/v1.ts';
import { addAmount, addAmounts, fillMissing, raiseAmounts, type Amounts, type ResourceList } from './resource-list.ts';

type Kind = 'requests' | 'limits';

/**
 * Once a Pod states some resources of its own, the rest follows: limits of huge pages from the containers, requests from
 * the containers' requests, and else from the limits.
 */
export function defaultPodLevelResources(spec: PodSpec): void {
  const { resources } = spec;
  if (!resources) return;
  if (!isEmpty(resources.limits) || !isEmpty(resources.requests)) defaultHugePageLimits(spec, resources);
  if (isEmpty(resources.limits)) return;
  const requests: ResourceList = resources.requests ?? {};
  const overcommitted = [...aggregate(spec, 'requests')].filter(([name]) => name === 'cpu' || name === 'memory');
  fillMissing(requests, texts(overcommitted));
  fillMissing(requests, texts(Object.entries(resources.limits!).filter(([name]) => isSupported(name))));
  if (!isEmpty(requests)) resources.requests = requests;
}

function defaultHugePageLimits(spec: PodSpec, resources: { limits?: ResourceList; requests?: ResourceList }): void {
  const limits: ResourceList = resources.limits ?? {};
  const hugePages = [...aggregate(spec, 'limits')].filter(([name]) => isHugePages(name) && !Object.hasOwn(resources.requests ?? {}, name));
  fillMissing(limits, texts(hugePages));
  if (!isEmpty(limits)) resources.limits = limits;
}

/** What all containers together need: the sum of those that run side by side, or more if some init step needs more. */
function aggregate(spec: PodSpec, kind: Kind): Amounts {
  const running: Amounts = new Map();
  const sidecars: Amounts = new Map();
  const initPeak: Amounts = new Map();
  for (const { resources } of spec.containers ?? []) addAmounts(running, resources[kind]);
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    if (restartPolicy === 'Always') {
      addAmounts(running, resources[kind]);
      addAmounts(sidecars, resources[kind]);
      raiseAmounts(initPeak, sidecars);
    } else {
      const step: Amounts = new Map();
      addAmounts(step, resources[kind]);
      for (const [name, amount] of sidecars) addAmount(step, name, amount);
      raiseAmounts(initPeak, step);
    }
  }
  raiseAmounts(running, initPeak);
  return running;
}

const texts = (entries: readonly (readonly [string, unknown])[]): ResourceList =>
  Object.fromEntries(entries.map(([name, amount]) => [name, String(amount)]));
const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isSupported = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);
const isEmpty = (list: ResourceList | undefined): boolean => Object.keys(list ?? {}).length === 0;
