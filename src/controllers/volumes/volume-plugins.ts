/** What kube-controller-manager knows of the makers of volumes: who provisions, and what it deletes itself. Pure. */
import type { PersistentVolume } from '../../schema/core/v1.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import { provisionedBy } from './claim-matching.ts';

/** Provisioners that were part of Kubernetes, and the drivers that took over (csi-translation-lib). */
const successors: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};
const inTree = 'kubernetes.io/';

/** Who makes the volumes of a class, or why nobody does. */
export function provisionerOf(className: string, storageClass: StorageClass | undefined): { readonly name: string } | { readonly error: string } {
  if (!storageClass) return { error: `storageclass.storage.k8s.io "${className}" not found` };
  const { provisioner } = storageClass;
  const successor = successors[provisioner];
  if (successor !== undefined) return { name: successor };
  return provisioner.startsWith(inTree) ? { error: `no volume plugin matched name: ${provisioner}` } : { name: provisioner };
}

/** What becomes of a released volume; undefined when that is not the controller's to decide. Recycling is not emulated. */
export function reclaim({ metadata, spec }: PersistentVolume): 'delete' | { readonly error: string } | undefined {
  if (spec.persistentVolumeReclaimPolicy !== 'Delete') return undefined;
  const provisioner = metadata.annotations?.[provisionedBy];
  if (provisioner) return provisioner.startsWith(inTree) ? { error: `no volume plugin matched name: ${provisioner}` } : undefined;
  if (spec.csi) return undefined;
  if (!spec.hostPath) return { error: `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched` };
  const { path } = spec.hostPath;
  return /^\/tmp\/.+/.test(path) ? 'delete' : { error: `host_path deleter only supports /tmp/.+ but received provided ${path}` };
}
