/**
 * How upstream makes a typed object of a strategically merged or applied one (apimachinery/pkg/runtime/converter.go): from a
 * map of values to a Go struct without going through JSON, so that its texts differ from the decoder's, and an integer that
 * is too large for 32 bits loses the upper ones instead of being refused.
 */
import { isObject } from '../../lib/json.ts';
import type { Field, StructType, TypeRef } from '../../schema/struct-type.ts';
import { canonicalQuantity, QuantityError, quantityFromJson } from '../../schema/values/quantity.ts';
import { timeFromJson, TimeError } from '../../schema/values/time.ts';
import { base64ErrorAt } from '../codec/scalars.ts';
import { goTypeOf } from './go-print.ts';
import { cannotDecode } from './json-patch.ts';

/**
 * Makes `object` one of type `struct`, in place. Answers why it cannot be, in upstream's words; undefined when it is. Members
 * that the type does not have are not looked at, nor what is the very same in `typed`, which is of the type already.
 */
export function fromUnstructured(object: Record<string, unknown>, struct: StructType, typed?: unknown): string | undefined {
  const before = isObject(typed) ? typed : undefined;
  for (const field of struct.fields) {
    if (!Object.hasOwn(object, field.name)) continue;
    const fault = restore(object, field.name, field.type, field, before?.[field.name]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Restores the member `key` of a container. */
function restore(container: Record<string, unknown>, key: string, type: TypeRef, field: Field, typed: unknown): string | undefined {
  const value = container[key];
  if (value === null || value === undefined || value === typed) return undefined;
  switch (type.kind) {
    case 'struct': return isObject(value) ? fromUnstructured(value, type.struct, typed) : `cannot restore struct from: ${goKindOf(value)}`;
    case 'list': return Array.isArray(value) ? restoreAll(value, type.items, field, typed) : `cannot restore slice from ${goKindOf(value)}`;
    case 'map': return isObject(value) ? restoreAll(value, type.values, field, typed) : `cannot restore map from ${goKindOf(value)}`;
    case 'scalar':
      if (type.scalar === 'int32' && Number.isInteger(value) && value !== (Number(value) | 0)) container[key] = Number(value) | 0;
      return scalarFault(value, type.scalar, field);
  }
}

function restoreAll(container: object, type: TypeRef, field: Field, typed: unknown): string | undefined {
  const before = typeof typed === 'object' && typed !== null ? typed as Record<string, unknown> : undefined;
  for (const key of Object.keys(container)) {
    const fault = restore(container as Record<string, unknown>, key, type, field, before?.[key]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function scalarFault(value: unknown, scalar: string, field: Field): string | undefined {
  const kind = goKindOf(value);
  const goType = field.meta.named?.replace(/^.*\//, '') ?? scalar;
  switch (scalar) {
    case 'string':
      if (kind === 'string') return undefined;
      return kind === 'int64' ? `cannot convert int64 to ${goType}` : 'unrecognized type: string';
    case 'bool': return kind === 'bool' ? undefined : 'unrecognized type: bool';
    case 'int32': case 'int64': case 'float64':
      if (kind === 'int64' || kind === scalar) return undefined;
      return kind === 'float64' ? `cannot convert float64 to ${goType}` : `unrecognized type: ${scalar}`;
    case 'bytes': return kind === 'string' ? bytesFault(value as string) : `cannot restore slice from ${kind}`;
    case 'quantity': case 'time': case 'microTime': case 'intOrString': return unmarshalFault(value, scalar);
    default: return undefined;
  }
}

function bytesFault(text: string): string | undefined {
  const wrongAt = base64ErrorAt(text);
  return wrongAt < 0 ? undefined : `error decoding from json: illegal base64 data at input byte ${wrongAt}`;
}

/** The types that read themselves from JSON. */
function unmarshalFault(value: unknown, scalar: 'quantity' | 'time' | 'microTime' | 'intOrString'): string | undefined {
  if (scalar === 'intOrString') {
    if (typeof value === 'string' || (typeof value === 'number' && value === (value | 0))) return undefined;
    return cannotDecode(value, 'int32').replace('unmarshal number', `unmarshal number ${String(value)}`);
  }
  try {
    if (scalar !== 'quantity') timeFromJson(scalar === 'time' ? 'Time' : 'MicroTime', value);
    else if (typeof value === 'string') canonicalQuantity(value.trim());
    else quantityFromJson(JSON.stringify(value));
  } catch (error) {
    if (error instanceof QuantityError || error instanceof TimeError) return error.message;
    throw error;
  }
  return undefined;
}

const goKindOf = (value: unknown) => (Array.isArray(value) ? 'slice' : isObject(value) ? 'map' : goTypeOf(value));
