/** Volumes of storage systems that today come as CSI drivers; Kubernetes still checks their fields. */
import type {
  AzureDiskVolumeSource, FCVolumeSource, FlexVolumeSource, FlockerVolumeSource, ISCSIVolumeSource, QuobyteVolumeSource,
  StorageOSVolumeSource,
} from '../../../schema/core/v1.ts';
import { invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { dns1123Label } from '../names.ts';
import { validateLocalDescendingPath } from '../paths.ts';
import { inclusiveRange, invalidForEach, keysOf } from '../rules.ts';
import { sourceRule } from './volume-source.ts';

/** One required cause for each named member that is empty. */
function requireAll<T extends object>(...members: (keyof T & string)[]) {
  return (source: T, path: string, errors: FieldError[]): void => {
    for (const member of members) if (isEmpty(source[member])) errors.push(required(`${path}.${member}`));
  };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A disk and its partition; upstream allows 0 and says otherwise. */
function disk<T extends { readonly partition?: number }>(id: keyof T & string) {
  return (source: T, path: string, errors: FieldError[]): void => {
    requireAll<T>(id)(source, path, errors);
    const partition = source.partition ?? 0;
    if (partition < 0 || partition > 255) errors.push(invalid(`${path}.partition`, partition, inclusiveRange(1, 255)));
  };
}

export const legacySources = {
  gitRepo: sourceRule('gitRepo', (source, path, errors) => {
    if (!source.repository) errors.push(required(`${path}.repository`));
    validateLocalDescendingPath(source.directory ?? '', `${path}.directory`, errors);
  }),
  gcePersistentDisk: sourceRule('gcePersistentDisk', disk('pdName'), { child: 'persistentDisk' }),
  awsElasticBlockStore: sourceRule('awsElasticBlockStore', disk('volumeID')),
  iscsi: sourceRule('iscsi', validateISCSI),
  glusterfs: sourceRule('glusterfs', requireAll('endpoints', 'path')),
  flocker: sourceRule('flocker', validateFlocker),
  rbd: sourceRule('rbd', requireAll('monitors', 'image')),
  cinder: sourceRule('cinder', (source, path, errors) => {
    if (!source.volumeID) errors.push(required(`${path}.volumeID`));
    requireSecretName(source.secretRef, path, errors);
  }),
  cephfs: sourceRule('cephfs', requireAll('monitors'), { surplusPath: 'cephFS' }),
  quobyte: sourceRule('quobyte', validateQuobyte),
  fc: sourceRule('fc', validateFC),
  flexVolume: sourceRule('flexVolume', validateFlexVolume),
  azureFile: sourceRule('azureFile', requireAll('secretName', 'shareName')),
  vsphereVolume: sourceRule('vsphereVolume', requireAll('volumePath')),
  photonPersistentDisk: sourceRule('photonPersistentDisk', requireAll('pdID')),
  portworxVolume: sourceRule('portworxVolume', requireAll('volumeID')),
  azureDisk: sourceRule('azureDisk', validateAzureDisk),
  storageos: sourceRule('storageos', validateStorageOS),
  scaleIO: sourceRule('scaleIO', requireAll('gateway', 'system', 'volumeName')),
};

function requireSecretName(secret: { readonly name?: string } | undefined, path: string, errors: FieldError[]): void {
  if (secret && !secret.name) errors.push(required(`${path}.secretRef.name`));
}

export const initiatorForms = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function validateInitiator(name: string, path: string, errors: FieldError[]): void {
  const form = initiatorForms[name.slice(0, 3) as keyof typeof initiatorForms];
  if (!form) errors.push(invalid(path, name, 'must be valid format starting with iqn, eui, or naa'));
  else if (!form.test(name)) errors.push(invalid(path, name, 'must be valid format'));
}

function validateISCSI(source: ISCSIVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.targetPortal) errors.push(required(`${path}.targetPortal`));
  if (source.iqn) validateInitiator(source.iqn, `${path}.iqn`, errors);
  else errors.push(required(`${path}.iqn`));
  if (source.lun < 0 || source.lun > 255) errors.push(invalid(`${path}.lun`, source.lun, inclusiveRange(0, 255)));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) errors.push(required(`${path}.secretRef`));
  if (source.initiatorName !== undefined) validateInitiator(source.initiatorName, `${path}.initiatorname`, errors);
}

function validateFlocker(source: FlockerVolumeSource, path: string, errors: FieldError[]): void {
  const { datasetName = '', datasetUUID = '' } = source;
  if (!datasetName && !datasetUUID) errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (datasetName && datasetUUID) {
    errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (datasetName.includes('/')) errors.push(invalid(`${path}.datasetName`, datasetName, "must not contain '/'"));
}

function validateQuobyte(source: QuobyteVolumeSource, path: string, errors: FieldError[]): void {
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (!source.registry) errors.push(required(`${path}.registry`, pairs));
  else if (Buffer.byteLength(source.tenant ?? '') >= 65) {
    errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    for (const pair of source.registry.split(',')) {
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)) errors.push(invalid(`${path}.registry`, source.registry, pairs));
    }
  }
  if (!source.volume) errors.push(required(`${path}.volume`));
}

function validateFC(source: FCVolumeSource, path: string, errors: FieldError[]): void {
  const targets = source.targetWWNs ?? [];
  const wwids = source.wwids ?? [];
  if (targets.length === 0 && wwids.length === 0) {
    errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targets.length > 0 && wwids.length > 0) {
    errors.push(invalid(`${path}.targetWWNs`, targets, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targets.length === 0) return;
  if (source.lun === undefined) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  else if (source.lun < 0 || source.lun > 255) errors.push(invalid(`${path}.lun`, source.lun, inclusiveRange(0, 255)));
}

function validateFlexVolume(source: FlexVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.driver) errors.push(required(`${path}.driver`));
  for (const option of keysOf(source.options)) {
    const domain = `.${option.split('/', 1)[0]!.toLowerCase()}`;
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')) {
      errors.push(invalid(`${path}.options[${option}]`, option, 'kubernetes.io and k8s.io namespaces are reserved'));
    }
  }
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const diskKinds = ['Dedicated', 'Managed', 'Shared'];
const managedDiskURIs = ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'];
const blobDiskURIs = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'];

function validateAzureDisk(source: AzureDiskVolumeSource, path: string, errors: FieldError[]): void {
  requireAll<AzureDiskVolumeSource>('diskName', 'diskURI')(source, path, errors);
  const { cachingMode, kind, diskURI } = source;
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode)) {
    errors.push(notSupported(`${path}.cachingMode`, cachingMode, cachingModes));
  }
  if (kind === undefined) return;
  if (!diskKinds.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, diskKinds));
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    errors.push(notSupported(`${path}.diskURI`, diskURI, managedDiskURIs));
  }
  if (kind !== 'Managed' && !diskURI.startsWith('https://')) errors.push(notSupported(`${path}.diskURI`, diskURI, blobDiskURIs));
}

function validateStorageOS(source: StorageOSVolumeSource, path: string, errors: FieldError[]): void {
  if (!source.volumeName) errors.push(required(`${path}.volumeName`));
  else invalidForEach(dns1123Label(source.volumeName), source.volumeName, `${path}.volumeName`, errors);
  if (source.volumeNamespace) {
    invalidForEach(dns1123Label(source.volumeNamespace), source.volumeNamespace, `${path}.volumeNamespace`, errors);
  }
  requireSecretName(source.secretRef, path, errors);
}
