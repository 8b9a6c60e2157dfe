/** `spec.volumes`: names, one source each, and the sources that today's clusters use. */
import type {
  ConfigMapVolumeSource, CSIVolumeSource, EphemeralVolumeSource, HostPathVolumeSource, ImageVolumeSource,
  NFSVolumeSource, SecretVolumeSource, Volume, VolumeSource,
} from '../../../schema/core/v1.ts';
import { parseQuantity } from '../../../schema/values/quantity.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../../field-error.ts';
import { quote } from '../../../lib/go-format.ts';
import { dns1123Label, dns1123Subdomain } from '../names.ts';
import { validateFileMode, validatePathNoBacksteps } from '../paths.ts';
import { validateClaimTemplate } from '../persistent-volume-claim-spec.ts';
import { invalidForEach } from '../rules.ts';
import { legacySources } from './legacy-volumes.ts';
import type { PodOptions } from './options.ts';
import { validateProjected } from './projected-volume.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { validateDownwardAPIFile, validateKeyToPath } from './volume-files.ts';
import { sourceRule, type SourceName, type SourceRule } from './volume-source.ts';

/** The volumes that containers may mount: those without a mistake. */
export type KnownVolumes = ReadonlyMap<string, Volume>;

const imageRule: SourceRule = {
  source: 'image',
  validate: (volume, path, errors, options) => validateImage(volume.image!, `${path}.image`, errors, options),
};

/** In upstream's order, which decides which of two sources is the surplus one. */
const rules = new Map<SourceName, SourceRule>([
  sourceRule('emptyDir', validateEmptyDir), sourceRule('hostPath', validateHostPath), legacySources.gitRepo,
  legacySources.gcePersistentDisk, legacySources.awsElasticBlockStore, sourceRule('secret', validateSecret), sourceRule('nfs', validateNFS),
  legacySources.iscsi, legacySources.glusterfs, legacySources.flocker,
  sourceRule('persistentVolumeClaim', (claim, path, errors) => {
    if (!claim.claimName) errors.push(required(`${path}.claimName`));
  }),
  legacySources.rbd, legacySources.cinder, legacySources.cephfs, legacySources.quobyte,
  sourceRule('downwardAPI', (source, path, errors) => {
    validateFileMode(source.defaultMode, `${path}.defaultMode`, errors);
    for (const file of source.items ?? []) validateDownwardAPIFile(file, path, errors);
  }, { surplusPath: 'downwarAPI' }),
  legacySources.fc, legacySources.flexVolume, sourceRule('configMap', validateConfigMap), legacySources.azureFile,
  legacySources.vsphereVolume, legacySources.photonPersistentDisk, legacySources.portworxVolume, legacySources.azureDisk,
  legacySources.storageos, sourceRule('projected', validateProjected), legacySources.scaleIO, sourceRule('csi', validateCSI),
  sourceRule('ephemeral', validateEphemeral), imageRule,
].map((rule) => [rule.source, rule]));

/** Checks all volumes; `podName` is empty for templates, whose pods have no name yet. Answers the usable ones. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined, podName: string, path: string, errors: FieldError[], options: PodOptions,
): KnownVolumes {
  const known = new Map<string, Volume>();
  const ownClaims = new Set(volumes?.filter((volume) => podName && volume.ephemeral).map((volume) => `${podName}-${volume.name}`));
  volumes?.forEach((volume, i) => {
    const at = `${path}[${i}]`;
    const found: FieldError[] = [];
    validateSource(volume, at, podName, found, options);
    if (!volume.name) found.push(required(`${at}.name`));
    else invalidForEach(dns1123Label(volume.name), volume.name, `${at}.name`, found);
    if (known.has(volume.name)) found.push(duplicate(`${at}.name`, volume.name));
    if (found.length === 0) known.set(volume.name, volume);
    else errors.push(...found);
    const claimName = volume.persistentVolumeClaim?.claimName;
    if (claimName !== undefined && ownClaims.has(claimName)) {
      errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claimName,
        'must not reference a PVC that gets created for an ephemeral volume'));
    }
  });
  return known;
}

function validateSource(volume: Volume, path: string, podName: string, errors: FieldError[], options: PodOptions): void {
  let sources = 0;
  for (const [source, rule] of rules) {
    if (volume[source] === undefined) continue;
    if (sources > 0) errors.push(forbidden(`${path}.${rule.surplusPath ?? source}`, 'may not specify more than 1 volume type'));
    else {
      rule.validate(volume, path, errors, options);
      if (source === 'ephemeral') validateOwnClaimName(volume.name, podName, path, errors);
    }
    sources++;
    if (source === 'iscsi') validateInitiatorLength(volume, path, errors);
  }
  if (sources === 0) errors.push(required(path, 'must specify a volume type'));
}

/** The claim of an ephemeral volume is named after pod and volume. */
function validateOwnClaimName(name: string, podName: string, path: string, errors: FieldError[]): void {
  if (!podName || !name) return;
  const claim = `${podName}-${name}`;
  for (const text of dns1123Subdomain(claim)) errors.push(invalid(`${path}.name`, name, `PVC name ${quote(claim)}: ${text}`));
}

