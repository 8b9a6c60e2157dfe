/**
 * Strategic merge patch: a merge patch that knows, from the schema, which lists merge by key and which are replaced
 * whole, and that understands the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…` (apimachinery/pkg/util/strategicpatch/patch.go, whose texts and order of work it keeps).
 *
 * Like upstream it uses up a copy of the patch: what is left over of it is what error texts quote. The original is left as
 * it is, and the result shares what the patch does not touch.
 */
import { copy, isObject, setMember } from '../../lib/json.ts';
import type { StructType, TypeRef } from '../../schema/struct-type.ts';
import { goPrint } from './go-print.ts';
import { elementKind, mergeList, orderElements, partition } from './strategic-lists.ts';
import {
  asList, asMap, badPatchType, directive, listMeta, memberMeta, noMergeKey, StrategicMergeError, type JsonMap, type MemberMeta,
} from './strategic-meta.ts';

const retainKeys = '$retainKeys';
const setElementOrder = '$setElementOrder';
const deleteFromPrimitiveList = '$deleteFromPrimitiveList';

export interface StrategicResult {
  readonly object: JsonMap;
  /** The patch as the merge leaves it, which is how error texts show it. */
  readonly patch: JsonMap;
}

/** Merges `patch` into `original`, both of type `type`. Throws StrategicMergeError. */
export function strategicMerge(original: Readonly<JsonMap>, patch: Readonly<JsonMap>, type: StructType): StrategicResult {
  const used = copy(patch);
  return { object: mergeMap(original, used, { kind: 'struct', struct: type }), patch: used };
}

/** Merges one map, using up the patch; the result is a new one, or what the patch holds. */
function mergeMap(live: Readonly<JsonMap>, patch: JsonMap, type: TypeRef): JsonMap {
  if (Object.hasOwn(patch, directive)) return directedMap(patch);
  const original = { ...live };
  retainListedKeys(original, patch);
  mergeOrderedLists(original, patch, type);
  for (const key of Object.keys(patch)) {
    const isDeletion = key.startsWith(deleteFromPrimitiveList);
    const name = isDeletion ? listNamed(key, deleteFromPrimitiveList) : key;
    mergeMember(original, name, patch[key], type, isDeletion);
  }
  return original;
}

function mergeMember(original: JsonMap, name: string, value: unknown, type: TypeRef, isDeletion: boolean): void {
  if (value === null) {
    delete original[name];
    return;
  }
  const current = Object.hasOwn(original, name) ? original[name] : undefined;
  const alike = Array.isArray(value) ? Array.isArray(current) : isObject(value) && isObject(current);
  if (!alike) {
    if (!isDeletion) setFresh(original, name, value);
    return;
  }
  const member = memberMeta(type, name);
  if (!Array.isArray(value)) {
    setMember(original, name, member.replaces ? value : mergeMap(current as JsonMap, value as JsonMap, member.type));
    return;
  }
  setMember(original, name, mergeListMember(current as unknown[], value, listMeta(member), isDeletion));
}

function mergeListMember(current: unknown[], value: unknown[], member: MemberMeta, isDeletion: boolean): unknown[] {
  return member.merges || isDeletion ? mergeList(current, value, member, isDeletion, mergeMap) : value;
}

function directedMap(patch: JsonMap): JsonMap {
  const verb = patch[directive];
  if (verb === 'delete') return {};
  if (verb !== 'replace') throw badPatchType(verb, patch);
  delete patch[directive];
  return patch;
}

/** Clears what `$retainKeys` does not list. */
function retainListedKeys(original: JsonMap, patch: JsonMap): void {
  if (!Object.hasOwn(patch, retainKeys)) return;
  const listed = patch[retainKeys];
  delete patch[retainKeys];
  if (!Array.isArray(listed)) throw new StrategicMergeError('invalid patch format of retainKeys', 'badRequest');
  const kept = new Set<unknown>(listed);
  for (const key of Object.keys(patch)) {
    const needsListing = patch[key] !== null && !key.startsWith(deleteFromPrimitiveList) && !key.startsWith(setElementOrder);
    if (needsListing && !kept.has(key)) throw new StrategicMergeError('invalid patch format of retainKeys', 'badRequest');
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key];
}

/** Works off the lists that come with a `$setElementOrder/…`, and takes both members out of the patch. */
function mergeOrderedLists(original: JsonMap, patch: JsonMap, type: TypeRef): void {
  for (const key of Object.keys(patch).filter((name) => name.startsWith(setElementOrder))) {
    const order = asList(patch[key]);
    delete patch[key];
    const name = listNamed(key, setElementOrder);
    const current = Object.hasOwn(original, name) ? asList(original[name]) : undefined;
    const change = Object.hasOwn(patch, name) ? asList(patch[name]) : undefined;
    const member = listMeta(memberMeta(type, name));
    checkOrder(change ?? [], order, member.mergeKey);
    if (!current && !change) continue;
    const merged = current && change ? mergeListMember(current, change, member, false)
      : current ?? (withoutDirectives(change) as unknown[]);
    const { named, others } = partition(merged, order, member.mergeKey);
    const kind = elementKind(current ?? [], change ?? []);
    setMember(original, name, orderElements(named, others, order, current ?? [], member.mergeKey, kind));
    delete patch[name];
  }
}

/** The patch's items must stand in the order that `$setElementOrder` gives. */
function checkOrder(items: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0 || items.length === 0) return;
  const kept = mergeKey === '' ? items : items.filter((item) => asMap(item)[directive] !== 'delete');
  let at = 0;
  let place = 0;
  while (at < kept.length && place < order.length) {
    const item = kept[at];
    if (isObject(item) && Object.hasOwn(item, directive)) {
      at++;
      continue;
    }
    if (keyOf(item, mergeKey) === keyOf(order[place], mergeKey)) at++;
    place++;
  }
  if (at >= kept.length || place < order.length) return;
  throw new StrategicMergeError(`The order in patch list:\n${goPrint(items)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`);
}

/** The merge key's value, or the item itself where items are no maps. */
function keyOf(item: unknown, mergeKey: string): unknown {
  if (mergeKey === '') return item;
  const map = asMap(item);
  if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey);
  return map[mergeKey];
}

/** A new member: without directives, and without nulls at any depth of its maps. */
function setFresh(original: JsonMap, name: string, value: unknown): void {
  discardNulls(value);
  const kept = withoutDirectives(value);
  if (kept === undefined) delete original[name];
  else setMember(original, name, kept);
}

function discardNulls(value: unknown): void {
  if (Array.isArray(value)) value.forEach(discardNulls);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (value[key] === null) delete value[key];
      else discardNulls(value[key]);
    }
  }
}

/** The value without the maps that hold a `$patch`; undefined when it is such a map. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  for (const key of Object.keys(value)) {
    const kept = withoutDirectives(value[key]);
    if (kept === undefined) delete value[key];
    else setMember(value, key, kept);
  }
  return value;
}

function listNamed(key: string, prefix: string): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  const list = prefix === setElementOrder ? 'setElementOrder list' : 'primitive list';
  throw new StrategicMergeError(`invalid patch format of ${list}`, 'badRequest');
}
