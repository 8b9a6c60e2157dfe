/**
 * Where a PersistentVolume keeps its data: one source, checked as in a Pod but for those that name objects of other
 * namespaces (pkg/apis/core/validation ValidatePersistentVolumeSpec).
 */
import type {
  AzureFilePersistentVolumeSource, CinderPersistentVolumeSource, CSIPersistentVolumeSource, GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource, LocalVolumeSource, PersistentVolumeSpec, SecretReference,
  StorageOSPersistentVolumeSource, Volume,
} from '../../schema/core/v1.ts';
import { forbidden, invalid, required, type FieldError } from '../field-error.ts';
import { dns1123Label, dns1123Subdomain } from './names.ts';
import { validatePathNoBacksteps } from './paths.ts';
import { initiatorForms, legacySources } from './pod/legacy-volumes.ts';
import { templateOptions } from './pod/options.ts';
import type { SourceRule } from './pod/volume-source.ts';
import { validateCSIDriverName, validateHostPath, validateNFS } from './pod/volumes.ts';
import { inclusiveRange, invalidForEach } from './rules.ts';

/** A kind of volume that a PersistentVolume can be. */
interface Source {
  readonly name: keyof PersistentVolumeSpec;
  /** What upstream calls it when it is a second one. */
  readonly surplusPath: string;
  check(spec: PersistentVolumeSpec, path: string, errors: FieldError[], volumeName: string): void;
}

type Check<T> = (source: T, path: string, errors: FieldError[], volumeName: string) => void;

function own<K extends keyof PersistentVolumeSpec>(name: K, check: Check<NonNullable<PersistentVolumeSpec[K]>>): Source {
  return { name, surplusPath: name, check: (spec, path, errors, volumeName) => check(spec[name]!, `${path}.${name}`, errors, volumeName) };
}

/** A source that has the members and the rules of a Pod's. */
function asInPods({ source, surplusPath, validate }: SourceRule): Source {
  return {
    name: source as keyof PersistentVolumeSpec, surplusPath: surplusPath ?? source,
    check: (spec, path, errors) => validate(spec as unknown as Volume, path, errors, templateOptions),
  };
}

/** In upstream's order, which decides which of two sources is the surplus one. */
const sources: readonly Source[] = [
  own('hostPath', validateHostPath), asInPods(legacySources.gcePersistentDisk), asInPods(legacySources.awsElasticBlockStore),
  own('glusterfs', validateGlusterfs), asInPods(legacySources.flocker), own('nfs', validateNFS), asInPods(legacySources.rbd),
  asInPods(legacySources.quobyte), asInPods(legacySources.cephfs), own('iscsi', validateISCSI), own('cinder', validateCinder),
  asInPods(legacySources.fc), asInPods(legacySources.flexVolume), own('azureFile', validateAzureFile),
  asInPods(legacySources.vsphereVolume), asInPods(legacySources.photonPersistentDisk), asInPods(legacySources.portworxVolume),
  asInPods(legacySources.azureDisk), asInPods(legacySources.scaleIO), own('local', validateLocal), own('storageos', validateStorageOS),
  own('csi', validateCSI),
];

/** Members of the spec that are sources. */
export const sourceNames = sources.map(({ name }) => name);

export function validateVolumeSources(spec: PersistentVolumeSpec, volumeName: string, path: string, errors: FieldError[]): void {
  let found = 0;
  for (const { name, surplusPath, check } of sources) {
    if (spec[name] === undefined) continue;
    // Upstream forgets to ask for flexVolume whether it is the first.
    if (found > 0 && name !== 'flexVolume') errors.push(forbidden(`${path}.${surplusPath}`, 'may not specify more than 1 volume type'));
    else {
      check(spec, path, errors, volumeName);
      if (name === 'local' && !spec.nodeAffinity) errors.push(required(`${path}.nodeAffinity`, 'Local volume requires node affinity'));
    }
    found++;
  }
  if (found === 0) errors.push(required(path, 'must specify a volume type'));
}

