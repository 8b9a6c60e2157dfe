/** Defaults of volumes, claims and storage classes. */
import { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../schema/core/v1.ts';
import { CSIDriver, StorageClass } from '../../schema/storage/v1.ts';
import { rule, type Rule } from './rule.ts';

export const storageDefaults: readonly Rule[] = [
  rule(PersistentVolume, ({ spec, status }) => {
    status.phase ??= 'Pending';
    spec.persistentVolumeReclaimPolicy ??= 'Retain';
    spec.volumeMode ??= 'Filesystem';
  }),
  rule(PersistentVolumeClaim, ({ status }) => {
    status.phase ??= 'Pending';
  }),
  rule(PersistentVolumeClaimSpec, (spec) => {
    spec.volumeMode ??= 'Filesystem';
  }),
  rule(StorageClass, (storageClass) => {
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  }),
  rule(CSIDriver, ({ spec }) => {
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ['Persistent'];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  }),
];
