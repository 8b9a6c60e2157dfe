/** Ingresses and IngressClasses (pkg/registry/networking). */
import type { Ingress, IngressClass } from '../../schema/networking/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateIngressClass } from '../validation/ingress-class.ts';
import { validateClassAnnotation, validateIngress, validateIngressStatus } from '../validation/ingress.ts';
import { validateImmutable } from '../validation/rules.ts';
import { genericStrategy } from './generic-strategy.ts';

const asIngress = (object: KubeObject): Ingress => object as unknown as Ingress;
const asClass = (object: KubeObject): IngressClass => object as unknown as IngressClass;
const deprecatedAnnotation = 'kubernetes.io/ingress.class';

export function ingressStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateIngress(asIngress(object), errors),
    updateSteps: ['change', 'metadata', 'object'],
    status: (next, old, errors) => validateIngressStatus(asIngress(next), asIngress(old), errors),
  });
  return {
    ...generic,
    validateCreate: (object, context) => {
      const errors = generic.validateCreate?.(object, context) ?? [];
      validateClassAnnotation(asIngress(object), errors);
      return errors;
    },
    warningsOnCreate: (object) => (
      Object.hasOwn(object.metadata.annotations ?? {}, deprecatedAnnotation) && asIngress(object).spec?.ingressClassName === undefined
      ? [`annotation "${deprecatedAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`] : []),
  };
}

export const ingressClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateIngressClass(asClass(object), errors),
  update: (next, old, errors) => {
    validateImmutable(asClass(next).spec?.controller ?? '', asClass(old).spec?.controller ?? '', 'spec.controller', errors);
  },
  updateSteps: ['change', 'update', 'metadata', 'object'],
});
