/**
 * The spec of a pod, in a Pod or in a template: upstream's ValidatePodSpec (pkg/apis/core/validation/validation.go), one
 * file per subject in this folder, in upstream's order and words. Values come decoded, defaulted and without members of
 * disabled feature gates. Rules that upstream relaxes for objects of older versions have no place here.
 */
import type { PodSpec } from '../../../schema/core/v1.ts';
import { duplicate, invalid, notFound, required, type FieldError } from '../../field-error.ts';
import { validateLabels } from '../labels.ts';
import { dns1123Label, inRange, nameIsDNSSubdomain, qualifiedName } from '../names.ts';
import { invalidForEach } from '../rules.ts';
import { validateAffinity } from './affinity.ts';
import { containersOf } from './containers-of.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers, type PodParts } from './containers.ts';
import { validateDNSConfig, validateDNSPolicy, validateHostAliases, validateHostnameOverride } from './dns.ts';
import type { PodOptions } from './options.ts';
import { validateHostNetworkPorts } from './ports.ts';
import { validateResourceClaims } from './resource-claims.ts';
import { validateContainerResources, validatePodResources } from './resources.ts';
import { validatePodRestartPolicy } from './restart-policy.ts';
import { validatePreemptionPolicy } from '../preemption-policy.ts';
import { validateHostUsers, validatePodSecurityContext } from './security-context.ts';
import { validateTolerations } from './tolerations.ts';
import { validateTopologySpread } from './topology-spread.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess, validateOS } from './windows.ts';

const int32Max = 2 ** 31 - 1;

/** The Pod that the spec belongs to; templates have none yet. */
export interface SpecOwner {
  readonly name: string;
  readonly isMirror: boolean;
}

export function validatePodSpec(spec: PodSpec, owner: SpecOwner, path: string, errors: FieldError[], options: PodOptions): void {
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const pod: PodParts = {
    spec,
    volumes: validateVolumes(spec.volumes, owner.name, `${path}.volumes`, errors, options),
    claimNames: new Set(spec.resourceClaims?.map((claim) => claim.name).filter((name) => name !== '')),
  };
  validateResourceClaims(spec.resourceClaims, owner.isMirror, `${path}.resourceClaims`, errors);
  validateContainers(pod, `${path}.containers`, errors);
  validateInitContainers(pod, `${path}.initContainers`, errors);
  validateEphemeralContainers(pod, `${path}.ephemeralContainers`, errors);
  validatePodResources(spec, pod.claimNames, path, errors);
  validateHostNetworkPorts(spec, path, errors, options);
  validatePodRestartPolicy(spec.restartPolicy, `${path}.restartPolicy`, errors);
  validateDNSPolicy(spec.dnsPolicy, `${path}.dnsPolicy`, errors);
  validateLabels(spec.nodeSelector, `${path}.nodeSelector`, errors);
  validatePodSecurityContext(spec, path, errors);
  validateAffinity(spec.affinity, `${path}.affinity`, errors);
  validateDNSConfig(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`, errors);
  validateGates(spec, path, errors);
  validateTopologySpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errors);
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, errors);
  validateHostnameOverride(spec, path, errors);
  validateNamesAndDeadline(spec, path, errors);
  validateTolerations(spec.tolerations, `${path}.tolerations`, errors);
  validateHostAliases(spec.hostAliases, `${path}.hostAliases`, errors);
  validateClasses(spec, path, errors);
  if (spec.overhead) validateContainerResources({ limits: spec.overhead }, new Set(), `${path}.overhead`, errors);
  validateOS(spec, path, errors);
  validateFileKeyVolumes(spec, path, errors);
}

function validateGates(spec: PodSpec, path: string, errors: FieldError[]): void {
  spec.readinessGates?.forEach(({ conditionType }, i) =>
    invalidForEach(qualifiedName(conditionType), conditionType, `${path}.readinessGates[${i}].conditionType`, errors));
  const names = new Set<string>();
  spec.schedulingGates?.forEach(({ name }, i) => {
    invalidForEach(qualifiedName(name), name, `${path}.schedulingGates[${i}]`, errors);
    if (names.has(name)) errors.push(duplicate(`${path}.schedulingGates[${i}]`, name));
    names.add(name);
  });
}

function validateNamesAndDeadline(spec: PodSpec, path: string, errors: FieldError[]): void {
  for (const member of ['serviceAccountName', 'nodeName'] as const) {
    if (spec[member]) invalidForEach(nameIsDNSSubdomain(spec[member]), spec[member], `${path}.${member}`, errors);
  }
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined) invalidForEach(inRange(deadline, 1, int32Max), deadline, `${path}.activeDeadlineSeconds`, errors);
  for (const member of ['hostname', 'subdomain'] as const) {
    if (spec[member]) invalidForEach(dns1123Label(spec[member]), spec[member], `${path}.${member}`, errors);
  }
}

function validateClasses(spec: PodSpec, path: string, errors: FieldError[]): void {
  const { priorityClassName, runtimeClassName, preemptionPolicy } = spec;
  if (priorityClassName) invalidForEach(nameIsDNSSubdomain(priorityClassName), priorityClassName, `${path}.priorityClassName`, errors);
  if (runtimeClassName !== undefined) {
    invalidForEach(nameIsDNSSubdomain(runtimeClassName), runtimeClassName, `${path}.runtimeClassName`, errors);
  }
  validatePreemptionPolicy(preemptionPolicy, `${path}.preemptionPolicy`, errors);
}

/** Variables read from files need a volume that containers can write to. */
function validateFileKeyVolumes(spec: PodSpec, path: string, errors: FieldError[]): void {
  for (const [container, at] of containersOf(spec, path)) {
    container.env?.forEach(({ valueFrom }, i) => {
      const name = valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return;
      const volume = spec.volumes?.findLast((candidate) => candidate.name === name);
      const volumeNamePath = `${at}.env[${i}].valueFrom.fileKeyRef.volumeName`;
      if (!volume) errors.push(notFound(volumeNamePath, name));
      else if (!volume.emptyDir) errors.push(invalid(volumeNamePath, name, 'referenced volume must be of type emptyDir'));
    });
  }
}
