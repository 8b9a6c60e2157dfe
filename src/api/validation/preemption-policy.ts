/** Whether Pods may push out others (pkg/apis/core/validation ValidatePreemptionPolicy): of Pods and of PriorityClasses. */
import { notSupported, required, type FieldError } from '../field-error.ts';

const policies = ['PreemptLowerPriority', 'Never'];

export function validatePreemptionPolicy(policy: string | undefined, path: string, errors: FieldError[]): void {
  if (policy === '') errors.push(required(path));
  else if (policy !== undefined && !policies.includes(policy)) errors.push(notSupported(path, policy, policies));
}
