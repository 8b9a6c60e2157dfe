/** `spec.resourceClaims`. */
import { PodResourceClaim as PodResourceClaimType, type PodResourceClaim } from '../../../schema/core/v1.ts';
import { duplicate, forbidden, invalid, required, type FieldError } from '../../field-error.ts';
import { internalForm } from '../internal-form.ts';
import { dns1123Label, nameIsDNSSubdomain } from '../names.ts';
import { invalidForEach } from '../rules.ts';

/** `isMirror`: a static pod's image in the API, which cannot have claims. */
export function validateResourceClaims(
  claims: readonly PodResourceClaim[] | undefined, isMirror: boolean, path: string, errors: FieldError[],
): void {
  const names = new Set<string>();
  claims?.forEach((claim, i) => {
    if (isMirror) errors.push(forbidden('', 'static pods do not support resource claims'));
    else validateResourceClaim(claim, names, `${path}[${i}]`, errors);
  });
}

function validateResourceClaim(claim: PodResourceClaim, names: Set<string>, path: string, errors: FieldError[]): void {
  const { name, resourceClaimName, resourceClaimTemplateName } = claim;
  if (!name) errors.push(required(`${path}.name`));
  else if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
  else {
    invalidForEach(dns1123Label(name), name, `${path}.name`, errors);
    names.add(name);
  }
  if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
    errors.push(invalid(path, internalForm(PodResourceClaimType, claim),
      'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
  }
  if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
    errors.push(invalid(path, internalForm(PodResourceClaimType, claim),
      'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
  }
  for (const member of ['resourceClaimName', 'resourceClaimTemplateName'] as const) {
    const value = claim[member];
    if (value !== undefined) invalidForEach(nameIsDNSSubdomain(value), value, `${path}.${member}`, errors);
  }
}
