/**
 * A heartbeat: replaces a stored version by a copy of it in which a few scalars differ. Such a change cannot break a rule
 * nor move the ownership of a field, so admission, validation and field tracking are left out: a thousand idle nodes
 * renew a hundred Leases a second.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { conflict, notFound } from '../errors.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import { resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';
import { modified } from './update.ts';

/** Throws ApiError when `object` does not stem from the stored version. */
export function renew({ store }: Services, def: ResourceDef, object: KubeObject): KubeObject {
  const { namespace = '', name = '', resourceVersion } = object.metadata;
  const next = { ...object, metadata: { ...object.metadata, resourceVersion: resourceVersionOf(store.revision + 1) } };
  // Number, not the versioner: the text comes from us.
  const outcome = store.update(storageKey(def, namespace, name), next, Number(resourceVersion));
  if (outcome.ok) return outcome.stored.value;
  throw outcome.reason === 'missing' ? notFound(def.groupResource, name) : conflict(def.groupResource, name, modified);
}
