/** Requests and limits of containers and of the pod as a whole, and the claims that containers use. */
import type { PodSpec, ResourceClaim, ResourceRequirements } from '../../../schema/core/v1.ts';
import { aggregateContainers, isPodLevelResource } from '../../../schema/pod-resources.ts';
import { parseQuantity, type Quantity } from '../../../schema/values/quantity.ts';
import { asSent } from '../../codec/emptied.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required, type FieldError } from '../../field-error.ts';
import { dns1123Label } from '../names.ts';
import {
  isHugePages, isOvercommitAllowed, validateContainerResourceName, validateHugePages, validateResourceName, validateResourceQuantity,
} from '../resource-names.ts';
import { invalidForEach, keysOf } from '../rules.ts';

type NameCheck = (name: string, path: string, errors: FieldError[]) => void;

const podLevelResources = ['cpu', 'hugepages-', 'memory'];

/** `claimNames` are those of spec.resourceClaims. */
export function validateContainerResources(
  resources: ResourceRequirements | undefined, claimNames: ReadonlySet<string>, path: string, errors: FieldError[],
): void {
  if (resources) validateRequirements(resources, validateContainerResourceName, claimNames, path, errors);
}

function validateRequirements(
  resources: ResourceRequirements, checkName: NameCheck, claimNames: ReadonlySet<string>, path: string, errors: FieldError[],
): void {
  const { limits = {}, requests = {} } = resources;
  const limitNames = keysOf(limits);
  const requestNames = keysOf(requests);
  for (const name of limitNames) {
    const at = `${path}.limits[${name}]`;
    const limit = parseQuantity(limits[name]!);
    checkName(name, at, errors);
    validateResourceQuantity(name, limit, at, errors);
    validateHugePages(name, limit, at, errors);
  }
  for (const name of requestNames) {
    const at = `${path}.requests[${name}]`;
    const request = parseQuantity(requests[name]!);
    checkName(name, at, errors);
    validateResourceQuantity(name, request, at, errors);
    validateRequestAgainstLimit(name, request, Object.hasOwn(limits, name) ? limits[name] : undefined, path, errors);
    validateHugePages(name, request, at, errors);
  }
  const names = [...limitNames, ...requestNames];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
  validateClaims(resources.claims, claimNames, `${path}.claims`, errors);
}

function validateRequestAgainstLimit(name: string, request: Quantity, limitText: string | undefined, path: string, errors: FieldError[]): void {
  if (limitText === undefined) {
    if (!isOvercommitAllowed(name)) {
      errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    }
    return;
  }
  const difference = request.cmp(parseQuantity(limitText));
  if (difference !== 0 && !isOvercommitAllowed(name)) {
    errors.push(invalid(`${path}.requests`, request.canonical(), `must be equal to ${name} limit of ${limitText}`));
  } else if (difference > 0) {
    errors.push(invalid(`${path}.requests`, request.canonical(), `must be less than or equal to ${name} limit of ${limitText}`));
  }
}

function validateClaims(
  claims: readonly ResourceClaim[] | undefined, claimNames: ReadonlySet<string>, path: string, errors: FieldError[],
): void {
  const used = new Set<string>();
  claims?.forEach((claim, i) => {
    const at = `${path}[${i}]`;
    if (!claim.name) {
      errors.push(required(at));
      return;
    }
    validateClaimUse(claim, used, at, errors);
    if (claimNames.has(claim.name)) return;
    const known = claimNames.size === 0 ? ' which is empty' : `: ${[...claimNames].sort().join(', ')}`;
    const error = notFound(at, claim.name);
    errors.push({ ...error, body: `${error.body}: must be one of the names in pod.spec.resourceClaims${known}` });
  });
}

/** A claim is used either as a whole, once, or by its single requests, each once. */
function validateClaimUse(claim: ResourceClaim, used: Set<string>, path: string, errors: FieldError[]): void {
  if (used.has(claim.name)) {
    errors.push(duplicate(path, claim.name));
    return;
  }
  if (claim.request) invalidForEach(dns1123Label(claim.request), claim.request, `${path}.request`, errors);
  const entry = claim.request ? `${claim.name}/${claim.request}` : claim.name;
  if (used.has(entry)) errors.push(duplicate(path, entry));
  else if (!claim.request) {
    for (const other of used) if (other.startsWith(`${claim.name}/`)) errors.push(duplicate(path, claim.name));
  }
  used.add(entry);
}

/** `spec.resources`, alone and against the containers'. */
export function validatePodResources(spec: PodSpec, claimNames: ReadonlySet<string>, specPath: string, errors: FieldError[]): void {
  const path = `${specPath}.resources`;
  if (!spec.resources) return;
  if (spec.os?.name === 'windows') {
    errors.push(forbidden(path, 'may not be set for a windows pod'));
    return;
  }
  if (asSent(spec.resources, 'claims')) errors.push(forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level'));
  validateRequirements(spec.resources, validatePodLevelResourceName, claimNames, path, errors);
  validatePodLevelConsistency(spec, spec.resources, path, errors);
}

function validatePodLevelResourceName(name: string, path: string, errors: FieldError[]): void {
  const before = errors.length;
  validateResourceName(name, path, errors);
  if (errors.length === before && !isPodLevelResource(name)) errors.push(notSupported(path, name, podLevelResources));
}

function validatePodLevelConsistency(spec: PodSpec, resources: ResourceRequirements, path: string, errors: FieldError[]): void {
  const { limits = {}, requests = {} } = resources;
  for (const [side, list] of [['requests', requests], ['limits', limits]] as const) {
    for (const [name, total] of aggregateContainers(spec, side)) {
      if (!Object.hasOwn(list, name) || (side === 'limits' && !isHugePages(name))) continue;
      if (total.cmp(parseQuantity(list[name]!)) > 0) {
        errors.push(invalid(`${path}.${side}[${name}]`, list[name],
          `must be greater than or equal to aggregate container ${side} of ${total.canonical()}`));
      }
    }
  }
  spec.containers?.forEach((container, i) => {
    const containerLimits = container.resources?.limits;
    for (const name of keysOf(containerLimits)) {
      const limit = containerLimits![name]!;
      if (!Object.hasOwn(limits, name) || parseQuantity(limit).cmp(parseQuantity(limits[name]!)) <= 0) continue;
      errors.push(invalid(`${path}.containers[${i}][${name}].limits`, limit, `must be less than or equal to pod limits of ${limits[name]}`));
    }
  });
}
