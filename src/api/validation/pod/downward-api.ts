/** References to the pod's own fields and resources, in environment variables and downward API volumes. */
import type { ObjectFieldSelector, ResourceFieldSelector } from '../../../schema/core/v1.ts';
import { canonicalQuantity, parseQuantity } from '../../../schema/values/quantity.ts';
import { invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { qualifiedName } from '../names.ts';
import { invalidForEach } from '../rules.ts';

export const envFieldPaths = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP',
  'status.hostIPs', 'status.podIP', 'status.podIPs',
];
export const volumeFieldPaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** All fields that the conversion of pod field labels knows; more than may be used here. */
const convertibleFieldPaths = new Set([
  ...envFieldPaths, ...volumeFieldPaths, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase',
]);

const resources = [
  'limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory',
];
const cpuDivisors = ['1m', '1'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function validateFieldRef(ref: ObjectFieldSelector, allowed: readonly string[], path: string, errors: FieldError[]): void {
  if (!ref.apiVersion) {
    errors.push(required(`${path}.apiVersion`));
    return;
  }
  if (!ref.fieldPath) {
    errors.push(required(`${path}.fieldPath`));
    return;
  }
  const subscripted = splitSubscript(ref.fieldPath);
  const mistake = conversionError(ref.apiVersion, ref.fieldPath, subscripted?.path);
  if (mistake !== undefined) {
    errors.push(invalid(`${path}.fieldPath`, ref.fieldPath, `error converting fieldPath: ${mistake}`));
    return;
  }
  if (subscripted) {
    const { path: field, subscript } = subscripted;
    const name = field === 'metadata.annotations' ? subscript.toLowerCase() : subscript;
    invalidForEach(qualifiedName(name), name, path, errors);
    return;
  }
  const field = ref.fieldPath === 'spec.host' ? 'spec.nodeName' : ref.fieldPath;
  if (!allowed.includes(field)) errors.push(notSupported(`${path}.fieldPath`, field, allowed));
}

/** `metadata.labels['app']` → path `metadata.labels`, subscript `app`. */
export function splitSubscript(fieldPath: string): { path: string; subscript: string } | undefined {
  const match = /^(.+?)\['(.*)'\]$/s.exec(fieldPath);
  return match ? { path: match[1]!, subscript: match[2]! } : undefined;
}

function conversionError(apiVersion: string, fieldPath: string, subscripted: string | undefined): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscripted !== undefined) {
    return subscripted === 'metadata.annotations' || subscripted === 'metadata.labels'
      ? undefined : `field label does not support subscript: ${fieldPath}`;
  }
  return convertibleFieldPaths.has(fieldPath) || fieldPath === 'spec.host' ? undefined : `field label not supported: ${fieldPath}`;
}

/** `inVolume`: a volume must say which container it means. */
export function validateResourceFieldRef(ref: ResourceFieldSelector, path: string, inVolume: boolean, errors: FieldError[]): void {
  if (inVolume && !ref.containerName) errors.push(required(`${path}.containerName`));
  else if (!ref.resource) errors.push(required(`${path}.resource`));
  else if (!resources.includes(ref.resource) && !isHugePages(ref.resource)) {
    errors.push(notSupported(`${path}.resource`, ref.resource, resources));
  }
  validateDivisor(ref, path, errors);
}

const isHugePages = (resource: string): boolean => /^(limits|requests)\.hugepages-/.test(resource);

function validateDivisor(ref: ResourceFieldSelector, path: string, errors: FieldError[]): void {
  if (ref.divisor === undefined || parseQuantity(ref.divisor).isZero()) return;
  const kind = divisorKind(ref.resource);
  if (!kind) return;
  const divisors = kind === 'cpu' ? cpuDivisors : byteDivisors;
  if (divisors.includes(canonicalQuantity(ref.divisor))) return;
  const listed = kind === 'cpu' ? cpuDivisors.join(' and ') : byteDivisors.join(', ');
  errors.push(invalid(`${path}.divisor`, ref.resource, `only divisor's values ${listed} are supported with the ${kind} resource`));
}

function divisorKind(resource: string): string | undefined {
  if (isHugePages(resource)) return 'hugepages';
  switch (resource.replace(/^(limits|requests)\./, '')) {
    case 'cpu': return 'cpu';
    case 'memory': return 'memory';
    case 'ephemeral-storage': return 'local ephemeral storage';
    default: return undefined;
  }
}
