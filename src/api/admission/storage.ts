/** The three steps for storage: default classes, finalizers that protect what is in use, growth only where allowed. */
import type { PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { defaultStorageClassOf, storageClassOf, wantsDefaultClass } from '../../schema/storage-class.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import type { AdmissionStep } from '../admission.ts';
import { resourceName } from '../registry.ts';
import { isResource, refusal } from './refusal.ts';

/** Resources and the finalizer that protects each. */
const protections = [
  ['', 'persistentvolumes', 'kubernetes.io/pv-protection'],
  ['', 'persistentvolumeclaims', 'kubernetes.io/pvc-protection'],
  ['storage.k8s.io', 'volumeattributesclasses', 'kubernetes.io/vac-protection'],
] as const;

export const defaultStorageClass: AdmissionStep = {
  name: 'DefaultStorageClass',
  resources: ['persistentvolumeclaims'],
  admit(request, context) {
    if (request.operation !== 'CREATE' || !isResource(request, '', 'persistentvolumeclaims')) return;
    const claim = request.object as unknown as PersistentVolumeClaim;
    if (!wantsDefaultClass(claim)) return;
    const name = defaultStorageClassOf(context.list('storage.k8s.io', 'storageclasses', '') as readonly StorageClass[]);
    if (name !== undefined) claim.spec.storageClassName = name;
  },
};

export const storageObjectInUseProtection: AdmissionStep = {
  name: 'StorageObjectInUseProtection',
  resources: protections.map(([group, resource]) => resourceName(group, resource)),
  admit(request) {
    if (request.operation !== 'CREATE') return;
    for (const [group, resource, finalizer] of protections) {
      if (!isResource(request, group, resource)) continue;
      const finalizers = (request.object!.metadata.finalizers ??= []);
      if (!finalizers.includes(finalizer)) finalizers.push(finalizer);
    }
  },
};

export const persistentVolumeClaimResize: AdmissionStep = {
  name: 'PersistentVolumeClaimResize',
  resources: ['persistentvolumeclaims'],
  validate(request, context) {
    if (request.operation !== 'UPDATE' || !isResource(request, '', 'persistentvolumeclaims')) return;
    const claim = request.object as unknown as PersistentVolumeClaim;
    const old = request.oldObject as unknown as PersistentVolumeClaim;
    if (sizeOf(claim).cmp(sizeOf(old)) <= 0) return;
    if (old.status?.phase !== 'Bound') throw refusal(request, 'Only bound persistent volume claims can be expanded');
    const name = storageClassOf(claim);
    const storageClass = name && name === storageClassOf(old)
      ? context.get('storage.k8s.io', 'storageclasses', '', name) as unknown as StorageClass | undefined : undefined;
    if (!storageClass?.allowVolumeExpansion) {
      throw refusal(request,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
    }
  },
};

const sizeOf = (claim: PersistentVolumeClaim) => parseQuantity(claim.spec.resources?.requests?.['storage'] ?? '0');
