/** Who owns the claims of a StatefulSet's Pods, so that they go when its retention policy says so (stateful_set_utils.go). Pure. */
import type { StatefulSet } from '../../schema/apps/v1.ts';
import type { PersistentVolumeClaim, Pod } from '../../schema/core/v1.ts';
import type { OwnerReference } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { controllerReference, podKind, statefulSetKind, type WorkloadKind } from '../workload-ownership.ts';
import { isInRange, ordinalOf } from './stateful-set-pods.ts';

const ownersOf = ({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] => metadata?.ownerReferences ?? [];

/** A reference to something of this kind and name, whatever its uid. */
function names({ apiVersion, kind }: WorkloadKind, { metadata }: KubeObject): (reference: OwnerReference) => boolean {
  return (reference) => reference.apiVersion === apiVersion && reference.kind === kind && reference.name === metadata.name;
}

function isStale(claim: PersistentVolumeClaim, kind: WorkloadKind, object: KubeObject): boolean {
  const reference = ownersOf(claim).find(names(kind, object));
  return reference !== undefined && reference.uid !== (object.metadata.uid ?? '');
}

/** A claim that goes with an earlier Pod of this name: the new one has to wait. */
export function blocksPod({ spec }: StatefulSet, claim: PersistentVolumeClaim | undefined, pod: Pod): boolean {
  return spec?.persistentVolumeClaimRetentionPolicy?.whenScaled === 'Delete' && claim !== undefined && isStale(claim, podKind, pod);
}

/** True when the policy matters and somebody else manages the claim. */
export function hasOtherController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenScaled, whenDeleted } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled !== 'Delete' && whenDeleted !== 'Delete') return false;
  return ownersOf(claim).some((reference) => {
    if (names(statefulSetKind, set)(reference)) return reference.uid !== set.metadata.uid;
    if (names(podKind, pod)(reference)) return reference.uid !== pod.metadata.uid;
    return reference.controller === true;
  });
}

/** Which of set and Pod the claim should go with. */
function wantedOwners(set: StatefulSet, pod: Pod): { readonly set: boolean; readonly pod: boolean } {
  const { whenScaled, whenDeleted } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const condemned = whenScaled === 'Delete' && !isInRange(set, ordinalOf(pod));
  return { set: whenDeleted === 'Delete' && !condemned, pod: condemned };
}

/** The claim with the owners that the policy asks for; undefined when it has them or is none of our business. */
export function withOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): PersistentVolumeClaim | undefined {
  if (isStale(claim, statefulSetKind, set) || isStale(claim, podKind, pod)) return undefined;
  const owners = ownersOf(claim);
  const has = ({ metadata }: KubeObject) => owners.some(({ uid }) => uid === metadata.uid);
  const taken = hasOtherController(claim, set, pod);
  const wanted = taken ? { set: false, pod: false } : wantedOwners(set, pod);
  const weak = owners.some(({ uid, controller }) => (uid === set.metadata.uid || uid === pod.metadata.uid) && !controller);
  if (has(set) === wanted.set && has(pod) === wanted.pod && (taken || !weak)) return undefined;
  const others = owners.filter((reference) => !names(statefulSetKind, set)(reference) && !names(podKind, pod)(reference));
  const own = [
    ...(wanted.pod ? [controllerReference(podKind, pod)] : []), ...(wanted.set ? [controllerReference(statefulSetKind, set)] : []),
  ];
  const { ownerReferences: _, ...metadata } = claim.metadata!;
  const ownerReferences = [...others, ...own];
  return { ...claim, metadata: ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata };
}
