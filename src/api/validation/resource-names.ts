/** Names of compute resources and what they allow (pkg/apis/core/helper/helpers.go). */
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { qualifiedName } from './names.ts';
import { invalidForEach, mustBeNonNegative } from './rules.ts';

const integerResources = new Set([
  'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims',
  'services.nodeports', 'services.loadbalancers',
]);
const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const quotaOnlyResources = new Set([
  'requests.cpu', 'requests.memory', 'requests.storage', 'requests.ephemeral-storage',
  'limits.cpu', 'limits.memory', 'limits.ephemeral-storage',
]);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');

/** In the namespace of Kubernetes itself: without a domain, or below kubernetes.io. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A resource that a device plugin or a driver adds to nodes. */
export const isExtendedResource = (name: string): boolean =>
  !isNativeResource(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;

/** Whether requests may be below limits. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePages(name);

export const isStandardQuotaResource = (name: string): boolean =>
  containerResources.has(name) || integerResources.has(name) || quotaOnlyResources.has(name) || isQuotaHugePages(name);

const isStandardResource = (name: string): boolean => isStandardQuotaResource(name) || name === 'storage';

export function validateResourceName(name: string, path: string, errors: FieldError[]): void {
  const texts = qualifiedName(name);
  invalidForEach(texts, name, path, errors);
  if (texts.length === 0 && !name.includes('/') && !isStandardResource(name)) {
    errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'));
  }
}

export function validateContainerResourceName(name: string, path: string, errors: FieldError[]): void {
  validateResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!containerResources.has(name) && !isHugePages(name)) errors.push(invalid(path, name, 'must be a standard resource for containers'));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
}

/** Not negative, and whole where the resource is counted in pieces. */
export function validateResourceQuantity(name: string, quantity: Quantity, path: string, errors: FieldError[]): void {
  if (quantity.sign() < 0) errors.push(invalid(path, quantity.canonical(), mustBeNonNegative));
  if ((integerResources.has(name) || isExtendedResource(name)) && isFractional(quantity)) {
    errors.push(invalid(path, quantity.canonical(), 'must be an integer'));
  }
}

export const isFractional = (quantity: Quantity): boolean => quantity.milliValue() % 1000n !== 0n;

/** An amount of huge pages must be a multiple of the page size in the resource's name. */
export function validateHugePages(name: string, quantity: Quantity, path: string, errors: FieldError[]): void {
  if (isHugePages(name) && !isMultipleOfPageSize(name, quantity)) {
    errors.push(invalid(path, quantity.canonical(), `${quantity.canonical()} is not positive integer multiple of ${name}`));
  }
}

function isMultipleOfPageSize(name: string, quantity: Quantity): boolean {
  let pageSize: Quantity;
  try {
    pageSize = parseQuantity(name.slice('hugepages-'.length));
  } catch {
    return false;
  }
  return pageSize.sign() > 0 && !isFractional(pageSize) && quantity.value() % pageSize.value() === 0n;
}
