import { notSupported, required, type FieldError } from '../../field-error.ts';

const policies = ['Always', 'IfNotPresent', 'Never'];

/** When an image is pulled: of a container or of an image volume. */
export function validatePullPolicy(policy: string | undefined, path: string, errors: FieldError[]): void {
  if (!policy) errors.push(required(path));
  else if (!policies.includes(policy)) errors.push(notSupported(path, policy, policies));
}
