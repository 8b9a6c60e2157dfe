/**
 * CertificateSigningRequests (pkg/apis/certificates/validation). What is in the PEM blocks is not looked into: nobody here
 * signs certificates.
 */
import {
  CertificateSigningRequestCondition as ConditionType, type CertificateSigningRequest, type CertificateSigningRequestCondition,
} from '../../schema/certificates/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { equal } from '../../lib/json.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { dns1123Label, dns1123Subdomain } from './names.ts';
import { diffOfJson } from './unified-diff.ts';

const usages = [
  'any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment', 'decipher only',
  'digital signature', 'email protection', 'encipher only', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'key agreement',
  'key encipherment', 'microsoft sgc', 'netscape sgc', 'ocsp signing', 's/mime', 'server auth', 'signing', 'timestamping',
];
const legacySigner = 'kubernetes.io/legacy-unknown';
const expirationSecondsMin = 600;

/** Which part of a request is written: the subresources may set what the others must leave. */
export type RequestPart = '' | 'approval' | 'status';

/** The rules of a request; those that `old` breaks already are not held against its successor. */
export function validateSigningRequest(next: CertificateSigningRequest, old: CertificateSigningRequest | undefined, errors: FieldError[]): void {
  const { request, signerName, expirationSeconds } = next.spec;
  if (!isBlock(Buffer.from(request ?? '', 'base64').toString('latin1'), 'CERTIFICATE REQUEST')) {
    errors.push(invalid('spec.request', request, 'PEM block type must be CERTIFICATE REQUEST'));
  }
  validateUsages(next.spec.usages ?? [], old?.spec.usages ?? [], errors);
  if (signerName === legacySigner && old?.spec.signerName !== legacySigner) {
    errors.push(invalid('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version'));
  } else validateSignerName(signerName, 'spec.signerName', errors);
  if (expirationSeconds !== undefined && expirationSeconds < expirationSecondsMin) {
    errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'));
  }
  validateConditions(conditionsOf(next), conditionsOf(old), errors);
  const certificate = next.status?.certificate ?? '';
  if (certificate !== (old?.status?.certificate ?? '')) validateCertificate(certificate, errors);
}

const isBlock = (pem: string, type: string): boolean => new RegExp(`^-----BEGIN ${type}-----\\s[^-]*-----END ${type}-----`, 'm').test(pem);
const hasDuplicate = (list: readonly string[]): boolean => new Set(list).size < list.length;
const conditionsOf = (request: CertificateSigningRequest | undefined): readonly CertificateSigningRequestCondition[] => request?.status?.conditions ?? [];

function validateUsages(list: readonly string[], old: readonly string[], errors: FieldError[]): void {
  if (list.length === 0) errors.push(required('spec.usages'));
  if (old.every((usage) => usages.includes(usage))) {
    list.forEach((usage, i) => {
      if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${i}]`, usage, usages));
    });
  }
  if (hasDuplicate(old)) return;
  list.forEach((usage, i) => {
    if (list.indexOf(usage) < i) errors.push(duplicate(`spec.usages[${i}]`, usage));
  });
}

const domainBytesMax = 253;
const signerBytesMax = domainBytesMax + 1 + 63 + 1 + 253;

/** `example.com/signer` (pkg/apis/core/validation/names.go). */
function validateSignerName(name: string | undefined, path: string, errors: FieldError[]): void {
  if (!name) {
    errors.push(required(path));
    return;
  }
  const [domain = '', signer, ...rest] = name.split('/');
  if (signer === undefined || rest.length > 0) {
    errors.push(invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    return;
  }
  if (Buffer.byteLength(domain) > domainBytesMax) errors.push(tooLong(path, domainBytesMax));
  validateFirstWrongLabel(domain, dns1123Label, path, errors);
  if (!domain.includes('.')) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  validateFirstWrongLabel(signer, dns1123Subdomain, path, errors);
  if (Buffer.byteLength(name) > signerBytesMax) errors.push(tooLong(path, signerBytesMax));
}

function validateFirstWrongLabel(name: string, rule: (label: string) => string[], path: string, errors: FieldError[]): void {
  const wrong = name.split('.').find((label) => rule(label).length > 0);
  if (wrong === undefined) return;
  for (const text of rule(wrong)) errors.push(invalid(path, name, `validating label ${quote(wrong)}: ${text}`));
}

const onlyTrue = new Set(['Approved', 'Denied', 'Failed']);

function validateConditions(
  conditions: readonly CertificateSigningRequestCondition[], old: readonly CertificateSigningRequestCondition[], errors: FieldError[],
): void {
  const oldTypes = old.map(({ type }) => type);
  const mayDecideBoth = oldTypes.includes('Approved') && oldTypes.includes('Denied');
  const seen = new Set<string>();
  conditions.forEach(({ type, status }, i) => {
    const path = `status.conditions[${i}]`;
    if (!type && !oldTypes.includes('')) errors.push(required(`${path}.type`));
    const allowed = onlyTrue.has(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (!status) errors.push(required(`${path}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${path}.status`, status, allowed));
    if (!mayDecideBoth && ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved')))) {
      errors.push(invalid('status.conditions', type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (seen.has(type) && !hasDuplicate(oldTypes)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
  });
}

function validateCertificate(certificate: string, errors: FieldError[]): void {
  const refuse = (why: string) => errors.push(invalid('status.certificate', '<certificate data>', why));
  const pem = Buffer.from(certificate, 'base64').toString('latin1');
  if (pem === '') return;
  const types = [...pem.matchAll(/^-----BEGIN ([^-]*)-----/gm)].map(([, type]) => type!);
  const other = types.find((type) => type !== 'CERTIFICATE');
  if (other !== undefined) refuse(`only CERTIFICATE PEM blocks are allowed, found ${quote(other)}`);
  else if (types.length === 0) refuse('must contain at least one CERTIFICATE PEM block');
}

/** The rules of a change of one part, beyond those of the new request and its metadata. */
export function validateSigningRequestUpdate(
  next: CertificateSigningRequest, old: CertificateSigningRequest, part: RequestPart, errors: FieldError[],
): void {
  const ofType = (request: CertificateSigningRequest, type: string) => conditionsOf(request).filter((condition) => condition.type === type);
  for (const type of ['Approved', 'Denied', 'Failed']) {
    if (ofType(next, type).length < ofType(old, type).length) {
      errors.push(forbidden('status.conditions', `updates may not remove a condition of type "${type}"`));
    }
  }
  for (const type of part === 'approval' ? [] : ['Approved', 'Denied']) {
    const [now, before] = [ofType(next, type), ofType(old, type)];
    if (now.length > before.length) errors.push(forbidden('status.conditions', `updates may not add a condition of type "${type}"`));
    else if (now.length === before.length && !equal(now, before)) {
      const form = (list: readonly CertificateSigningRequestCondition[]) => list.map((one) => internalForm(ConditionType, one));
      errors.push(forbidden('status.conditions', `updates may not modify a condition of type "${type}"\n${diffOfJson(form(before), form(now))}`));
    }
  }
  const [certificate, before] = [next.status?.certificate ?? '', old.status?.certificate ?? ''];
  if (certificate === before) return;
  if (part !== 'status') errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
  else if (before) errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
}
