/** Rows of volumes, claims and classes of both storage and dynamic resources. */
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import type { ResourceClaim, ResourceClaimTemplate, ResourceSlice } from '../../schema/resource/v1.ts';
import type { CSIDriver, CSINode, StorageClass, VolumeAttachment, VolumeAttributesClass } from '../../schema/storage/v1.ts';
import { ageOf, nameOf, orNone, orUnset, printer, type Cell, type Loose, type Printers } from './cells.ts';

const betaStorageClass = 'volume.beta.kubernetes.io/storage-class';
const defaultClassAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

const nameAndAge = printer<ResourceClaimTemplate>((object, now): Cell[] => [nameOf(object), ageOf(object, now)]);

export const storagePrinters: Printers = {
  '/PersistentVolumeClaim': printer<PersistentVolumeClaim>((claim, now) => {
    const { metadata, spec, status } = claim;
    const bound = !!spec?.volumeName;
    return [
      nameOf(claim), metadata?.deletionTimestamp ? 'Terminating' : status?.phase ?? '', spec?.volumeName ?? '',
      bound ? status?.capacity?.['storage'] ?? '0' : '', bound ? accessModesText(status?.accessModes) : '',
      metadata?.annotations?.[betaStorageClass] ?? spec?.storageClassName ?? '', orUnset(spec?.volumeAttributesClassName),
      ageOf(claim, now), orUnset(spec?.volumeMode),
    ];
  }),
  '/PersistentVolume': printer<PersistentVolume>((volume, now) => {
    const { metadata, spec, status } = volume;
    return [
      nameOf(volume), spec?.capacity?.['storage'] ?? '0', accessModesText(spec?.accessModes), spec?.persistentVolumeReclaimPolicy ?? '',
      metadata?.deletionTimestamp ? 'Terminating' : status?.phase ?? '',
      spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
      metadata?.annotations?.[betaStorageClass] ?? spec?.storageClassName ?? '', orUnset(spec?.volumeAttributesClassName),
      status?.reason ?? '', ageOf(volume, now), orUnset(spec?.volumeMode),
    ];
  }),
  'storage.k8s.io/StorageClass': printer<StorageClass>((storageClass, now) => {
    const isDefault = defaultClassAnnotations.some((annotation) => storageClass.metadata?.annotations?.[annotation] === 'true');
    return [
      `${nameOf(storageClass)}${isDefault ? ' (default)' : ''}`, storageClass.provisioner ?? '', storageClass.reclaimPolicy ?? 'Delete',
      storageClass.volumeBindingMode ?? 'Immediate', storageClass.allowVolumeExpansion ?? false, ageOf(storageClass, now),
    ];
  }),
  'storage.k8s.io/VolumeAttachment': printer<VolumeAttachment>((attachment, now) => {
    const { attacher, source, nodeName } = attachment.spec ?? {};
    return [
      nameOf(attachment), attacher ?? '', source?.persistentVolumeName ?? '', nodeName ?? '',
      attachment.status?.attached ?? false, ageOf(attachment, now),
    ];
  }),
  'storage.k8s.io/VolumeAttributesClass': printer<VolumeAttributesClass>((attributes, now) => [
    nameOf(attributes), attributes.driverName ?? '', ageOf(attributes, now),
  ]),
  'storage.k8s.io/CSINode': printer<CSINode>((node, now) => [nameOf(node), node.spec?.drivers?.length ?? 0, ageOf(node, now)]),
  'storage.k8s.io/CSIDriver': printer<CSIDriver>((driver, now) => {
    const { spec } = driver;
    return [
      nameOf(driver), spec?.attachRequired ?? true, spec?.podInfoOnMount ?? false, spec?.storageCapacity ?? false,
      spec?.tokenRequests ? spec.tokenRequests.map(({ audience }) => audience ?? '').join(',') : '<unset>',
      spec?.requiresRepublish ?? false, orNone(spec?.volumeLifecycleModes?.join(',')), ageOf(driver, now),
    ];
  }),
  'resource.k8s.io/DeviceClass': nameAndAge,
  'resource.k8s.io/ResourceClaimTemplate': nameAndAge,
  'resource.k8s.io/ResourceClaim': printer<ResourceClaim>((claim, now) => [nameOf(claim), claimState(claim), ageOf(claim, now)]),
  'resource.k8s.io/ResourceSlice': printer<ResourceSlice>((slice, now) => [
    nameOf(slice), slice.spec?.nodeName ?? '', slice.spec?.driver ?? '', slice.spec?.pool?.name ?? '', ageOf(slice, now),
  ]),
};

const accessModes: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'], ['ReadOnlyMany', 'ROX'], ['ReadWriteMany', 'RWX'], ['ReadWriteOncePod', 'RWOP'],
];

function accessModesText(modes: readonly (string | null)[] | null | undefined): string {
  return accessModes.filter(([mode]) => modes?.includes(mode)).map(([, short]) => short).join(',');
}

function claimState({ metadata, status }: Loose<ResourceClaim>): string {
  const states = metadata?.deletionTimestamp ? ['deleted'] : [];
  if (status?.allocation) {
    states.push('allocated');
    if (status.reservedFor?.length) states.push('reserved');
  } else if (!metadata?.deletionTimestamp) {
    states.push('pending');
  }
  return states.join(',');
}
