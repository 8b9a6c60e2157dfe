/** Which volume suits which claim (component-helpers/storage/volume, pkg/controller/volume/persistentvolume/index.go). Pure. */
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { storageClassOf } from '../../schema/storage-class.ts';
import { storedLabelSelector } from '../../schema/values/label-selector.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { termTest } from '../node-matching.ts';

export const bindCompleted = 'pv.kubernetes.io/bind-completed';
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
export const provisionedBy = 'pv.kubernetes.io/provisioned-by';
/** On a claim: the node for which the scheduler wants a volume. */
export const selectedNode = 'volume.kubernetes.io/selected-node';
/** On a claim: who is to make its volume. */
export const storageProvisioner = 'volume.kubernetes.io/storage-provisioner';
/** The provisioner of classes whose volumes are made by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

export interface Search {
  /** The node that must be able to use the volume. Without one, a claim that waits for its consumer gets reserved volumes only. */
  readonly node?: Node;
  /** Names of volumes that are spoken for. */
  readonly taken?: ReadonlySet<string>;
  /** The class binds when a Pod is scheduled. */
  readonly delayed: boolean;
}

/** The smallest volume that suits the claim; one that is reserved for it before all others (FindMatchingVolume). */
export function findVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], search: Search): PersistentVolume | undefined {
  const { node, taken, delayed } = search;
  const requested = requestOf(claim);
  const selector = claim.spec.selector ? storedLabelSelector(claim.spec.selector) : undefined;
  let best: { volume: PersistentVolume; size: Quantity } | undefined;
  for (const volume of volumes) {
    const isReserved = isReservedFor(volume, claim);
    if (taken?.has(volume.metadata.name!) || (volume.spec.claimRef && !isReserved)) continue;
    const size = sizeOf(volume);
    if (size.cmp(requested) < 0 || !sameMode(claim, volume) || !sameAttributes(claim, volume) || volume.metadata.deletionTimestamp) continue;
    const isReachable = !node || nodeTestOf(volume)(node);
    if (isReserved) return isReachable ? volume : undefined;
    if ((!node && delayed) || volume.status?.phase !== 'Available' || (claim.spec.selector && !selector?.matches(volume.metadata.labels))) continue;
    if (storageClassOf(volume) !== storageClassOf(claim) || !isReachable || (node && !hasModes(claim, volume))) continue;
    if (!best || best.size.cmp(size) > 0) best = { volume, size };
  }
  return best?.volume;
}

/** The volume for a claim, wherever it is: one with as few access modes beyond the requested ones as there is. */
export function bestVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], delayed: boolean): PersistentVolume | undefined {
  const byModes = new Map<string, PersistentVolume[]>();
  for (const volume of volumes) {
    if (!hasModes(claim, volume)) continue;
    const modes = [...new Set(volume.spec.accessModes)].sort().join();
    const alike = byModes.get(modes);
    if (alike) alike.push(volume);
    else byModes.set(modes, [volume]);
  }
  for (const [, alike] of [...byModes].sort(([a], [b]) => a.split(',').length - b.split(',').length)) {
    const volume = findVolume(claim, alike, { delayed });
    if (volume) return volume;
  }
  return undefined;
}

/** Why a claim may not have the volume that it asks for by name; undefined when it may (checkVolumeSatisfyClaim). */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (sizeOf(volume).value() < requestOf(claim).value()) return 'requested PV is too small';
  if (storageClassOf(volume) !== storageClassOf(claim)) return 'storageClassName does not match';
  if (!sameAttributes(claim, volume)) return 'volumeAttributesClassName does not match';
  if (!sameMode(claim, volume)) return 'incompatible volumeMode';
  return hasModes(claim, volume) ? undefined : 'incompatible accessMode';
}

/** Whether the volume names this claim; one reserved by hand has no uid in its reference (IsVolumeBoundToClaim). */
export function isReservedFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  return claimRef?.name === metadata.name && claimRef?.namespace === metadata.namespace && (!claimRef?.uid || claimRef.uid === metadata.uid);
}

/** The volume as it is bound to the claim; the same one when it is already (GetBindVolumeToClaim). */
export function reserved(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  if (isReservedFor(volume, claim) && volume.spec.claimRef?.uid === claim.metadata.uid) return volume;
  const { namespace = '', name = '', uid = '', resourceVersion = '' } = claim.metadata;
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
  const metadata = isReservedFor(volume, claim) ? volume.metadata : annotated(volume, { [boundByController]: 'yes' }).metadata;
  return { ...volume, metadata, spec: { ...volume.spec, claimRef } };
}

/** The object with annotations beside those it has. */
export function annotated<T extends PersistentVolume | PersistentVolumeClaim>(object: T, annotations: Readonly<Record<string, string>>): T {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } } };
}

export const hasAnnotation = ({ metadata }: PersistentVolume | PersistentVolumeClaim, name: string): boolean =>
  Object.hasOwn(metadata.annotations ?? {}, name);

export const sameMode = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.volumeMode ?? 'Filesystem') === (volume.spec.volumeMode ?? 'Filesystem');

/** A test for the nodes that can use a volume. */
export function nodeTestOf(volume: PersistentVolume): (node: Node) => boolean {
  const terms = volume.spec.nodeAffinity?.required?.nodeSelectorTerms?.map(termTest);
  return (node) => !terms || terms.some((test) => test(node));
}

export const requestOf = ({ spec }: PersistentVolumeClaim): Quantity => parseQuantity(spec.resources?.requests?.['storage'] ?? '0');

const sizeOf = ({ spec }: PersistentVolume): Quantity => parseQuantity(spec.capacity?.['storage'] ?? '0');

const sameAttributes = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.volumeAttributesClassName ?? '') === (volume.spec.volumeAttributesClassName ?? '');

const hasModes = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));
