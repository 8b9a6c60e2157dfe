/** PersistentVolumeClaims (pkg/registry/core/persistentvolumeclaim, pkg/api/persistentvolumeclaim). */
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { quote } from '../../lib/go-format.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import type { Strategy } from '../strategy.ts';
import { validateClaimStatus, validateClaimUpdate } from '../validation/persistent-volume-claim.ts';
import { validateClaimSpec } from '../validation/persistent-volume-claim-spec.ts';
import { isFractional } from '../validation/resource-names.ts';
import { genericStrategy } from './generic-strategy.ts';

const asClaim = (object: KubeObject): PersistentVolumeClaim => object as unknown as PersistentVolumeClaim;
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function claimStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateClaimSpec(asClaim(object).spec!, 'spec', errors),
    update: (next, old, errors) => validateClaimUpdate(asClaim(next), asClaim(old), errors),
    updateSteps: ['change', 'metadata', 'object', 'update'],
    status: (next, _old, errors) => validateClaimStatus(asClaim(next), errors),
  });
  return {
    ...generic,
    prepareForCreate: (object) => {
      const claim = asClaim(object);
      claim.status = { phase: 'Pending' };
      normalizeDataSources(claim.spec!, undefined);
    },
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      normalizeDataSources(asClaim(next).spec!, asClaim(old).spec);
    },
    warningsOnCreate: (object) => warnings(asClaim(object)),
    warningsOnUpdate: (object) => warnings(asClaim(object)),
  };
}

/**
 * `dataSource` is the older, stricter way to say `dataSourceRef`: what it may not name is dropped unless the claim had
 * a source before, and each of the two fills in for the other. Sources in other namespaces are behind a gate that is off.
 */
function normalizeDataSources(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec | undefined): void {
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  if (!old?.dataSource && !old?.dataSourceRef && !spec.dataSourceRef && !isClaimOrSnapshot(spec)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}

function isClaimOrSnapshot({ dataSource }: PersistentVolumeClaimSpec): boolean {
  const group = dataSource?.apiGroup ?? '';
  return (dataSource?.kind === 'PersistentVolumeClaim' && group === '')
    || (dataSource?.kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io');
}

function warnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  const texts = metadata?.annotations && Object.hasOwn(metadata.annotations, classAnnotation)
    ? [`metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`] : [];
  return [...texts, ...claimSpecWarnings(spec!, 'spec')];
}

/** Also of the claims in the templates of StatefulSets. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, path: string): string[] {
  return (['requests', 'limits'] as const).flatMap((member) => {
    const storage = resources?.[member]?.['storage'];
    if (storage === undefined || !isFractional(parseQuantity(storage))) return [];
    return [`${path}.resources.${member}[storage]: fractional byte value ${quote(storage)} is invalid, must be an integer`];
  });
}
