/** Texts of PersistentVolumeClaims and of the members of their specs. */
import type { Texts } from './texts.ts';
import { conditionFields } from './pod-status.ts';

export const storageTexts = (): Texts => ({
  PersistentVolumeClaim: ['Asks for storage in a namespace; Pods name it in their volumes.', {
    spec: 'What storage is wanted.',
    status: 'What storage was found.',
  }],
  PersistentVolumeClaimTemplate: ['What claims look like that are made from a template.', {
    metadata: 'Labels and annotations for the claim that is made.',
    spec: 'What storage is wanted.',
  }],
  PersistentVolumeClaimSpec: ['What storage is wanted.', {
    accessModes: 'Who may mount it at the same time: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.',
    selector: 'Chooses PersistentVolumes by their labels.',
    resources: 'How large the storage has to be.',
    volumeName: 'The PersistentVolume that the claim is bound to.',
    storageClassName: 'The StorageClass that is asked for.',
    volumeMode: 'Whether it is a file system (Filesystem) or a bare device (Block).',
    dataSource: 'A snapshot or claim whose data the volume starts with.',
    dataSourceRef: 'An object of any kind whose data the volume starts with.',
    volumeAttributesClassName: 'The VolumeAttributesClass that sets further properties of the volume.',
  }],
  VolumeResourceRequirements: ['How large storage has to be.', {
    limits: 'The most that may be given.',
    requests: 'The least that is needed.',
  }],
  TypedLocalObjectReference: ['Refers to an object of some kind in the same namespace.', {
    apiGroup: 'The API group of the object; the core group unless given.',
    kind: 'The kind of the object.',
    name: 'The name of the object.',
  }],
  TypedObjectReference: ['Refers to an object of some kind.', {
    apiGroup: 'The API group of the object; the core group unless given.',
    kind: 'The kind of the object.',
    name: 'The name of the object.',
    namespace: 'The namespace of the object; the same one unless given.',
  }],
  PersistentVolumeClaimStatus: ['What storage was found for a claim.', {
    phase: 'Whether the claim has a volume: Pending, Bound or Lost.',
    accessModes: 'Who may mount the volume at the same time.',
    capacity: 'How large the volume is.',
    conditions: 'What holds of the claim, for example while it is resized.',
    allocatedResources: 'How large the volume is to be, while a resize is under way.',
    allocatedResourceStatuses: 'How far the resize has come, for each resource.',
    currentVolumeAttributesClassName: 'The VolumeAttributesClass that is in force.',
    modifyVolumeStatus: 'Set while the volume is changed to another VolumeAttributesClass.',
  }],
  ModifyVolumeStatus: ['How far a change of the VolumeAttributesClass has come.', {
    targetVolumeAttributesClassName: 'The class that the volume is changed to.',
    status: 'Pending, InProgress or Infeasible.',
  }],
  PersistentVolumeClaimCondition: ['One observed aspect of the state of a claim.', {
    ...conditionFields,
    lastProbeTime: 'When the condition was last looked at.',
  }],
});
