/** The three steps for storage: default classes, finalizers that protect what is in use, growth only where allowed. */
import type { PersistentVolumeClaim } from '../../schema/core/v1.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import type { AdmissionStep } from '../admission.ts';
import { defaultOf } from './default-class.ts';
import { resourceName } from '../registry.ts';
import { isResource, refusal } from './refusal.ts';

const betaClassAnnotation = 'volume.beta.kubernetes.io/storage-class';
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

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
    if (claim.spec.storageClassName !== undefined || betaClassAnnotation in (claim.metadata.annotations ?? {})) return;
    const name = defaultOf(context.list('storage.k8s.io', 'storageclasses', ''), defaultAnnotations);
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
    const name = classOf(claim);
    const storageClass = name && name === classOf(old)
      ? context.get('storage.k8s.io', 'storageclasses', '', name) as unknown as StorageClass | undefined : undefined;
    if (!storageClass?.allowVolumeExpansion) {
      throw refusal(request,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
    }
  },
};

const sizeOf = (claim: PersistentVolumeClaim) => parseQuantity(claim.spec.resources?.requests?.['storage'] ?? '0');

/** The class of a claim; the old annotation wins. */
export const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[betaClassAnnotation] ?? spec.storageClassName ?? '';
