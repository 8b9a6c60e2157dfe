/** Objects that were put together by code (a patch, a strategy, admission) brought back into canonical form. */
import { sortKeys } from '../../lib/json.ts';
import type { StructType } from '../../schema/struct-type.ts';
import { canonicalForm } from './decode.ts';

/**
 * A fresh object of `type` with its members in Go's order, zero values left out where Go leaves them out, values in their
 * canonical spelling and unknown members dropped. It shares what equals a part of `like`, an object in canonical form.
 * Custom resources (no type) get their keys sorted. Throws DecodeError.
 */
export function normalize<T>(type: StructType | undefined, value: T, like?: object): T {
  return type ? canonicalForm(type, value, false, like) as T : sortKeys(value) as T;
}

/**
 * The same as it comes back from etcd, where built-in kinds are kept in protobuf: a list or map that Go writes even when it
 * is empty (`rules: []` of a Role) reads as `null` after a write. Throws DecodeError.
 */
export function normalizeStored<T>(type: StructType | undefined, value: T, like?: object): T {
  return type ? canonicalForm(type, value, true, like) as T : sortKeys(value) as T;
}
