/**
 * The create of an Event by a recorder in this process. Most writes are such: a Pod that starts has four. The first Event of
 * a make goes the way of every create; what its manager owns of it is kept, and later ones that have the same members are
 * stored as the recorder made them: in canonical form, valid, and owned alike. Admission sees them all.
 */
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { alreadyExists } from '../errors.ts';
import { storageKey } from '../registry.ts';
import { resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';
import { create } from './create.ts';
import { Admission, nowText, type WriteContext } from './write-context.ts';

type Owned = NonNullable<ManagedFieldsEntry['fieldsV1']>;

/** By manager, version and make. Recorders know a handful. */
const ownedFields = new Map<string, Owned>();

/** `event` is new, in canonical form, as it is stored; `decode` makes what any other create begins with. Throws ApiError. */
export function record(
  services: Services, context: WriteContext, event: KubeObject, decode: (object: KubeObject) => KubeObject,
): KubeObject {
  const { apiVersion, conversion } = context.def;
  const make = `${context.manager} ${apiVersion} ${membersOf(event)}`;
  const fields = ownedFields.get(make);
  if (fields !== undefined) return store(services, context, event, fields);
  const { object } = create(services, context, decode(conversion?.fromStorage(event) ?? event));
  const [owner] = object.metadata.managedFields ?? [];
  if (owner?.fieldsV1) ownedFields.set(make, owner.fieldsV1);
  return object;
}

/** The names of the members that hold something, at any depth. */
function membersOf(object: object): string {
  let names = '';
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    if (value === null || value === '') continue;
    names += typeof value === 'object' ? `${name}{${membersOf(value)}}` : `${name} `;
  }
  return names;
}

function store(services: Services, context: WriteContext, event: KubeObject, fieldsV1: Owned): KubeObject {
  const { def, namespace, manager } = context;
  const { name = '', annotations } = event.metadata;
  const admission = new Admission(services, context, 'CREATE', name);
  return admission.guard(() => {
    admission.admit(event, undefined);
    admission.validate(event, undefined);
    const time = nowText(services);
    const outcome = services.store.create(storageKey(def, namespace, name), {
      ...event,
      metadata: {
        name, namespace, uid: services.random.uuid(), resourceVersion: resourceVersionOf(services.store.revision + 1), creationTimestamp: time,
        ...(annotations ? { annotations } : {}),
        managedFields: [{ manager, operation: 'Update', apiVersion: def.apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 }],
      },
    });
    if (!outcome.ok) throw alreadyExists(def.groupResource, name);
    return outcome.stored.value;
  });
}
