/** The cluster IPs of a Service and their families (pkg/apis/core/validation ValidateServiceClusterIPsRelatedFields and its like). */
import type { Service } from '../../schema/core/v1.ts';
import { parseIPAddress } from '../../lib/ip-address.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { isDualStackPair, validateIP } from './ip-addresses.ts';

type Spec = Service['spec'];

const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const onceSet = 'may not change once set';

export const isHeadless = ({ clusterIPs }: Spec): boolean => clusterIPs?.length === 1 && clusterIPs[0] === 'None';
/** An address that does not read counts as IPv4, as upstream's check for IPv6 does. */
export const familyOf = (address: string): 'IPv4' | 'IPv6' => (parseIPAddress(address)?.family === 6 ? 'IPv6' : 'IPv4');

/** `old` is the stored spec, of which addresses pass as they are. */
export function validateServiceAddresses(spec: Spec, old: Spec | undefined, errors: FieldError[]): void {
  if (spec.type === 'ExternalName') return;
  const { clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (clusterIP) {
    if (clusterIPs.length === 0) errors.push(required('spec.clusterIPs'));
    else if (clusterIPs[0] !== clusterIP) errors.push(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
  } else if (clusterIPs.length > 0) {
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'must be empty when `clusterIP` is not specified'));
  }
  ipFamilies.forEach((family, i) => {
    if (!families.includes(family)) errors.push(notSupported(`spec.ipFamilies[${i}]`, family, families));
    if (ipFamilies.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
  });
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy)) {
    errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, familyPolicies));
  }
  validateAddressList(clusterIPs, ipFamilies, old?.clusterIPs, errors);
}

function validateAddressList(clusterIPs: string[], ipFamilies: readonly string[], known: readonly string[] | undefined, errors: FieldError[]): void {
  const before = errors.length;
  clusterIPs.forEach((address, i) => {
    if (i > 0 || address !== 'None') validateIP(address, `spec.clusterIPs[${i}]`, errors, known);
    else if (clusterIPs.length > 1) errors.push(invalid('spec.clusterIPs', clusterIPs, "'None' must be the first and only value"));
  });
  const allRead = errors.length === before;
  if (clusterIPs.length > 2) errors.push(invalid('spec.clusterIPs', clusterIPs, 'may only hold up to 2 values'));
  if (!allRead || clusterIPs[0] === 'None') return;
  if (clusterIPs.length > 1 && !isDualStackPair(clusterIPs)) {
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'may specify no more than one IP for each IP family'));
  }
  clusterIPs.slice(0, ipFamilies.length).forEach((address, i) => {
    const family = ipFamilies[i]!;
    if (families.includes(family) && family !== familyOf(address)) {
      errors.push(invalid(`spec.clusterIPs[${i}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
    }
  });
}

/** What was once allocated stays: a secondary address and family may come and go, the primary ones may not change. */
export function validateAddressesUpdate(spec: Spec, old: Spec, errors: FieldError[]): void {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName' || (isHeadless(spec) && isHeadless(old))) return;
  validateClusterIPsUpdate(spec, old, errors);
  if (isHeadless(spec) === isHeadless(old)) validateFamiliesUpdate(spec, old, errors);
}

function validateClusterIPsUpdate(spec: Spec, old: Spec, errors: FieldError[]): void {
  const [next, was] = [spec.clusterIPs ?? [], old.clusterIPs ?? []];
  if (next.length === was.length) {
    was.forEach((address, i) => {
      if (address !== next[i]) errors.push(invalid(`spec.clusterIPs[${i}]`, next, onceSet));
    });
    return;
  }
  if (next.length === 0) errors.push(invalid('spec.clusterIPs[0]', null, 'primary clusterIP can not be unset'));
  else if (was.length > 0 && next[0] !== was[0]) errors.push(invalid('spec.clusterIPs[0]', next, onceSet));
  if (was.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, "must be set to 'SingleStack' when releasing the secondary clusterIP"));
  }
}

function validateFamiliesUpdate(spec: Spec, old: Spec, errors: FieldError[]): void {
  const [next, was] = [spec.ipFamilies ?? [], old.ipFamilies ?? []];
  if (next.length === was.length) {
    was.forEach((family, i) => {
      if (family !== next[i]) errors.push(invalid('spec.ipFamilies[0]', next, onceSet));
    });
    return;
  }
  // Upstream prints the addresses here.
  if (next.length > 0 && was.length > 0 && next[0] !== was[0]) errors.push(invalid('spec.ipFamilies[0]', spec.clusterIPs ?? null, onceSet));
  if (was.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, "must be set to 'SingleStack' when releasing the secondary ipFamily"));
  }
}
