/** IPAddresses and the ServiceCIDRs that they are taken from (pkg/apis/networking/validation). */
import { ParentReference, ServiceCIDRSpec, type IPAddress, type ServiceCIDR } from '../../schema/networking/v1.ts';
import { asSent } from '../codec/emptied.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { familyOfCIDR, validateCanonicalCIDR } from './cidrs.ts';
import { internalForm } from './internal-form.ts';
import { dns1123Subdomain, pathSegmentName } from './names.ts';
import { fieldIsImmutable, invalidForEach, validateImmutable } from './rules.ts';

const rangesMax = 2;
const path = 'spec.cidrs';

export function validateIPAddress({ spec }: IPAddress, errors: FieldError[]): void {
  const { parentRef } = spec;
  if (!parentRef) {
    errors.push(required('spec.parentRef'));
    return;
  }
  const { group, namespace } = parentRef;
  if (group) invalidForEach(dns1123Subdomain(group), group, 'spec.parentRef.group', errors);
  for (const member of ['resource', 'name'] as const) {
    const value = parentRef[member];
    if (!value) errors.push(required(`spec.parentRef.${member}`));
    else invalidForEach(pathSegmentName(value), value, `spec.parentRef.${member}`, errors);
  }
  if (namespace) invalidForEach(pathSegmentName(namespace), namespace, 'spec.parentRef.namespace', errors);
}

export function validateIPAddressUpdate(next: IPAddress, old: IPAddress, errors: FieldError[]): void {
  const { parentRef } = next.spec;
  validateImmutable(parentRef, old.spec.parentRef, 'spec.parentRef', errors, parentRef && internalForm(ParentReference, parentRef));
}

export function validateServiceCIDR({ spec }: ServiceCIDR, errors: FieldError[]): void {
  const { cidrs = [] } = spec;
  if (cidrs.length === 0) errors.push(required(path, 'at least one CIDR required'));
  else if (cidrs.length > rangesMax) errors.push(invalid(path, internalForm(ServiceCIDRSpec, spec), 'may only hold up to 2 values'));
  else {
    cidrs.forEach((cidr, i) => validateCanonicalCIDR(cidr, `${path}[${i}]`, errors));
    const [first, second] = cidrs.map(familyOfCIDR);
    if (cidrs.length === rangesMax && first !== undefined && first === second) {
      errors.push(invalid(path, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'));
    }
  }
}

/** A range may get a second one of the other family; nothing else may change. */
export function validateServiceCIDRUpdate(next: ServiceCIDR, old: ServiceCIDR, errors: FieldError[]): void {
  const [now, before] = [next.spec.cidrs ?? [], old.spec.cidrs ?? []];
  const isWidened = before.length === 1 && now.length === rangesMax;
  if (now.length !== before.length && !isWidened) {
    errors.push(invalid(path, asSent(next.spec, 'cidrs'), fieldIsImmutable));
    return;
  }
  before.forEach((cidr, i) => validateImmutable(now[i], cidr, `${path}[${i}]`, errors));
  if (isWidened) validateServiceCIDR(next, errors);
}