function validateInitiatorLength(volume: Volume, path: string, errors: FieldError[]): void {
  const iscsi = volume.iscsi!;
  if (iscsi.initiatorName !== undefined && Buffer.byteLength(`${volume.name}:${iscsi.targetPortal}`) > 64) {
    errors.push(invalid(`${path}.name`, volume.name,
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'));
  }
}

function validateEmptyDir(source: NonNullable<VolumeSource['emptyDir']>, path: string, errors: FieldError[]): void {
  if (source.sizeLimit !== undefined && parseQuantity(source.sizeLimit).sign() < 0) {
    errors.push(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  }
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function validateHostPath(source: HostPathVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.path) {
    errors.push(required(`${path}.path`));
    return;
  }
  validatePathNoBacksteps(source.path, `${path}.path`, errors);
  if (source.type !== undefined && !hostPathTypes.includes(source.type)) {
    errors.push(notSupported(`${path}.type`, source.type, hostPathTypes));
  }
}

function validateSecret(source: SecretVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.secretName) errors.push(required(`${path}.secretName`));
  validateFileMode(source.defaultMode, `${path}.defaultMode`, errors);
  source.items?.forEach((item, i) => validateKeyToPath(item, `${path}.items[${i}]`, errors));
}

function validateConfigMap(source: ConfigMapVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.name) errors.push(required(`${path}.name`));
  validateFileMode(source.defaultMode, `${path}.defaultMode`, errors);
  source.items?.forEach((item, i) => validateKeyToPath(item, `${path}.items[${i}]`, errors));
}

export function validateNFS(source: NFSVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.server) errors.push(required(`${path}.server`));
  if (!source.path) errors.push(required(`${path}.path`));
  if (!source.path.startsWith('/')) errors.push(invalid(`${path}.path`, source.path, 'must be an absolute path'));
}

function validateCSI(source: CSIVolumeSource, path: string, errors: FieldError[]): void {
  validateCSIDriverName(source.driver, `${path}.driver`, errors);
  const secret = source.nodePublishSecretRef;
  if (!secret) return;
  if (!secret.name) errors.push(required(`${path}.nodePublishSecretRef.name`));
  else invalidForEach(dns1123Subdomain(secret.name), secret.name, `${path}.name`, errors);
}

export function validateCSIDriverName(name: string, path: string, errors: FieldError[]): void {
  if (!name) {
    errors.push(required(path));
    return;
  }
  if (Buffer.byteLength(name) > 63) errors.push(tooLong(path, 63));
  invalidForEach(dns1123Subdomain(name.toLowerCase()), name, path, errors);
}

function validateEphemeral(source: EphemeralVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.volumeClaimTemplate) errors.push(required(`${path}.volumeClaimTemplate`));
  else validateClaimTemplate(source.volumeClaimTemplate, `${path}.volumeClaimTemplate`, errors);
}

function validateImage(source: ImageVolumeSource, path: string, errors: FieldError[], options: PodOptions): void {
  if (options.resourceIsPod && !source.reference) errors.push(required(`${path}.reference`));
  validatePullPolicy(source.pullPolicy, `${path}.pullPolicy`, errors);
}
