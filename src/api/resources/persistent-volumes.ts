/** PersistentVolumes (pkg/registry/core/persistentvolume, pkg/api/persistentvolume). */
import type { PersistentVolume } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { formatTime } from '../../schema/values/time.ts';
import { required, type FieldError } from '../field-error.ts';
import type { Strategy, UpdateStrategy } from '../strategy.ts';
import { nameIsDNSSubdomain, nameIsDNSSubdomainPrefix } from '../validation/names.ts';
import { validateObjectMeta } from '../validation/object-meta.ts';
import { validateMountOptions, validateVolumeSpec, validateVolumeUpdate } from '../validation/persistent-volume.ts';
import { genericStrategy } from './generic-strategy.ts';
import { deprecatedSourceWarnings } from './pod-volume-warnings.ts';
import { nodeTermWarnings } from './pod-warnings.ts';

const asVolume = (object: KubeObject): PersistentVolume => object as unknown as PersistentVolume;

export function volumeStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    status: (next, _old, errors) => {
      if (!next.metadata.resourceVersion) errors.push(required('resourceVersion'));
    },
  });
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      asVolume(object).status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(context.now) };
    },
    validateCreate: (object) => {
      const errors: FieldError[] = [];
      validateVolume(object, errors);
      validateMountOptions(asVolume(object), errors);
      return errors;
    },
    // Upstream judges the new volume twice, and the change of its metadata not at all.
    validateUpdate: (next, old) => {
      const errors: FieldError[] = [];
      validateVolume(next, errors);
      validateMountOptions(asVolume(next), errors);
      validateVolume(next, errors);
      validateVolumeUpdate(asVolume(next), asVolume(old), errors);
      return errors;
    },
    warningsOnCreate: (object) => warnings(asVolume(object)),
    warningsOnUpdate: (object) => warnings(asVolume(object)),
    subresources: { ...generic.subresources, status: statusStrategy(generic.subresources!['status']!) },
  };
}

const metadataRules = { namespaced: false, name: nameIsDNSSubdomain, generateName: nameIsDNSSubdomainPrefix };

function validateVolume(object: KubeObject, errors: FieldError[]): void {
  validateObjectMeta(object.metadata, metadataRules, errors);
  validateVolumeSpec(asVolume(object).spec!, object.metadata.name ?? '', 'spec', errors);
}

/** The time of the last change of phase is the server's, unless the client says when it was. */
function statusStrategy(generic: UpdateStrategy): UpdateStrategy {
  return {
    ...generic,
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      const status = asVolume(next).status ??= {};
      const before = asVolume(old).status ?? {};
      const time = before.lastPhaseTransitionTime;
      if (status.phase === before.phase) {
        if (!status.lastPhaseTransitionTime && time) status.lastPhaseTransitionTime = time;
      } else if (!status.lastPhaseTransitionTime || status.lastPhaseTransitionTime === time) {
        status.lastPhaseTransitionTime = formatTime(context.now);
      }
    },
  };
}

const deprecatedAnnotations = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};
/** In the order in which they are told. */
const deprecatedSources = ['cephfs', 'photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'rbd'] as const;
const recycle = 'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';

function warnings({ metadata, spec }: PersistentVolume): string[] {
  const terms = spec!.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...Object.entries(deprecatedAnnotations).filter(([name]) => Object.hasOwn(metadata?.annotations ?? {}, name))
      .map(([name, text]) => `metadata.annotations[${name}]: ${text}`),
    ...(spec!.persistentVolumeReclaimPolicy === 'Recycle' ? [`spec.persistentVolumeReclaimPolicy: ${recycle}`] : []),
    ...terms.flatMap((term, i) => nodeTermWarnings(term, false, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`)),
    ...deprecatedSourceWarnings(spec!, 'spec', deprecatedSources),
  ];
}
