/** PodDisruptionBudgets and Leases. */
import type { Lease } from '../../schema/coordination/v1.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateBudget, validateBudgetStatus, validateLease } from '../validation/budget-and-lease.ts';
import { genericStrategy } from './generic-strategy.ts';

const asBudget = (object: KubeObject): PodDisruptionBudget => object as unknown as PodDisruptionBudget;
const asLease = (object: KubeObject): Lease => object as unknown as Lease;

export const budgetStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  metadata: 'none',
  object: (object, errors) => validateBudget(asBudget(object), errors),
  status: (object, _old, errors) => validateBudgetStatus(asBudget(object), errors),
});

export function leaseStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    metadata: 'generic',
    object: (object, errors) => validateLease(asLease(object), errors),
    updateSteps: ['change', 'object'],
  });
  return {
    ...generic,
    prepareForCreate: dropDisabled,
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      dropDisabled(next);
    },
  };
}

/** Fields behind the gate CoordinatedLeaderElection, which is off. */
function dropDisabled(object: KubeObject): void {
  const { spec } = asLease(object);
  delete spec?.strategy;
  delete spec?.preferredHolder;
}
