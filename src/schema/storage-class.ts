/** Which StorageClass claims and volumes belong to (component-helpers/storage/volume). */
import type { PersistentVolume, PersistentVolumeClaim } from './core/v1.ts';
import { defaultOf } from './default-class.ts';
import type { StorageClass } from './storage/v1.ts';

const betaClassAnnotation = 'volume.beta.kubernetes.io/storage-class';
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** The class of a claim or volume, empty for none; the old annotation wins. */
export const storageClassOf = ({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string =>
  metadata.annotations?.[betaClassAnnotation] ?? spec.storageClassName ?? '';

/** Whether a claim leaves the choice to the cluster. */
export const wantsDefaultClass = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  spec.storageClassName === undefined && !(betaClassAnnotation in (metadata.annotations ?? {}));

/** The name of the default class. */
export const defaultStorageClassOf = (classes: readonly StorageClass[]): string | undefined => defaultOf(classes, defaultAnnotations);
