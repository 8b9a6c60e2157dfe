/** PriorityClasses (pkg/apis/scheduling/validation). */
import type { PriorityClass } from '../../schema/scheduling/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { forbidden, type FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { validatePreemptionPolicy } from '../validation/preemption-policy.ts';
import { validateImmutable } from '../validation/rules.ts';
import { genericStrategy } from './generic-strategy.ts';

/** The classes that the API server makes itself, and what they are worth. */
const systemClasses: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };
const userPriorityMax = 1_000_000_000;

export const priorityClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validatePriorityClass(object as unknown as PriorityClass, errors),
  update: (next: KubeObject, old: KubeObject, errors) => {
    const [now, before] = [next as unknown as PriorityClass, old as unknown as PriorityClass];
    if (now.value !== before.value) errors.push(forbidden('value', 'may not be changed in an update.'));
    validateImmutable(now.preemptionPolicy, before.preemptionPolicy, 'preemptionPolicy', errors);
  },
  updateSteps: ['change', 'update'],
});

function validatePriorityClass({ metadata, value, preemptionPolicy }: PriorityClass, errors: FieldError[]): void {
  const name = metadata?.name ?? '';
  if (name.startsWith('system-')) {
    const why = Object.hasOwn(systemClasses, name)
      ? systemClasses[name] === value ? undefined : `value of ${name} PriorityClass must be ${systemClasses[name]}`
      : `${name} is not a known system priority class`;
    if (why) {
      errors.push(forbidden('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`));
    }
  } else if (value > userPriorityMax) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${userPriorityMax}`));
  }
  validatePreemptionPolicy(preemptionPolicy, 'preemptionPolicy', errors);
}