function validateGlusterfs({ endpoints, path: share, endpointsNamespace }: GlusterfsPersistentVolumeSource, path: string, errors: FieldError[]): void {
  if (!endpoints) errors.push(required(`${path}.endpoints`));
  if (!share) errors.push(required(`${path}.path`));
  if (endpointsNamespace === undefined) return;
  const at = `${path}.endpointsNamespace`;
  if (endpointsNamespace === '') errors.push(invalid(at, '', 'if the endpointnamespace is set, it must be a valid namespace name'));
  else invalidForEach(dns1123Label(endpointsNamespace), endpointsNamespace, at, errors);
}

const badInitiator = 'must be valid format';
const isInitiator = (name: string): boolean => initiatorForms[name.slice(0, 3) as keyof typeof initiatorForms]?.test(name) ?? false;

function validateISCSI(source: ISCSIPersistentVolumeSource, path: string, errors: FieldError[], volumeName: string): void {
  const { targetPortal, iqn, lun, secretRef, initiatorName } = source;
  if (!targetPortal) errors.push(required(`${path}.targetPortal`));
  if (initiatorName !== undefined && Buffer.byteLength(`${volumeName}:${targetPortal}`) > 64) {
    errors.push(invalid(`${path}.targetportal`, targetPortal,
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'));
  }
  if (!iqn) errors.push(required(`${path}.iqn`));
  else if (!isInitiator(iqn)) errors.push(invalid(`${path}.iqn`, iqn, badInitiator));
  if (lun < 0 || lun > 255) errors.push(invalid(`${path}.lun`, lun, inclusiveRange(0, 255)));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef) errors.push(required(`${path}.secretRef`));
  if (secretRef && !secretRef.name) errors.push(required(`${path}.secretRef.name`));
  if (initiatorName !== undefined && !isInitiator(initiatorName)) errors.push(invalid(`${path}.initiatorname`, initiatorName, badInitiator));
}

/** A secret that must be named, whatever it is called. */
function requireSecret(secret: { readonly name?: string; readonly namespace?: string } | undefined, path: string, errors: FieldError[]): void {
  if (!secret) return;
  if (!secret.name) errors.push(required(`${path}.secretRef.name`));
  if (!secret.namespace) errors.push(required(`${path}.secretRef.namespace`));
}

function validateCinder({ volumeID, secretRef }: CinderPersistentVolumeSource, path: string, errors: FieldError[]): void {
  if (!volumeID) errors.push(required(`${path}.volumeID`));
  requireSecret(secretRef, path, errors);
}

function validateAzureFile({ secretName, shareName, secretNamespace }: AzureFilePersistentVolumeSource, path: string, errors: FieldError[]): void {
  if (!secretName) errors.push(required(`${path}.secretName`));
  if (!shareName) errors.push(required(`${path}.shareName`));
  if (secretNamespace === '') errors.push(required(`${path}.secretNamespace`));
}

function validateLocal({ path: directory }: LocalVolumeSource, path: string, errors: FieldError[]): void {
  if (!directory) errors.push(required(`${path}.path`));
  else validatePathNoBacksteps(directory, `${path}.path`, errors);
}

function validateStorageOS({ volumeName, volumeNamespace, secretRef }: StorageOSPersistentVolumeSource, path: string, errors: FieldError[]): void {
  if (!volumeName) errors.push(required(`${path}.volumeName`));
  else invalidForEach(dns1123Label(volumeName), volumeName, `${path}.volumeName`, errors);
  if (volumeNamespace) invalidForEach(dns1123Label(volumeNamespace), volumeNamespace, `${path}.volumeNamespace`, errors);
  requireSecret(secretRef, path, errors);
}

const csiSecrets = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const;

function validateCSI(source: CSIPersistentVolumeSource, path: string, errors: FieldError[]): void {
  validateCSIDriverName(source.driver, `${path}.driver`, errors);
  if (!source.volumeHandle) errors.push(required(`${path}.volumeHandle`));
  for (const member of csiSecrets) {
    const secret = source[member];
    if (secret) validateSecretReference(secret, `${path}.${member}`, errors);
  }
}

function validateSecretReference({ name, namespace }: SecretReference, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`));
  else invalidForEach(dns1123Subdomain(name), name, `${path}.name`, errors);
  if (!namespace) errors.push(required(`${path}.namespace`));
  else invalidForEach(dns1123Label(namespace), namespace, `${path}.namespace`, errors);
}
