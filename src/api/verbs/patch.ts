/** PATCH: the patch applied to the stored object, and the result decoded, defaulted and written like an update. */
import type { KubeObject } from '../../schema/objects.ts';
import { ApiError, badRequest } from '../errors.ts';
import { complete, keepReset } from '../decoded-body.ts';
import { trackUpdate } from '../field-managers.ts';
import { decodeAs, DecodeError, decodeObject, strictText, type Decoded } from '../codec/codec.ts';
import { patchObject, type PatchBody, type Patched, type PatchRequest } from '../patch/patch.ts';
import type { FieldValidation } from '../request-options.ts';
import type { Services } from '../services.ts';
import { unshared } from './unshared.ts';
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
      const object = decodePatched(context, patched, fieldValidation, (value, strict) => decodeChanged(context.def, value, current, strict));
      complete(context.def, object, current);
      keepReset(object, patched.object);
      checkNames(context, object);
      trackUpdate(services, context, object, current);
      return object;
    },
  });
}

/** Reads the patched object with `decode`, as strictly as a body. Throws the patch's refusal. */
export function decodePatched(
  context: WriteContext, patched: Patched, validation: FieldValidation, decode: (object: Record<string, unknown>, strict: boolean) => Decoded,
): KubeObject {
  const strict = validation !== 'Ignore';
  try {
    const decoded = decode(patched.object, strict);
    const strictErrors = [...patched.strictErrors, ...(patched.sorts ? decoded.strictErrors.toSorted() : decoded.strictErrors)];
    if (validation === 'Strict' && strictErrors.length > 0) throw patched.refusal(strictText(strictErrors));
    for (const error of strictErrors) context.warn(error);
    return decoded.object as KubeObject;
  } catch (error) {
    if (error instanceof DecodeError) throw patched.refusal(error.message);
    throw error;
  }
}

/** Reads again only what the patch changed. A custom resource, and what claims to be of another kind, is read like a body. */
function decodeChanged(def: WriteContext['def'], object: Record<string, unknown>, current: KubeObject, strict: boolean): Decoded {
  if (!def.type || object['apiVersion'] !== def.apiVersion || object['kind'] !== def.kind) return decodeAs(JSON.stringify(object), def, strict);
  const { value, shared } = unshared(object, current);
  return decodeObject(def.type, value, strict, shared);
}

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
