/** PATCH: the patch applied to the stored object, and the result decoded, defaulted and written like an update. */
import type { KubeObject } from '../../schema/objects.ts';
import { ApiError, badRequest } from '../errors.ts';
import { complete, keepReset } from '../decoded-body.ts';
import { trackUpdate } from '../field-managers.ts';
import { isObject } from '../../lib/json.ts';
import { decodeAs, DecodeError, decodeObject, strictText } from '../codec/codec.ts';
import { patchObject, type PatchBody, type Patched, type PatchRequest } from '../patch/patch.ts';
import type { FieldValidation } from '../request-options.ts';
import type { Services } from '../services.ts';
import { update } from './update.ts';
import { ensureNamespace, type WriteContext, type Written } from './write-context.ts';

/** JSON Patch, merge patch or strategic merge patch. Throws ApiError. */
export function patch(
  services: Services, context: WriteContext, type: PatchRequest['type'], body: PatchBody, fieldValidation: FieldValidation,
): Written {
  return update(services, context, {
    allowCreate: false,
    next: (old) => {
      const current = old!;
      const patched = patchObject({ type, body, current, struct: context.def.type!, fieldValidation });
      const object = decodePatched(context, patched, fieldValidation, current);
      checkNames(context, object);
      trackUpdate(services, context, object, current);
      return object;
    },
  });
}

/** Reads the patched object as its kind, as strictly as a body. */
function decodePatched(context: WriteContext, patched: Patched, validation: FieldValidation, current: KubeObject): KubeObject {
  const { def } = context;
  const strict = validation !== 'Ignore';
  // Only these may be shared with the stored object: defaults and strategies change the rest in place.
  const shared = { metadata: { managedFields: current.metadata.managedFields } };
  try {
    const decoded = def.type && namesItsKind(patched.object, def)
      ? decodeObject(def.type, patched.object, strict, shared)
      : decodeAs(JSON.stringify(patched.object), def, strict);
    const strictErrors = [...patched.strictErrors, ...(patched.sorts ? decoded.strictErrors.toSorted() : decoded.strictErrors)];
    if (validation === 'Strict' && strictErrors.length > 0) throw patched.refusal(strictText(strictErrors));
    for (const error of strictErrors) context.warn(error);
    const object = decoded.object as KubeObject;
    complete(def, object);
    keepReset(object, patched.object);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw patched.refusal(error.message);
    throw error;
  }
}

const namesItsKind = (object: unknown, { apiVersion, kind }: WriteContext['def']): boolean =>
  isObject(object) && object['apiVersion'] === apiVersion && object['kind'] === kind;

/** The patched object must still be the one that the URL names. */
export function checkNames(context: WriteContext, object: KubeObject): void {
  ensureNamespace(object, context.def, context.namespace);
  checkName(context.name, object);
}

export function checkName(name: string, object: KubeObject): void {
  const actual = object.metadata.name ?? '';
  if (actual === '') throw nameMissing(name);
  if (actual !== name) throw badRequest(`the name of the object (${actual}) does not match the name on the URL (${name})`);
}

const nameMissing = (name: string): ApiError =>
  badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
