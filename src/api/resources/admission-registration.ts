/** Webhooks, admission policies and their bindings (pkg/registry/admissionregistration). All are judged without the rules of built-in metadata. */
import type {
  MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, MutatingWebhookConfiguration, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
} from '../../schema/admissionregistration/v1.ts';
import { equal } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import {
  validateMutatingBinding, validateMutatingPolicy, validatePolicyStatus, validateValidatingBinding, validateValidatingPolicy,
} from '../validation/admission-policy.ts';
import { validateWebhooks } from '../validation/webhook-configuration.ts';
import { genericStrategy } from './generic-strategy.ts';

const staticSuffix = '.static.k8s.io';
const reservedName = `metadata.name: names ending with "${staticSuffix}" are reserved for static manifest-based configurations and cannot be managed via the API`;
const nameWarnings = ({ metadata }: KubeObject): string[] => (metadata.name?.endsWith(staticSuffix) ? [reservedName] : []);

/** An update is judged like a new object, by rules that may look at the stored one. */
function strategy(facts: ResourceFacts, judge: (object: KubeObject, old: KubeObject | undefined, errors: FieldError[]) => void): Strategy {
  return genericStrategy(facts, {
    metadata: 'generic',
    object: (object, errors) => judge(object, undefined, errors),
    update: judge,
    updateSteps: ['metadata', 'update'],
    status: (next, _old, errors) => validatePolicyStatus(next as unknown as ValidatingAdmissionPolicy, errors),
  }, { warningsOnCreate: nameWarnings, warningsOnUpdate: nameWarnings });
}

type Policy = ValidatingAdmissionPolicy & MutatingAdmissionPolicy;

/** Whether the match conditions mean what those of the stored policy meant. */
function keepsConditions(policy: KubeObject, stored: KubeObject | undefined): boolean {
  const [{ spec }, old] = [policy as unknown as Policy, (stored as unknown as Policy | undefined)?.spec];
  return old !== undefined && equal(spec.paramKind, old.paramKind) && equal(spec.matchConditions ?? [], old.matchConditions ?? []);
}

export const webhooksStrategy = (facts: ResourceFacts): Strategy => strategy(facts, (object, old, errors) =>
  validateWebhooks(object as unknown as MutatingWebhookConfiguration, old as unknown as MutatingWebhookConfiguration | undefined, errors));

export const validatingPolicyStrategy = (facts: ResourceFacts): Strategy => strategy(facts, (object, old, errors) =>
  validateValidatingPolicy(object as unknown as ValidatingAdmissionPolicy, keepsConditions(object, old), errors));

export const mutatingPolicyStrategy = (facts: ResourceFacts): Strategy => strategy(facts, (object, old, errors) =>
  validateMutatingPolicy(object as unknown as MutatingAdmissionPolicy, keepsConditions(object, old), errors));

export const validatingBindingStrategy = (facts: ResourceFacts): Strategy => strategy(facts, (object, _old, errors) =>
  validateValidatingBinding(object as unknown as ValidatingAdmissionPolicyBinding, errors));

export const mutatingBindingStrategy = (facts: ResourceFacts): Strategy => strategy(facts, (object, _old, errors) =>
  validateMutatingBinding(object as unknown as MutatingAdmissionPolicyBinding, errors));
