/** Which strategy each resource has. Resources that are not named here follow their facts alone. */
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { genericStrategy } from './generic-strategy.ts';
import { namespaceStrategy } from './namespaces.ts';
import { coreEventStrategy, eventsEventStrategy } from './events.ts';
import { podStrategy } from './pods.ts';

type StrategyFactory = (facts: ResourceFacts) => Strategy;

const strategies: Readonly<Record<string, StrategyFactory>> = {
  '/namespaces': namespaceStrategy,
  '/events': () => coreEventStrategy,
  'events.k8s.io/events': () => eventsEventStrategy,
  '/pods': () => podStrategy as unknown as Strategy,
};

export function strategyOf(group: string, facts: ResourceFacts): Strategy {
  return (strategies[`${group}/${facts.resource}`] ?? genericStrategy)(facts);
}
