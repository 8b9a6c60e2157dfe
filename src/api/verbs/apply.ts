/** Server-side apply as a verb: creates what is not there, merges into what is (endpoints/handlers/patch.go applyPatcher). */
import { copy, isObject } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { unreadableResult } from '../apply/apply.ts';
import { DecodeError, normalize } from '../codec/codec.ts';
import { complete } from '../decoded-body.ts';
import { conflict } from '../errors.ts';
import { trackApply } from '../field-managers.ts';
import type { Services } from '../services.ts';
import { checkNames } from './patch.ts';
import { createsOnUpdate, update } from './update.ts';
import type { WriteContext, Written } from './write-context.ts';

/** `applied` is the body as it was sent. Throws ApiError. */
export function apply(services: Services, context: WriteContext, applied: Readonly<Record<string, unknown>>, force: boolean): Written {
  const { def, name } = context;
  return update(services, context, {
    // An apply always may create, but for subresources (registry/core/pod/storage: forceAllowCreate is false there).
    allowCreate: context.subresource === '' || createsOnUpdate(context),
    next: (old) => {
      const { object, managedFields } = trackApply(services, context, applied, old, force);
      const fresh = normalize(def.type, copy(object)) as unknown as KubeObject;
      if (!def.type) pruneApplied(context, fresh, applied);
      if (!isObject(fresh.metadata)) fresh.metadata = {};
      complete(def, fresh);
      if (managedFields) fresh.metadata.managedFields = managedFields;
      const { uid } = fresh.metadata;
      if (!old && uid) {
        throw conflict(def.groupResource, name,
          `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
      }
      checkNames(context, fresh);
      return fresh;
    },
  });
}

/** A custom resource is read by its schema again once all is merged: empty labels go. */
function pruneApplied({ def }: WriteContext, fresh: KubeObject, applied: Readonly<Record<string, unknown>>): void {
  try {
    def.prune?.(fresh, def.version);
  } catch (error) {
    if (error instanceof DecodeError) throw unreadableResult(applied, def, error.message);
    throw error;
  }
}
