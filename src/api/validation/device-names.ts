/** Names of drivers, pools, requests, attributes and devices (pkg/apis/resource/validation). */
import { quote } from '../../lib/go-format.ts';
import { invalid, required, tooLong, type FieldError } from '../field-error.ts';
import { cIdentifier, dns1123Label, dns1123Subdomain } from './names.ts';
import { validateCSIDriverName } from './pod/volumes.ts';
import { invalidForEach } from './rules.ts';

const poolNameBytesMax = 253;
const identifierBytesMax = 32;
/** A domain, a slash and an identifier. */
export const qualifiedNameBytesMax = 63 + 1 + identifierBytesMax;

export const validateDriverName = validateCSIDriverName;

export function validateLabelLike(name: string, path: string, errors: FieldError[]): void {
  invalidForEach(dns1123Label(name), name, path, errors);
}

export function validatePoolName(name: string, path: string, errors: FieldError[]): void {
  if (!name) {
    errors.push(required(path));
    return;
  }
  if (Buffer.byteLength(name) > poolNameBytesMax) errors.push(tooLong(path, poolNameBytesMax));
  for (const part of name.split('/')) invalidForEach(dns1123Subdomain(part), part, path, errors);
}

/** An identifier, below a domain or not. Upstream lets more than one slash pass. */
export function validateDeviceQualifiedName(name: string, path: string, errors: FieldError[]): void {
  const parts = name.split('/');
  if (parts.length > 2) return;
  const [domain, identifier] = parts.length === 2 ? parts as [string, string] : [undefined, name];
  if (domain === '') errors.push(invalid(path, '', 'the domain must not be empty'));
  else if (domain !== undefined) validateDriverName(domain, path, errors);
  if (domain !== undefined && identifier === '') errors.push(invalid(path, '', 'the name must not be empty'));
  else validateIdentifier(identifier, path, errors);
}

function validateIdentifier(identifier: string, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(identifier) > identifierBytesMax) errors.push(tooLong(path, identifierBytesMax));
  invalidForEach(cIdentifier(identifier), identifier, path, errors);
}

export function validateFullyQualifiedName(name: string, path: string, errors: FieldError[]): void {
  validateDeviceQualifiedName(name, path, errors);
  if (!name.includes('/')) errors.push(invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash'));
}

const plainUUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function validateShareID(uid: string | undefined, path: string, errors: FieldError[]): void {
  if (uid === undefined) return;
  const fault = uuidFault(uid);
  if (fault) errors.push(invalid(path, uid, `error validating uid: ${fault}`));
  else if (!plainUUID.test(uid) || uid !== uid.toLowerCase()) {
    errors.push(invalid(path, uid, 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'));
  }
}

/** What google/uuid says of a text that it does not read. */
function uuidFault(uid: string): string | undefined {
  const length = Buffer.byteLength(uid);
  switch (length) {
    case 32: return /^[0-9a-f]{32}$/i.test(uid) ? undefined : 'invalid UUID format';
    case 36: return plainUUID.test(uid) ? undefined : 'invalid UUID format';
    case 38:
      if (!/^\{.*\}$/.test(uid)) return 'invalid bracketed UUID format';
      return plainUUID.test(uid.slice(1, -1)) ? undefined : 'invalid UUID format';
    case 45:
      if (!/^urn:uuid:/i.test(uid)) return `invalid urn prefix: ${quote(uid.slice(0, 9))}`;
      return plainUUID.test(uid.slice(9)) ? undefined : 'invalid UUID format';
    default: return `invalid UUID length: ${length}`;
  }
}
