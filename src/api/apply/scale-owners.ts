/**
 * managedFields on both sides of a scale subresource: who owns the replicas of the parent owns those of its scale, and the
 * other way round (apimachinery/pkg/util/managedfields/scalehandler.go).
 */
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import { difference, hasPath, setOf } from './field-set.ts';
import { dropEmptyOwners, readOwners, writeOwners, type Owners } from './managed-fields.ts';
import { elementsOf } from './reset-fields.ts';

const scaleApiVersion = 'autoscaling/v1';
const scaleReplicas = elementsOf('.spec.replicas');

/** Where a parent keeps its replicas (`.spec.replicas`), by API version; undefined for a version without a scale. */
export type ReplicasPaths = Readonly<Record<string, string | undefined>>;

/** The entries with which the scale of a parent is shown to a write. */
export function scaleEntries(parent: readonly ManagedFieldsEntry[] | undefined, paths: ReplicasPaths): ManagedFieldsEntry[] | undefined {
  const scale: Owners = new Map();
  for (const [id, owner] of readOwners(parent, 'stored') ?? []) {
    const path = paths[owner.apiVersion];
    if (path !== undefined && hasPath(owner.fields, elementsOf(path))) {
      scale.set(id, { ...owner, apiVersion: scaleApiVersion, fields: setOf([scaleReplicas]) });
    }
  }
  return writeOwners(scale);
}

/** The entries of the parent, which is served as `apiVersion`, after its scale was written. */
export function parentEntries(
  parent: readonly ManagedFieldsEntry[] | undefined, scale: readonly ManagedFieldsEntry[] | undefined, paths: ReplicasPaths, apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const after: Owners = new Map();
  // An update of the parent and the same one of its scale differ in their API version, and so count as two owners.
  const left: Owners = new Map(readOwners(scale, 'stored'));
  for (const [id, owner] of readOwners(parent, 'stored') ?? []) {
    if (!Object.hasOwn(paths, owner.apiVersion)) continue;
    const path = paths[owner.apiVersion];
    const keeps = path === undefined || !hasPath(owner.fields, elementsOf(path)) || left.delete(id);
    after.set(id, keeps ? owner : { ...owner, fields: difference(owner.fields, setOf([elementsOf(path)])) });
  }
  const replicas = paths[apiVersion];
  for (const [id, owner] of left) {
    if (replicas === undefined || !hasPath(owner.fields, scaleReplicas)) continue;
    // Upstream looks up the time among the parent's owners, where a new one has none.
    after.set(id, { ...owner, apiVersion, fields: setOf([elementsOf(replicas)]), time: undefined });
  }
  dropEmptyOwners(after);
  return writeOwners(after);
}
