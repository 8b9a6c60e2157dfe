/**
 * JSON Merge Patch (RFC 7386) as evanphx/json-patch v4 applies it: a list body replaces the whole document, other
 * bodies that are no object are refused. Objects that it had to look into come out with sorted members, which shows where
 * a refusal quotes the result.
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
  for (const name of new Set([...Object.keys(document), ...Object.keys(patch)].sort())) {
    const current = Object.hasOwn(document, name) ? document[name] : null;
    if (!Object.hasOwn(patch, name)) setMember(result, name, copy(current));
    else if (patch[name] !== null) setMember(result, name, mergeValue(current, patch[name]));
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
  for (const name of Object.keys(value).sort()) if (value[name] !== null) setMember(result, name, withoutNulls(value[name]));
  return result;
}
