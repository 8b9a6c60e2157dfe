/** CSIDrivers, CSINodes, CSIStorageCapacities and VolumeAttachments (pkg/registry/storage). */
import type { CSIDriver, CSINode, CSIStorageCapacity, VolumeAttachment } from '../../schema/storage/v1.ts';
import { CSIDriverSpec } from '../../schema/storage/v1.ts';
import { equal } from '../../lib/json.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import {
  validateCSIDriver, validateCSIDriverUpdate, validateCSINode, validateCSINodeUpdate, validateCSIStorageCapacity,
  validateCSIStorageCapacityUpdate,
} from '../validation/csi.ts';
import { semanticEqual } from '../validation/semantic-equal.ts';
import { validateVolumeAttachment, validateVolumeAttachmentUpdate } from '../validation/volume-attachment.ts';
import { genericStrategy, raiseGeneration } from './generic-strategy.ts';

/** A member behind a gate that is off (VolumeLimitScaling). */
const dropDisabled = ({ spec }: CSIDriver): void => void delete spec.preventPodSchedulingIfMissing;

const tokenWarning = 'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of '
  + 'tokens in volume attributes';

function tokenWarnings({ spec }: CSIDriver, old?: CSIDriver): string[] {
  if (!spec.tokenRequests?.length || spec.serviceAccountTokenInSecrets !== undefined) return [];
  return equal(spec.tokenRequests, old?.spec.tokenRequests) ? [] : [tokenWarning];
}

export const csiDriverStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateCSIDriver(object as unknown as CSIDriver, errors),
  update: (next, old, errors) => validateCSIDriverUpdate(next as unknown as CSIDriver, old as unknown as CSIDriver, errors),
  updateSteps: ['change', 'object', 'update'],
}, {
  prepareForCreate: (object) => dropDisabled(object as unknown as CSIDriver),
  prepareForUpdate: (object, oldObject) => {
    const [next, old] = [object as unknown as CSIDriver, oldObject as unknown as CSIDriver];
    dropDisabled(next);
    if (!semanticEqual(CSIDriverSpec, next.spec, old.spec)) raiseGeneration(object, oldObject);
  },
  warningsOnCreate: (object) => tokenWarnings(object as unknown as CSIDriver),
  warningsOnUpdate: (next, old) => tokenWarnings(next as unknown as CSIDriver, old as unknown as CSIDriver),
});

/** Upstream judges the change of the metadata of neither of these two. */
export const csiNodeStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateCSINode(object as unknown as CSINode, errors),
  update: (next, old, errors) => validateCSINodeUpdate(next as unknown as CSINode, old as unknown as CSINode, errors),
  updateSteps: ['metadata', 'object', 'update'],
});

/** A write of the status is judged as a whole, too. */
export function volumeAttachmentStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateVolumeAttachment(object as unknown as VolumeAttachment, errors),
    update: (next, old, errors) => validateVolumeAttachmentUpdate(next as unknown as VolumeAttachment, old as unknown as VolumeAttachment, errors),
    updateSteps: ['metadata', 'object', 'update'],
  });
  const status = { ...generic.subresources!['status'], validateUpdate: generic.validateUpdate! };
  return { ...generic, subresources: { ...generic.subresources, status } };
}

export const csiStorageCapacityStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateCSIStorageCapacity(object as unknown as CSIStorageCapacity, errors),
  update: (next, old, errors) =>
    validateCSIStorageCapacityUpdate(next as unknown as CSIStorageCapacity, old as unknown as CSIStorageCapacity, errors),
  updateSteps: ['metadata', 'object', 'change', 'update'],
});
