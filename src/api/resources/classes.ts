/** StorageClasses, VolumeAttributesClasses and RuntimeClasses (pkg/apis/storage, pkg/apis/node). */
import type { RuntimeClass } from '../../schema/node/v1.ts';
import type { StorageClass, VolumeAttributesClass } from '../../schema/storage/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { required } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { validateLabels } from '../validation/labels.ts';
import { dns1123Label } from '../validation/names.ts';
import { validateContainerResources } from '../validation/pod/resources.ts';
import { validateTolerations } from '../validation/pod/tolerations.ts';
import { invalidForEach, validateImmutable } from '../validation/rules.ts';
import {
  validateStorageClass, validateStorageClassUpdate, validateVolumeAttributesClass, validateVolumeAttributesClassUpdate,
} from '../validation/storage-class.ts';
import { genericStrategy, type UpdateStep } from './generic-strategy.ts';

const updateSteps: readonly UpdateStep[] = ['metadata', 'object', 'change', 'update'];

export const storageClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateStorageClass(object as unknown as StorageClass, errors),
  update: (next: KubeObject, old: KubeObject, errors) => validateStorageClassUpdate(next as unknown as StorageClass, old as unknown as StorageClass, errors),
  updateSteps,
});

export const volumeAttributesClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateVolumeAttributesClass(object as unknown as VolumeAttributesClass, errors),
  update: (next, old, errors) =>
    validateVolumeAttributesClassUpdate(next as unknown as VolumeAttributesClass, old as unknown as VolumeAttributesClass, errors),
  updateSteps: ['change', 'update', 'metadata', 'object'],
});

export const runtimeClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  metadata: 'generic',
  object: (object, errors) => {
    const { handler, overhead, scheduling } = object as unknown as RuntimeClass;
    if (!handler) errors.push(required('handler'));
    else invalidForEach(dns1123Label(handler), handler, 'handler', errors);
    if (overhead) validateContainerResources({ limits: overhead.podFixed ?? {} }, new Set(), 'overhead', errors);
    validateLabels(scheduling?.nodeSelector, 'scheduling.nodeSelector', errors);
    validateTolerations(scheduling?.tolerations, 'scheduling.tolerations', errors);
  },
  update: (next, old, errors) => validateImmutable(next['handler'], old['handler'], 'handler', errors),
  updateSteps,
});
