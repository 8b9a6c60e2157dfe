/**
 * The filters for persistent volumes: claims that are bound are honoured, and claims that wait for their first consumer need
 * a volume on the node or somebody who makes one. The number of volumes per node is not limited (NodeVolumeLimits has
 * nothing to count without CSINode objects).
 */
import type { PersistentVolumeClaim } from '../../../schema/core/v1.ts';
import { nodeTestOf } from '../../volumes/claim-matching.ts';
import { claimsUsed, isBound, planner, waitsForConsumer, type ClaimUse } from '../claim-plan.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { PodInfo } from '../pod-info.ts';
import { resolvable, unresolvable, type Filter, type NodeCheck, type PodRejection } from './filter.ts';

const zoneLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region'];
const claimInUse = resolvable('VolumeRestrictions',
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod');
const noVolume = unresolvable('VolumeBinding', "node(s) didn't find available persistent volumes to bind");
const wrongNode = unresolvable('VolumeBinding', "node(s) didn't match PersistentVolume's node affinity");
const volumeGone = unresolvable('VolumeBinding', 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
const wrongZone = unresolvable('VolumeZone', 'node(s) had no available volume zone');

export const volumeRestrictions: Filter = {
  name: 'VolumeRestrictions',
  prepare(pod, cluster) {
    const exclusive = new Set<string>();
    for (const { name } of claimsUsed(pod.pod)) {
      const claim = cluster.claim(pod.namespace, name);
      if (!claim) return { rejectsPod: `persistentvolumeclaim "${name}" not found` };
      if (claim.spec?.accessModes?.includes('ReadWriteOncePod')) exclusive.add(name);
    }
    if (exclusive.size === 0) return undefined;
    const uses = (other: PodInfo) => other.namespace === pod.namespace && claimsUsed(other.pod).some(({ name }) => exclusive.has(name));
    const users = new Set<string>();
    for (const node of cluster.nodes()) for (const other of node.pods.values()) if (uses(other)) users.add(other.key);
    return {
      // A conflict rules out every node; only on the user's own node can preemption end it.
      check: (node) => {
        if (users.size === 0) return undefined;
        const onThisNode = [...users].some((key) => node.pods.has(key));
        return onThisNode ? claimInUse : { ...claimInUse, unresolvable: true };
      },
      podMoved: (other, _node, sign) => {
        if (!uses(other)) return;
        if (sign > 0) users.add(other.key);
        else users.delete(other.key);
      },
    };
  },
};

export const volumeBinding: Filter = {
  name: 'VolumeBinding',
  prepare(pod, cluster) {
    const uses = claimsUsed(pod.pod);
    if (uses.length === 0) return undefined;
    const claims: PersistentVolumeClaim[] = [];
    for (const use of uses) {
      const claim = cluster.claim(pod.namespace, use.name);
      const trouble = claimTrouble(use, claim);
      if (trouble !== undefined) return { rejectsPod: trouble };
      claims.push(claim!);
    }
    return checkOf(claims, cluster);
  },
};

function claimTrouble({ name, ephemeral }: ClaimUse, claim: PersistentVolumeClaim | undefined): string | undefined {
  if (!claim) {
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`;
  }
  if (claim.status?.phase === 'Lost') return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`;
  return claim.metadata.deletionTimestamp ? `persistentvolumeclaim "${name}" is being deleted` : undefined;
}

function checkOf(claims: readonly PersistentVolumeClaim[], cluster: ClusterState): NodeCheck | PodRejection {
  const waiting = claims.filter((claim) => !isBound(claim));
  const delayed = waiting.filter((claim) => waitsForConsumer(claim, cluster));
  if (delayed.length < waiting.length) return { rejectsPod: 'pod has unbound immediate PersistentVolumeClaims' };
  const volumes = claims.filter(isBound).map(({ spec }) => cluster.volume(spec?.volumeName ?? ''));
  const tests = volumes.map((volume) => volume && nodeTestOf(volume));
  const planOn = delayed.length > 0 ? planner(delayed, cluster) : undefined;
  return {
    check: ({ node }) => {
      if (volumes.includes(undefined)) return volumeGone;
      if (tests.some((test) => test && !test(node!))) return wrongNode;
      return planOn && !planOn(node!) ? noVolume : undefined;
    },
  };
}

export const volumeZone: Filter = {
  name: 'VolumeZone',
  prepare(pod, cluster) {
    const wanted = claimsUsed(pod.pod).flatMap(({ name }) => {
      const volume = cluster.volume(cluster.claim(pod.namespace, name)?.spec?.volumeName ?? '');
      const labels = volume?.metadata.labels ?? {};
      return zoneLabels.filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, values: labels[key]!.split('__') }));
    });
    if (wanted.length === 0) return undefined;
    return {
      check: ({ labels }) => {
        if (!zoneLabels.some((key) => Object.hasOwn(labels, key))) return undefined;
        return wanted.every(({ key, values }) => values.includes(labels[key] ?? '')) ? undefined : wrongZone;
      },
    };
  },
};
