/** Which strategy each resource has. Resources that are not named here follow their facts alone. */
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { genericStrategy } from './generic-strategy.ts';
import { namespaceStrategy } from './namespaces.ts';
import { budgetStrategy, leaseStrategy } from './budgets-and-leases.ts';
import { configMapStrategy, secretStrategy } from './config.ts';
import { coreEventStrategy, eventsEventStrategy } from './events.ts';
import { nodeStrategy } from './nodes.ts';
import { podStrategy } from './pods.ts';
import { serviceStrategy } from './services.ts';

type StrategyFactory = (facts: ResourceFacts) => Strategy;

const strategies: Readonly<Record<string, StrategyFactory>> = {
  '/namespaces': namespaceStrategy,
  '/events': () => coreEventStrategy,
  'events.k8s.io/events': () => eventsEventStrategy,
  '/configmaps': configMapStrategy,
  '/nodes': nodeStrategy,
  '/secrets': secretStrategy,
  '/services': serviceStrategy,
  'coordination.k8s.io/leases': leaseStrategy,
  'policy/poddisruptionbudgets': budgetStrategy,
  '/pods': () => podStrategy as unknown as Strategy,
};

export function strategyOf(group: string, facts: ResourceFacts): Strategy {
  return (strategies[`${group}/${facts.resource}`] ?? genericStrategy)(facts);
}
