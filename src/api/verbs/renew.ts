/**
 * A heartbeat: a few scalars of a stored object get new values. Such a change cannot break a rule nor move the ownership
 * of a field, so admission, validation and field tracking are left out; and as a thousand idle nodes renew a hundred
 * Leases a second that nobody looks at, the object itself is made at its first reading only. Revisions, events and
 * history are those of any other write.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { notFound, success, type Status } from '../errors.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import { resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';

const renewed = success({ code: 200 });

/** Throws ApiError when there is no such object. `change` is as in `Store.renew`. */
export function renew(
  { store }: Services, def: ResourceDef, namespace: string, name: string, change: (object: KubeObject) => KubeObject,
): Status {
  const outcome = store.renew(storageKey(def, namespace, name), (object, revision) => {
    const next = change(object);
    return { ...next, metadata: { ...next.metadata, resourceVersion: resourceVersionOf(revision) } };
  });
  if (!outcome.ok) throw notFound(def.groupResource, name);
  return renewed;
}
