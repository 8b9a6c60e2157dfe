/**
 * An Event that happens again: a recorder in this process gives a stored Event a higher count, another time and perhaps
 * another message. A crash loop writes hardly anything else. As long as the recorder is the Event's only manager, these
 * members are its own already and only its time moves; so nothing is merged, compared or validated. An Event that somebody
 * else has written to takes the way of every patch. Admission sees both.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { notFound } from '../errors.ts';
import { storageKey } from '../registry.ts';
import type { Services } from '../services.ts';
import { patch } from './patch.ts';
import { Admission, nowText, putOwn, type WriteContext } from './write-context.ts';

/** What is new of the Event, none of it empty. */
export interface Repetition {
  readonly count: number;
  readonly lastTimestamp: string;
  readonly message: string;
}

/** Throws ApiError, when there is no such Event above all. */
export function repeat(services: Services, context: WriteContext, repetition: Repetition): KubeObject {
  const { def, namespace, name } = context;
  const current = services.store.get(storageKey(def, namespace, name));
  if (!current) throw notFound(def.groupResource, name);
  const owner = ownerOfAll(context, current.value, repetition);
  if (!owner) return patch(services, context, 'strategic', { text: JSON.stringify(repetition), value: repetition, duplicates: [] }, 'Ignore').object;
  const managedFields = [{ ...owner, time: nowText(services) }];
  const next: KubeObject = { ...current.value, ...repetition, metadata: { ...current.value.metadata, managedFields } };
  const admission = new Admission(services, context, 'UPDATE');
  return admission.guard(() => {
    admission.admit(next, current.value);
    admission.validate(next, current.value);
    putOwn(services, current.key, next);
    return next;
  });
}

/** The recorder, when it is the only manager and the Event has had all that is new of it before. */
function ownerOfAll({ def, manager }: WriteContext, event: KubeObject, repetition: Repetition) {
  const [owner, ...others] = event.metadata.managedFields ?? [];
  const isOurs = others.length === 0 && owner?.manager === manager && owner.operation === 'Update' && owner.apiVersion === def.apiVersion;
  return isOurs && Object.keys(repetition).every((member) => event[member]) ? owner : undefined;
}
