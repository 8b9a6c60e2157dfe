/** PersistentVolumes, and the spec of one inside a VolumeAttachment (pkg/apis/core/validation, pkg/volume/validation). */
import { PersistentVolumeSpec as SpecType, VolumeNodeAffinity, type PersistentVolume, type PersistentVolumeSpec } from '../../schema/core/v1.ts';
import { structType } from '../../schema/struct-type.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { copy } from '../../lib/json.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { inInternalOrder, internalForm } from './internal-form.ts';
import { dns1123Subdomain } from './names.ts';
import { validateAccessModes, volumeModes } from './persistent-volume-claim-spec.ts';
import { sourceNames, validateVolumeSources } from './persistent-volume-sources.ts';
import { validateNodeSelector } from './pod/affinity.ts';
import { invalidForEach, keysOf, mustBePositive, validateImmutable } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';
import { diffOfJson } from './unified-diff.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const inline = 'in the context of inline volumes';

export function validateVolumeSpec(spec: PersistentVolumeSpec, volumeName: string, path: string, errors: FieldError[]): void {
  if (!spec.accessModes?.length) errors.push(required(`${path}.accessModes`));
  validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`, errors);
  validateCapacity(spec, `${path}.capacity`, errors);
  const { persistentVolumeReclaimPolicy: policy, nodeAffinity, storageClassName, volumeMode } = spec;
  if (policy && !reclaimPolicies.includes(policy)) errors.push(notSupported(`${path}.persistentVolumeReclaimPolicy`, policy, reclaimPolicies));
  if (nodeAffinity?.required) validateNodeSelector(nodeAffinity.required, `${path}.nodeAffinity.required`, errors);
  else if (nodeAffinity) errors.push(required(`${path}.nodeAffinity.required`, 'must specify required node constraints'));
  validateVolumeSources(spec, volumeName, path, errors);
  validateRecycling(spec, path, errors);
  if (storageClassName) invalidForEach(dns1123Subdomain(storageClassName), storageClassName, `${path}.storageClassName`, errors);
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) errors.push(notSupported(`${path}.volumeMode`, volumeMode, volumeModes));
  validateAttributesClass(spec, path, errors);
}

function validateCapacity({ capacity }: PersistentVolumeSpec, path: string, errors: FieldError[]): void {
  const names = keysOf(capacity);
  if (names.length === 0) errors.push(required(path));
  if (names.length !== 1 || names[0] !== 'storage') errors.push(notSupported(path, capacity, ['storage']));
  for (const name of names) {
    const quantity = parseQuantity(capacity![name]!);
    if (quantity.value() < 0n) errors.push(invalid(`${path}[${name}]`, quantity.value(), 'must be a valid resource quantity'));
    if (quantity.sign() <= 0) errors.push(invalid(`${path}[${name}]`, capacity![name], mustBePositive));
  }
}

/** Nobody wants the whole host to be wiped. */
function validateRecycling({ hostPath, persistentVolumeReclaimPolicy }: PersistentVolumeSpec, path: string, errors: FieldError[]): void {
  if (persistentVolumeReclaimPolicy === 'Recycle' && hostPath && /^\/[/.]*$/.test(hostPath.path)) {
    errors.push(forbidden(`${path}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'"));
  }
}

function validateAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec, path: string, errors: FieldError[]): void {
  if (name === undefined) return;
  if (name === '') errors.push(required(`${path}.volumeAttributesClassName`, 'an empty string is disallowed'));
  else invalidForEach(dns1123Subdomain(name), name, `${path}.volumeAttributesClassName`, errors);
  if (!csi) errors.push(required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName'));
}

/** The spec that a VolumeAttachment brings along when there is no PersistentVolume. */
export function validateInlineVolumeSpec(spec: PersistentVolumeSpec, path: string, errors: FieldError[]): void {
  const refuse = (member: string) => errors.push(forbidden(`${path}.${member}`, `may not be specified ${inline}`));
  if (spec.claimRef) refuse('claimRef');
  if (keysOf(spec.capacity).length > 0) refuse('capacity');
  if (!spec.csi) errors.push(required(`${path}.csi`, `has to be specified ${inline}`));
  if (!spec.accessModes?.length) errors.push(required(`${path}.accessModes`));
  validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`, errors);
  const { persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  if (policy && policy !== 'Retain') errors.push(forbidden(`${path}.persistentVolumeReclaimPolicy`, `may only be Retain ${inline}`));
  if (spec.nodeAffinity) refuse('nodeAffinity');
  validateVolumeSources(spec, '', path, errors);
  validateRecycling(spec, path, errors);
  if (spec.storageClassName) refuse('storageClassName');
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    errors.push(forbidden(`${path}.volumeMode`, `may not specify volumeMode other than Filesystem ${inline}`));
  }
}

const mountOptions = 'volume.beta.kubernetes.io/mount-options';
const mountedSources = [
  'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'cinder', 'cephfs', 'azureFile',
  'vsphereVolume', 'azureDisk', 'photonPersistentDisk',
] as const;

/** The annotation of old for volumes that are mounted; all others have no use for it. */
export function validateMountOptions({ metadata, spec }: PersistentVolume, errors: FieldError[]): void {
  const hasOptions = Object.hasOwn(metadata?.annotations ?? {}, mountOptions);
  if (hasOptions && !mountedSources.some((source) => spec?.[source])) {
    errors.push(forbidden(`metadata.annotations.${mountOptions}`, 'may not specify mount options for this volume type'));
  }
}

const immutableSource = 'spec.persistentvolumesource is immutable after creation';

/** The rules of a change, beyond those of the new volume. */
export function validateVolumeUpdate({ spec: next }: PersistentVolume, { spec: old }: PersistentVolume, errors: FieldError[]): void {
  const [source, oldSource] = [sourceOf(next!), sourceOf(old!)];
  // A volume that did not say how it is expanded may say so.
  if (oldSource.csi && !oldSource.csi.controllerExpandSecretRef) delete source.csi?.controllerExpandSecretRef;
  if (!semanticEqual(SpecType, source, oldSource)) {
    errors.push(forbidden('spec.persistentvolumesource', `${immutableSource}\n${diffOfJson(sourceForm(oldSource), sourceForm(source))}`));
  }
  validateImmutable(next!.volumeMode, old!.volumeMode, 'volumeMode', errors);
  validateNodeAffinityUpdate(next!, old!, errors);
  if (old!.volumeAttributesClassName !== undefined && next!.volumeAttributesClassName === undefined) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  }
}

const sourceOf = (spec: PersistentVolumeSpec): Partial<PersistentVolumeSpec> =>
  copy(Object.fromEntries(sourceNames.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]]))));

/** The internal PersistentVolumeSource, a part of the spec whose members are all there, set or not. */
function sourceForm(source: Partial<PersistentVolumeSpec>): object {
  const form = internalForm(SpecType, source) as Record<string, unknown>;
  return Object.fromEntries(inInternalOrder(structType(SpecType)).filter(({ name }) => sourceNames.includes(name as keyof PersistentVolumeSpec)).map(({ goName }) => [goName, form[goName]]));
}

/** Labels that got other names when they left beta. */
const renamedLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os', 'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

function validateNodeAffinityUpdate({ nodeAffinity: next }: PersistentVolumeSpec, { nodeAffinity: old }: PersistentVolumeSpec, errors: FieldError[]): void {
  if (!old) return;
  const renamed = copy(old);
  for (const [i, term] of (renamed.required?.nodeSelectorTerms ?? []).entries()) {
    for (const [j, requirement] of (term.matchExpressions ?? []).entries()) {
      const key = next?.required?.nodeSelectorTerms?.[i]?.matchExpressions?.[j]?.key;
      if (key !== undefined && Object.hasOwn(renamedLabels, requirement.key) && renamedLabels[requirement.key] === key) requirement.key = key;
    }
  }
  if (semanticEqual(VolumeNodeAffinity, next, renamed)) return;
  const printed = next && internalForm(VolumeNodeAffinity, next);
  errors.push(invalid('nodeAffinity', printed, 'field is immutable, except for updating from beta label to GA'));
}
