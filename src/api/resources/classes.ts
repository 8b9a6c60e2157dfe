/** StorageClasses and RuntimeClasses (pkg/apis/storage, pkg/apis/node): what they say of themselves never changes. */
import type { RuntimeClass } from '../../schema/node/v1.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { notSupported, required, type FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { validateLabelName, validateLabels } from '../validation/labels.ts';
import { dns1123Label } from '../validation/names.ts';
import { validateContainerResources } from '../validation/pod/resources.ts';
import { validateTolerations } from '../validation/pod/tolerations.ts';
import { invalidForEach, validateImmutable } from '../validation/rules.ts';
import { genericStrategy, type UpdateStep } from './generic-strategy.ts';

const updateSteps: readonly UpdateStep[] = ['metadata', 'object', 'change', 'update'];
const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];

export const storageClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateStorageClass(object as unknown as StorageClass, errors),
  update: (next: KubeObject, old: KubeObject, errors) => {
    for (const member of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
      validateImmutable(next[member], old[member], member, errors);
    }
  },
  updateSteps,
});

function validateStorageClass({ provisioner, reclaimPolicy, volumeBindingMode }: StorageClass, errors: FieldError[]): void {
  if (!provisioner) errors.push(required('provisioner'));
  else validateLabelName(provisioner.toLowerCase(), 'provisioner', errors);
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) errors.push(notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies));
  if (volumeBindingMode === undefined) errors.push(required('volumeBindingMode'));
  else if (!bindingModes.includes(volumeBindingMode)) errors.push(notSupported('volumeBindingMode', volumeBindingMode, bindingModes));
}

export const runtimeClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
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
