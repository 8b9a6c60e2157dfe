/**
 * JSON Merge Patch (RFC 7386) as evanphx/json-patch v4 applies it: a list body replaces the whole document, other
 * bodies that are no object are refused.
 */
import { copy, isObject, setMember } from '../../lib/json.ts';

/** The patched document, fresh; undefined when the body is no merge patch ("Invalid JSON Patch"). */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) || (isObject(patch) && !isObject(document))) return withoutNulls(patch);
  if (!isObject(patch)) return undefined;
  return mergeObjects(document as Record<string, unknown>, patch);
}

function mergeObjects(document: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>): unknown {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(document)) {
    if (!Object.hasOwn(patch, name)) setMember(result, name, copy(document[name]));
    else if (patch[name] !== null) setMember(result, name, mergeValue(document[name], patch[name]));
  }
  for (const name of Object.keys(patch)) {
    if (patch[name] !== null && !Object.hasOwn(document, name)) setMember(result, name, withoutNulls(patch[name]));
  }
  return result;
}

function mergeValue(current: unknown, patch: unknown): unknown {
  if (!isObject(current)) return withoutNulls(patch);
  return isObject(patch) ? mergeObjects(current, patch) : copy(patch);
}

/** Drops the null members of objects, inside lists too; null items of lists stay. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) if (value[name] !== null) setMember(result, name, withoutNulls(value[name]));
  return result;
}
