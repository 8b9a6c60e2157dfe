/** NetworkPolicies (pkg/registry/networking/networkpolicy). */
import type { NetworkPolicy } from '../../schema/networking/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { holdsEmptied } from '../codec/emptied.ts';
import type { FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { warningsForCIDR } from '../validation/cidrs.ts';
import { peersOf, validateNetworkPolicy } from '../validation/network-policy.ts';
import { validateObjectMetaUpdate } from '../validation/object-meta.ts';
import { genericStrategy, raiseGeneration } from './generic-strategy.ts';

const asPolicy = (object: KubeObject): NetworkPolicy => object as unknown as NetworkPolicy;

export function networkPolicyStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, { object: (object, errors) => validateNetworkPolicy(asPolicy(object), undefined, errors) }, own);
  return {
    ...generic,
    // Upstream compares with reflect.DeepEqual, to which an empty list is not what it stored.
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      if (holdsEmptied(next['spec'])) raiseGeneration(next, old);
    },
  };
}

const own: Partial<Strategy> = {
  validateUpdate: (next, old) => {
    const errors: FieldError[] = [];
    validateObjectMetaUpdate(next.metadata, old.metadata, errors);
    validateNetworkPolicy(asPolicy(next), asPolicy(old), errors);
    return errors;
  },
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
};

function warnings(object: KubeObject): string[] {
  return [...peersOf(asPolicy(object))].flatMap(([{ ipBlock }, path]) => {
    if (!ipBlock) return [];
    const { cidr, except = [] } = ipBlock;
    return [
      ...warningsForCIDR(cidr, `${path}.ipBlock.cidr`),
      ...except.flatMap((value, i) => warningsForCIDR(value, `${path}.ipBlock.except[${i}]`)),
    ];
  });
}
