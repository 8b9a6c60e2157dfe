/** The subresource `status` of a Pod: what kubelets and others may not report. */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../../schema/core/v1.ts';
import { parseIPAddress } from '../../../lib/ip-address.ts';
import { duplicate, forbidden, internalError, invalid, type FieldError } from '../../field-error.ts';
import { isDualStackPair, validateIP } from '../ip-addresses.ts';
import { nameIsDNSSubdomain, qualifiedName, userID } from '../names.ts';
import { validateObjectMetaUpdate } from '../object-meta.ts';
import { invalidForEach, validateImmutable } from '../rules.ts';
import { validatePodAnnotationsUpdate } from './annotations.ts';
import { statusLists, validateContainerStatuses } from './container-statuses.ts';
import { validateStateTransitions } from './state-transitions.ts';
import { validateExtendedResourceClaim } from './claim-statuses.ts';

/** Conditions whose type is not looked at. */
const systemConditions = new Set(['PodScheduled', 'Ready', 'Initialized']);
const noNegative = 'must be a non-negative integer';

/** All causes, without those that every kind's update has in common. */
export function validatePodStatusUpdate(pod: Pod, old: Pod, errors: FieldError[]): void {
  const [status, oldStatus] = [pod.status ?? {}, old.status ?? {}];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validatePodAnnotationsUpdate(pod.metadata.annotations, old.metadata.annotations, pod.spec, 'metadata.annotations', errors);
  validateConditions(status.conditions, errors);
  validateNominatedNode(status.nominatedNodeName ?? '', oldStatus.nominatedNodeName ?? '', Boolean(old.spec.nodeName), errors);
  if ((status.observedGeneration ?? 0) < 0) errors.push(invalid('status.observedGeneration', status.observedGeneration, noNegative));
  validateImmutable(status.qosClass ?? '', oldStatus.qosClass ?? '', 'status.qosClass', errors);
  validateStateTransitions(status, oldStatus, old.spec, errors);
  validateResourceClaimStatuses(pod, status, errors);
  validateExtendedResourceClaim(status.extendedResourceClaimStatus, pod.spec, errors);
  validatePodIPs(status, oldStatus, errors);
  validateHostIPs(status, oldStatus, errors);
  for (const [list] of statusLists) validateContainerUsers(status[list], `status.${list}`, pod.spec.os?.name, errors);
  validateContainerStatuses(status, pod.spec, errors);
}

function validateConditions(conditions: readonly PodCondition[] | undefined, errors: FieldError[]): void {
  conditions?.forEach(({ type, observedGeneration = 0 }, i) => {
    const path = `status.conditions[${i}]`;
    if (observedGeneration < 0) errors.push(invalid(`${path}.observedGeneration`, observedGeneration, noNegative));
    if (!systemConditions.has(type)) invalidForEach(qualifiedName(type), type, `${path}.Type`, errors);
  });
}

function validateNominatedNode(name: string, old: string, isBound: boolean, errors: FieldError[]): void {
  const path = 'status.nominatedNodeName';
  if (name === '' || name === old) return;
  invalidForEach(nameIsDNSSubdomain(name), name, path, errors);
  if (isBound) errors.push(forbidden(path, 'may not be set on pods that are already bound to a node'));
}

function validateResourceClaimStatuses(pod: Pod, status: PodStatus, errors: FieldError[]): void {
  const names = new Set<string>();
  status.resourceClaimStatuses?.forEach(({ name, resourceClaimName }, i) => {
    const path = `status.resourceClaimStatuses[${i}]`;
    if (!pod.spec.resourceClaims?.some((claim) => claim.name === name)) {
      errors.push(invalid(`${path}.name`, name, 'must match the name of an entry in `spec.resourceClaims`'));
    }
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (resourceClaimName !== undefined) {
      invalidForEach(nameIsDNSSubdomain(resourceClaimName), resourceClaimName, `${path}.resourceClaimName`, errors);
    }
  });
}

function validatePodIPs(status: PodStatus, old: PodStatus, errors: FieldError[]): void {
  const known = (old.podIPs ?? []).map(({ ip }) => ip);
  const ips = (status.podIPs ?? []).map(({ ip }) => ip);
  ips.forEach((ip, i) => validateIP(ip, `status.podIPs[${i}]`, errors, known));
  validateFamilies(ips, 'status.podIPs', errors);
}

function validateHostIPs(status: PodStatus, old: PodStatus, errors: FieldError[]): void {
  const ips = (status.hostIPs ?? []).map(({ ip }) => ip);
  if (ips.length === 0) return;
  if ((status.hostIP ?? '') !== ips[0]) errors.push(invalid('status.hostIPs[0].ip', ips[0], 'must be equal to `hostIP`'));
  const known = (old.hostIPs ?? []).map(({ ip }) => ip);
  ips.forEach((ip, i) => validateIP(ip, `status.hostIPs[${i}]`, errors, known));
  validateFamilies(ips, 'status.hostIPs', errors);
}

function validateFamilies(ips: readonly string[], path: string, errors: FieldError[]): void {
  if (ips.length < 2) return;
  const unread = ips.findIndex((ip) => !parseIPAddress(ip));
  if (unread >= 0) errors.push(internalError(path, `failed to check for dual stack with error:invalid IP[${unread}]: ${ips[unread]}`));
  if (!isDualStackPair(ips)) {
    errors.push(invalid(path, ips.map((ip) => ({ IP: ip })), 'may specify no more than one IP for each IP family'));
  }
}

/** The user that a container runs as, which a node reports for its own operating system. */
function validateContainerUsers(
  statuses: readonly ContainerStatus[] | undefined, path: string, system: string | undefined, errors: FieldError[],
): void {
  statuses?.forEach(({ user }, i) => {
    const linux = user?.linux;
    const at = `${path}[${i}].user.linux`;
    if (!linux) return;
    if (system === 'windows') {
      errors.push(forbidden(at, 'cannot be set for a windows pod'));
      return;
    }
    const ids: [string, number][] = [['uid', linux.uid], ['gid', linux.gid]];
    linux.supplementalGroups?.forEach((id, j) => ids.push([`supplementalGroups[${j}]`, id]));
    for (const [member, id] of ids) invalidForEach(userID(id), id, `${at}.${member}`, errors);
  });
}
