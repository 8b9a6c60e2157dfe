/** The list half of strategic merge: items found by their merge key, and the order of the result. */
import { isObject } from '../../lib/json.ts';
import type { TypeRef } from '../../schema/struct-type.ts';
import { goPrint, goTypeOf } from './go-print.ts';
import { asMap, badPatchType, directive, goKind, noMergeKey, StrategicMergeError, type JsonMap, type MemberMeta } from './strategic-meta.ts';

export type ElementKind = 'map' | 'scalar';

/** Merges two maps of one type. */
export type MergeMap = (original: JsonMap, patch: JsonMap, type: TypeRef) => JsonMap;

/** Merges a list with strategy `merge`, or takes the items of `patch` out of it when `isDeletion`. */
export function mergeList(
  original: readonly unknown[], patch: readonly unknown[], member: MemberMeta, isDeletion: boolean, mergeMap: MergeMap,
): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  const kind = elementKind(original, patch);
  if (kind === 'scalar') {
    if (isDeletion) return original.filter((item) => !patch.includes(item));
    const { named, others } = partition(deduplicated([...original, ...patch]), patch, member.mergeKey);
    return orderElements(named, others, patch, original, member.mergeKey, kind);
  }
  if (member.mergeKey === '') throw new StrategicMergeError(`cannot merge lists without merge key for ${goKind(member.type)}`);
  const { live, change } = directed(original, patch as JsonMap[], member.mergeKey);
  const merged = [...live];
  for (const item of change) mergeItem(merged, item, member, mergeMap);
  const { named, others } = partition(merged, change, member.mergeKey);
  return orderElements(named, others, change, live, member.mergeKey, kind);
}

/** Carries out the items that are directives: what is left of the live list, and the items to merge into it. */
function directed(original: readonly unknown[], patch: readonly JsonMap[], mergeKey: string): { live: unknown[]; change: JsonMap[] } {
  const change: JsonMap[] = [];
  let live = [...original];
  let replaces = false;
  for (const item of patch) {
    const verb = item[directive];
    if (!Object.hasOwn(item, directive)) change.push(item);
    else if (verb === 'replace') replaces = true;
    else if (verb === 'merge') throw new StrategicMergeError('merging lists cannot yet be specified in the patch');
    else if (verb !== 'delete') throw badPatchType(verb, item);
    else if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    else live = live.filter((candidate) => !hasKey(candidate, mergeKey, item[mergeKey]));
  }
  return replaces ? { live: change, change: [] } : { live, change };
}

function mergeItem(list: unknown[], item: JsonMap, member: MemberMeta, mergeMap: MergeMap): void {
  if (!Object.hasOwn(item, member.mergeKey)) throw noMergeKey(item, member.mergeKey);
  const at = list.findIndex((candidate) => hasKey(candidate, member.mergeKey, item[member.mergeKey]));
  if (at < 0) list.push(item);
  else list[at] = mergeMap(list[at] as JsonMap, item, member.type);
}

const hasKey = (item: unknown, mergeKey: string, value: unknown) =>
  isObject(item) && Object.hasOwn(item, mergeKey) && item[mergeKey] === value;

/** Upstream fills the gap of a repeated item with the last one. */
function deduplicated(items: unknown[]): unknown[] {
  for (let i = 0; i < items.length - 1; i++) {
    for (let j = i + 1; j < items.length; j++) {
      if (items[i] !== items[j]) continue;
      const last = items.pop();
      if (j < items.length) items[j--] = last;
    }
  }
  return items;
}

/** Items that `by` names, and the others. */
export function partition(items: readonly unknown[], by: readonly unknown[], mergeKey: string): { named: unknown[]; others: unknown[] } {
  const keys = new Set(by.map((item) => (mergeKey === '' ? item : asMap(item)[mergeKey])));
  const named: unknown[] = [];
  const others: unknown[] = [];
  for (const item of items) {
    if (mergeKey !== '' && !Object.hasOwn(asMap(item), mergeKey)) throw noMergeKey(asMap(item), mergeKey);
    (keys.has(mergeKey === '' ? item : (item as JsonMap)[mergeKey]) ? named : others).push(item);
  }
  return { named, others };
}

/**
 * One list of the items that the patch names, in the patch's order, and the others, in live order. Where both heads
 * were live, the one that stood first goes first; else the patch's.
 */
export function orderElements(
  named: readonly unknown[], others: readonly unknown[], patchOrder: readonly unknown[], liveOrder: readonly unknown[],
  mergeKey: string, kind: ElementKind,
): unknown[] {
  const place = placeIn(liveOrder, mergeKey, kind);
  const left = sortedBy(others, placeIn(liveOrder, mergeKey, kind), kind, mergeKey, liveOrder);
  const right = sortedBy(named, placeIn(patchOrder, mergeKey, kind), kind, mergeKey, patchOrder);
  const result: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const l = place(left[i]);
    const r = place(right[j]);
    result.push(l >= 0 && r >= 0 && l < r ? left[i++] : right[j++]);
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}

type Place = (item: unknown) => number;

/** Where an item stands in `order`, -1 when it does not. */
function placeIn(order: readonly unknown[], mergeKey: string, kind: ElementKind): Place {
  const places = new Map<unknown, number>();
  const keyOf = (item: unknown) => (kind === 'scalar' ? item : isObject(item) ? item[mergeKey] : undefined);
  order.forEach((item, i) => {
    if (!places.has(keyOf(item))) places.set(keyOf(item), i);
  });
  return (item) => places.get(keyOf(item)) ?? -1;
}

/** Insertion sort, because upstream's order says "less" of any pair that it does not know. Deletions go last. */
function sortedBy(items: readonly unknown[], place: Place, kind: ElementKind, mergeKey: string, order: readonly unknown[]): unknown[] {
  if (kind === 'map') for (const item of [...items, ...order]) if (!Object.hasOwn(asMap(item), mergeKey)) throw noMergeKey(asMap(item), mergeKey);
  const isDeletion = (item: unknown) => kind === 'map' && (item as JsonMap)[directive] === 'delete';
  const sorted = items.filter((item) => !isDeletion(item));
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0; j--) {
      const a = place(sorted[j]);
      const b = place(sorted[j - 1]);
      if (a >= 0 && b >= 0 && a >= b) break;
      [sorted[j], sorted[j - 1]] = [sorted[j - 1], sorted[j]];
    }
  }
  return [...sorted, ...items.filter(isDeletion)];
}

/** The one kind that all items have. */
export function elementKind(...lists: readonly (readonly unknown[])[]): ElementKind {
  const [first, ...more] = new Set(lists.flat().map(goTypeOf));
  if (first === undefined) throw new StrategicMergeError('no elements in any of the given slices');
  if (first === '[]interface {}') throw new StrategicMergeError('lists of lists are not supported', 'hidden');
  if (more.length > 0) throw new StrategicMergeError(`list element types are not identical: ${goPrint(lists)}`);
  return first === 'map[string]interface {}' ? 'map' : 'scalar';
}
