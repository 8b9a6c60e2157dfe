/** The claims of a Pod, and what it takes to give those that wait for it volumes on a node (volumebinding/binder.go). Reads only. */
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../../schema/core/v1.ts';
import { storageClassOf } from '../../schema/storage-class.ts';
import { bindCompleted, findVolume, hasAnnotation, noProvisioner, requestOf, selectedNode } from '../volumes/claim-matching.ts';
import { claimNameOf } from '../volumes/pod-claims.ts';
import type { ClusterState } from './cluster-state.ts';

export interface ClaimUse {
  readonly name: string;
  /** The claim is made for this Pod by the ephemeral volume controller. */
  readonly ephemeral: boolean;
}

export interface ClaimPlan {
  /** Volumes that are there, for claims. */
  readonly reserve: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  /** Claims whose volumes are to be made on the node. */
  readonly provision: readonly PersistentVolumeClaim[];
}

export function claimsUsed(pod: Pod): ClaimUse[] {
  return (pod.spec?.volumes ?? []).flatMap((volume): ClaimUse[] => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [{ name, ephemeral: volume.ephemeral !== undefined }];
  });
}

export const isBound = (claim: PersistentVolumeClaim): boolean => Boolean(claim.spec?.volumeName)
  && (hasAnnotation(claim, bindCompleted) || claim.status?.phase === 'Bound');

/** The class of the claim binds when a Pod is scheduled. */
export const waitsForConsumer = (claim: PersistentVolumeClaim, cluster: ClusterState): boolean =>
  cluster.storageClass(storageClassOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';

/** How claims that wait for their consumer get volumes on a node; undefined on one where they can't. */
export function planner(claims: readonly PersistentVolumeClaim[], cluster: ClusterState): (node: Node) => ClaimPlan | undefined {
  const smallestFirst = claims.toSorted((a, b) => requestOf(a).cmp(requestOf(b)));
  const volumes = cluster.list<PersistentVolume>('persistentvolumes', '');
  return (node) => {
    const reserve: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
    const provision: PersistentVolumeClaim[] = [];
    const taken = new Set<string>();
    for (const claim of smallestFirst) {
      const asked = claim.metadata.annotations?.[selectedNode];
      if (asked !== undefined && asked !== node.metadata.name) return undefined;
      const volume = asked === undefined ? findVolume(claim, volumes, { node, taken, delayed: true }) : undefined;
      if (volume) {
        taken.add(volume.metadata.name!);
        reserve.push({ claim, volume });
      } else if (mayProvision(claim, node, cluster)) provision.push(claim);
      else return undefined;
    }
    return { reserve, provision };
  };
}

function mayProvision(claim: PersistentVolumeClaim, { metadata: { labels = {} } }: Node, cluster: ClusterState): boolean {
  const { provisioner = '', allowedTopologies = [] } = cluster.storageClass(storageClassOf(claim)) ?? {};
  if (provisioner === '' || provisioner === noProvisioner) return false;
  return allowedTopologies.length === 0 || allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.length > 0 && matchLabelExpressions.every(({ key, values }) => values?.includes(labels[key] ?? '')));
}
