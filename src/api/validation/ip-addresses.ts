/** IP addresses in fields that predate strict rules (apimachinery/pkg/util/validation/ip.go, gate StrictIPCIDRValidation on). */
import { quote } from '../../lib/go-format.ts';
import { formatIPAddress, parseIPAddress } from '../../lib/ip-address.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { invalidForEach } from './rules.ts';

/** Values among `known` (those of the stored object) pass as they are. */
export function validateIP(value: string, path: string, errors: FieldError[], known: readonly string[] = []): void {
  if (!known.includes(value)) invalidForEach(looseComplaints(value), value, path, errors);
}

function looseComplaints(value: string): string[] {
  const address = parseIPAddress(value);
  if (!address) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (address.leadingZeros) return ['must not have leading 0s'];
  return address.mapped ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** The rule of places that are younger than the strict rules: an address in its one canonical form alone. */
export function canonicalIPAddress(value: string): string[] {
  const complaints = looseComplaints(value);
  if (complaints.length > 0) return complaints;
  const canonical = formatIPAddress(parseIPAddress(value)!);
  return value === canonical ? [] : [`must be in canonical form (${quote(canonical)})`];
}

/** More than one address is fine only as a pair of both families. `values` that are no addresses make the check fail itself. */
export function isDualStackPair(values: readonly string[]): boolean {
  const families = values.map((value) => parseIPAddress(value)?.family);
  return values.length === 2 && families.includes(4) && families.includes(6);
}

/** Warnings about addresses that are accepted but not written as they should be. */
export function warningsForIP(value: string, path: string): string[] {
  const address = parseIPAddress(value);
  if (!address) return [];
  const canonical = formatIPAddress(address);
  if (address.leadingZeros || address.mapped) {
    return [`${path}: non-standard IP address ${quote(value)} is invalid: use ${quote(canonical)}`];
  }
  if (address.family === 6 && canonical !== value) {
    return [`${path}: IPv6 address ${quote(value)} should be in RFC 5952 canonical format (${quote(canonical)})`];
  }
  return [];
}

/** Addresses that mean one machine to itself or to its own network (ValidateEndpointIP, ValidateNonSpecialIP). */
export function validateNonSpecialIP(value: string, path: string, errors: FieldError[]): void {
  const address = parseIPAddress(value);
  if (!address) {
    errors.push(invalid(path, value, 'must be a valid IP address'));
    return;
  }
  const [a, b, c] = address.bytes as [number, number, number];
  const isV4 = address.family === 4;
  if (address.bytes.every((byte) => byte === 0)) errors.push(invalid(path, value, `may not be unspecified (${value})`));
  if (isV4 ? a === 127 : address.bytes[15] === 1 && address.bytes.slice(0, 15).every((byte) => byte === 0)) {
    errors.push(invalid(path, value, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  }
  if (isV4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80) {
    errors.push(invalid(path, value, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  }
  if (isV4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 2) {
    errors.push(invalid(path, value, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
  }
}
