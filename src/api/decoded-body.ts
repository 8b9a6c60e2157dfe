/** Request bodies of a resource's own kind: decoded, defaulted, converted, warned of. */
import { apiVersionOf, type GroupVersionKind, type KubeObject } from '../schema/objects.ts';
import { kinds } from '../schema/kinds.ts';
import { structType } from '../schema/struct-type.ts';
import { isObject } from '../lib/json.ts';
import { decodeBody, DecodeError, parseJson } from './codec/codec.ts';
import { applyDefaults } from './defaults/defaults.ts';
import type { FieldValidation } from './request-options.ts';
import type { ResourceDef } from './registry.ts';

/** The object in a body. Throws ApiError. */
export function readObject(
  def: ResourceDef, body: Uint8Array, contentType: string | undefined, validation: FieldValidation, warn: (text: string) => void,
): KubeObject {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const { object, warnings } = decodeBody(bytes, contentType, def, validation);
  for (const text of warnings) warn(text);
  complete(def, object);
  if (object.metadata.managedFields === undefined && bytes.includes('"managedFields"')) keepReset(object, parsed(bytes));
  return object;
}

function parsed(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString());
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** An empty list of managedFields asks to forget them, and would be lost as a zero value. */
export function keepReset(object: KubeObject, sent: unknown): void {
  const metadata = isObject(sent) && isObject(sent['metadata']) ? sent['metadata'] : {};
  const { managedFields } = metadata;
  if (Array.isArray(managedFields) && managedFields.length === 0) object.metadata.managedFields = [];
}

/** A body of another kind than the resource's: a Binding, an Eviction, a review. Throws ApiError. */
export function readKind(
  gvk: GroupVersionKind, request: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>> },
  validation: FieldValidation, warn: (text: string) => void,
): KubeObject {
  const type = structType(kinds.get(`${apiVersionOf(gvk)}/${gvk.kind}`)!);
  const { object, warnings } = decodeBody(Buffer.from(request.body), request.headers['content-type'], { ...gvk, type }, validation);
  for (const text of warnings) warn(text);
  object.metadata ??= {};
  applyDefaults(type, object);
  return object;
}

/**
 * Defaults and conversions of a freshly decoded object, in place. Its `spec` and the like may be those of the object that is
 * stored, which have had theirs.
 */
export function complete(def: ResourceDef, object: KubeObject, stored?: KubeObject): void {
  object.metadata ??= {};
  if (def.type) applyDefaults(def.type, object, stored);
  def.strategy.applyDefaults?.(object);
  def.strategy.convert?.(object);
}
