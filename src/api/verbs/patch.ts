/** PATCH: the patch applied to the stored object, and the result decoded, defaulted and written like an update. */
import type { KubeObject } from '../../schema/objects.ts';
import { ApiError, badRequest } from '../errors.ts';
import { complete, keepReset } from '../decoded-body.ts';
import { trackUpdate } from '../field-managers.ts';
import { copy, isObject, setMember } from '../../lib/json.ts';
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

/**
 * A copy that may be changed, but for the top-level members that the patch left alone (`spec` above all): they stay the
 * stored ones, which later steps recognise and pass over.
 */
function unshared(object: Record<string, unknown>, current: KubeObject): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (name === 'metadata' && isObject(value)) result[name] = copyButOwners(value, current.metadata);
    else setMember(result, name, value === current[name] ? value : copy(value));
  }
  return result;
}

function copyButOwners(metadata: Record<string, unknown>, { managedFields }: KubeObject['metadata']): Record<string, unknown> {
  if (managedFields === undefined || metadata['managedFields'] !== managedFields) return copy(metadata);
  const result = copy({ ...metadata, managedFields: undefined } as Record<string, unknown>);
  result['managedFields'] = managedFields;
  return result;
}

/** Reads the patched object as its kind, as strictly as a body. */
function decodePatched(context: WriteContext, patched: Patched, validation: FieldValidation, current: KubeObject): KubeObject {
  const { def } = context;
  const strict = validation !== 'Ignore';
  const value = unshared(patched.object, current);
  try {
    const decoded = def.type && namesItsKind(value, def)
      ? decodeObject(def.type, value, strict, sharedMembers(value, current))
      : decodeAs(JSON.stringify(patched.object), def, strict);
    const strictErrors = [...patched.strictErrors, ...(patched.sorts ? decoded.strictErrors.toSorted() : decoded.strictErrors)];
    if (validation === 'Strict' && strictErrors.length > 0) throw patched.refusal(strictText(strictErrors));
    for (const error of strictErrors) context.warn(error);
    const object = decoded.object as KubeObject;
    complete(def, object, current);
    keepReset(object, patched.object);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw patched.refusal(error.message);
    throw error;
  }
}

/** What is neither changed nor read again: those members, and the managedFields. */
function sharedMembers(object: Record<string, unknown>, current: KubeObject): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  for (const name of Object.keys(object)) if (object[name] === current[name]) shared[name] = object[name];
  const { managedFields } = current.metadata;
  return { ...shared, metadata: { managedFields } };
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
