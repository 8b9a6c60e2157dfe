/** CIDR values in fields that predate strict rules (apimachinery/pkg/util/validation/ip.go, gate StrictIPCIDRValidation on). */
import { quote } from '../../lib/go-format.ts';
import { formatIPAddress, parseIPAddress, type IPAddress } from '../../lib/ip-address.ts';
import { internalError, invalid, type FieldError } from '../field-error.ts';

interface CIDR {
  readonly address: IPAddress;
  readonly bits: number;
  /** In the address or in the number of bits. */
  readonly leadingZeros: boolean;
  /** The network itself: no bits beyond the prefix. */
  readonly network: IPAddress;
}

/** Whether `inner` is a true part of `outer`; undefined when one of them is no CIDR. */
export function isStrictSubset(inner: string, outer: string): boolean | undefined {
  const [small, large] = [parseCIDR(inner), parseCIDR(outer)];
  if (!small || !large) return undefined;
  const masked = { ...large.network, bytes: mask(small.network.bytes, large.bits) };
  return small.address.family === large.address.family && small.bits > large.bits && formatIPAddress(masked) === formatIPAddress(large.network);
}

const mask = (bytes: readonly number[], bits: number): number[] =>
  bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) & 0xff);

function parseCIDR(text: string): CIDR | undefined {
  const slash = text.lastIndexOf('/');
  const digits = text.slice(slash + 1);
  const address = slash < 0 ? undefined : parseIPAddress(text.slice(0, slash));
  if (!address || !/^\d+$/.test(digits)) return undefined;
  const bits = Number(digits);
  if (bits > (address.family === 4 && !address.mapped ? 32 : 128)) return undefined;
  const kept = Math.max(0, address.mapped ? bits - 96 : bits);
  return {
    address, bits: address.mapped ? kept : bits, network: { ...address, bytes: mask(address.bytes, kept) },
    leadingZeros: address.leadingZeros || (digits.length > 1 && digits.startsWith('0')),
  };
}

/** Values among `known` (those of the stored object) pass as they are. */
export function validateCIDR(value: string, path: string, errors: FieldError[], known: readonly string[] = []): void {
  if (known.includes(value)) return;
  const cidr = parseCIDR(value);
  if (!cidr) errors.push(invalid(path, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  else if (cidr.leadingZeros) errors.push(invalid(path, value, 'must not have leading 0s in IP or prefix length'));
  else if (cidr.address.mapped) errors.push(invalid(path, value, 'must not have an IPv4-mapped IPv6 address'));
  else if (formatIPAddress(cidr.address) !== formatIPAddress(cidr.network)) {
    errors.push(invalid(path, value, 'must not have bits set beyond the prefix length'));
  }
}

/** A CIDR in a field that is younger than the strict rules: its one canonical text alone. */
export function validateCanonicalCIDR(value: string, path: string, errors: FieldError[]): void {
  const before = errors.length;
  validateCIDR(value, path, errors);
  if (errors.length > before) return;
  const { network, bits } = parseCIDR(value)!;
  const canonical = `${formatIPAddress(network)}/${bits}`;
  if (value !== canonical) errors.push(invalid(path, value, `must be in canonical form (${quote(canonical)})`));
}

/** An address with the size of its network, in its one canonical text. */
export function validateInterfaceAddress(value: string, path: string, errors: FieldError[]): void {
  const cidr = parseCIDR(value);
  if (!cidr) {
    errors.push(invalid(path, value, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)'));
    return;
  }
  const canonical = `${formatIPAddress(cidr.address)}/${cidr.bits}`;
  if (value !== canonical) errors.push(invalid(path, value, `must be in canonical form (${quote(canonical)})`));
}

/** The family of a CIDR; undefined when it is none. */
export const familyOfCIDR = (value: string): 4 | 6 | undefined => parseCIDR(value)?.address.family;

/** Causes when there is more than one network of a family; a value that is none fails the check itself, too. */
export function validateDualStackCIDRs(values: readonly string[], path: string, errors: FieldError[]): void {
  if (values.length < 2) return;
  const families = values.map(familyOfCIDR);
  const unread = families.indexOf(undefined);
  if (unread >= 0) {
    const why = `invalid CIDR[${unread}]: <nil> (invalid CIDR address: ${values[unread]})`;
    errors.push(internalError(path, `invalid PodCIDRs. failed to check with dual stack with error:${why}`));
  }
  const both = unread < 0 && families.includes(4) && families.includes(6);
  if (!both || values.length > 2) errors.push(invalid(path, values, 'may specify no more than one CIDR for each IP family'));
}

/** Warnings about values that are accepted but not written as they should be. */
export function warningsForCIDR(value: string, path: string): string[] {
  const cidr = parseCIDR(value);
  if (!cidr) return [];
  const [address, network] = [formatIPAddress(cidr.address), `${formatIPAddress(cidr.network)}/${cidr.bits}`];
  const warnings: string[] = [];
  if (address !== formatIPAddress(cidr.network)) {
    const single = `${address}/${cidr.address.bytes.length * 8}`;
    warnings.push(`${path}: CIDR value ${quote(value)} is ambiguous in this context (should be ${quote(network)} or ${quote(single)}?)`);
  }
  if (cidr.leadingZeros || cidr.address.mapped) {
    warnings.push(`${path}: non-standard CIDR value ${quote(value)} is invalid: use ${quote(network)}`);
  }
  if (warnings.length === 0 && cidr.address.family === 6 && network !== value) {
    warnings.push(`${path}: IPv6 CIDR value ${quote(value)} should be in RFC 5952 canonical format (${quote(network)})`);
  }
  return warnings;
}
