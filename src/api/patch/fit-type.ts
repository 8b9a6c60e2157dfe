/**
 * Whether a strategically merged object fits its type, in the words of apimachinery/pkg/runtime/converter.go: upstream
 * turns the merged map into a Go struct without going through JSON, so its texts differ from the decoder's.
 */
import { isObject } from '../../lib/json.ts';
import type { Field, StructType, TypeRef } from '../../schema/struct-type.ts';
import { goTypeOf } from './go-print.ts';

/** The first misfit; undefined when the object fits. Members that the type does not have are not looked at. */
export function fitType(object: Readonly<Record<string, unknown>>, struct: StructType): string | undefined {
  for (const field of struct.fields) {
    if (!Object.hasOwn(object, field.name)) continue;
    const misfit = fitValue(object[field.name], field.type, field);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function fitValue(value: unknown, type: TypeRef, field: Field): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case 'scalar': return fitScalar(value, type.scalar, field);
    case 'struct': return isObject(value) ? fitType(value, type.struct) : `cannot restore struct from: ${kindOf(value)}`;
    case 'list': return Array.isArray(value) ? firstMisfit(value, type.items, field) : `cannot restore slice from ${kindOf(value)}`;
    case 'map': return isObject(value) ? firstMisfit(Object.values(value), type.values, field) : `cannot restore map from ${kindOf(value)}`;
  }
}

function firstMisfit(values: readonly unknown[], type: TypeRef, field: Field): string | undefined {
  for (const value of values) {
    const misfit = fitValue(value, type, field);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

/** Types that read themselves from JSON (quantities, times …) are left to the decoder. */
function fitScalar(value: unknown, scalar: string, field: Field): string | undefined {
  const kind = kindOf(value);
  const goType = field.meta.named?.replace(/^.*\//, '') ?? scalar;
  switch (scalar) {
    case 'string':
      if (kind === 'string') return undefined;
      return kind === 'int64' ? `cannot convert int64 to ${goType}` : 'unrecognized type: string';
    case 'bool': return kind === 'bool' ? undefined : 'unrecognized type: bool';
    case 'int32': case 'int64': case 'float64':
      if (kind === 'int64' || kind === scalar) return undefined;
      return kind === 'float64' ? `cannot convert float64 to ${goType}` : `unrecognized type: ${scalar}`;
    case 'bytes': return kind === 'string' ? undefined : `cannot restore slice from ${kind}`;
    default: return undefined;
  }
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'slice' : isObject(value) ? 'map' : goTypeOf(value));
