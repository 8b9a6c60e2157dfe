/** Request bodies of a resource's own kind: decoded, defaulted, converted, warned of. */
import type { KubeObject } from '../schema/objects.ts';
import { decodeBody } from './codec/body.ts';
import { applyDefaults } from './defaults/defaults.ts';
import type { FieldValidation } from './request-options.ts';
import type { ResourceDef } from './registry.ts';

/** The object in a body. Throws ApiError. */
export function readObject(
  def: ResourceDef, body: Uint8Array, contentType: string | undefined, validation: FieldValidation, warn: (text: string) => void,
): KubeObject {
  const { object, warnings } = decodeBody(Buffer.from(body.buffer, body.byteOffset, body.byteLength), contentType, def, validation);
  for (const text of warnings) warn(text);
  complete(def, object);
  return object;
}

/** Defaults and conversions of a freshly decoded object, in place. */
export function complete(def: ResourceDef, object: KubeObject): void {
  object.metadata ??= {};
  if (def.type) applyDefaults(def.type, object);
  def.strategy.applyDefaults?.(object);
  def.strategy.convert?.(object);
}
