/** An object without the paths of a set (structured-merge-diff typed/remove.go). Untouched parts are shared. */
import { setMember } from '../../lib/json.ts';
import { hasChildren, isEmpty, isMember, type FieldSet } from './field-set.ts';
import type { ListModel, MapModel, TypeModel } from './type-model.ts';
import { asList, asMap, elementAt, kindOf, memberModel } from './typed-value.ts';

/** Removes the paths; null when nothing is left. */
export function removePaths(model: TypeModel, value: unknown, paths: FieldSet): unknown {
  if (isEmpty(paths)) return value;
  switch (kindOf(model, value)) {
    case 'map': return removeFromMap(model.map!, asMap(value), paths);
    case 'list': return removeFromList(model.list!, asList(value), paths);
    case 'scalar': return value;
  }
}

function removeFromMap(model: MapModel, value: Readonly<Record<string, unknown>> | undefined, paths: FieldSet): unknown {
  if (value === undefined || isEmpty(value as FieldSet) || model.atomic) return null;
  const result: Record<string, unknown> = {};
  let hadMatches = false;
  for (const name in value) {
    const node = paths[`f:${name}`];
    if (node !== undefined && isMember(node)) continue;
    const reaches = node !== undefined && hasChildren(node);
    if (reaches) hadMatches = true;
    setMember(result, name, reaches ? removeBelow(memberModel(model, name), value[name], node) : value[name]);
  }
  return hadMatches || Object.keys(result).length > 0 ? result : null;
}

function removeFromList(model: ListModel, items: readonly unknown[] | undefined, paths: FieldSet): unknown {
  if (items === undefined || items.length === 0 || model.kind === 'atomic') return null;
  const result: unknown[] = [];
  let hadMatches = false;
  items.forEach((item, i) => {
    const node = paths[elementAt(model, item, i)];
    if (node !== undefined && isMember(node)) return;
    const reaches = node !== undefined && hasChildren(node);
    if (reaches) hadMatches = true;
    result.push(reaches ? removeBelow(model.items, item, node) : item);
  });
  return hadMatches || result.length > 0 ? result : null;
}

/** A map or list that loses all it holds stays as an empty one. */
function removeBelow(model: TypeModel | undefined, value: unknown, paths: FieldSet): unknown {
  if (model === undefined) return value;
  return removePaths(model, value, paths) ?? (asMap(value) ? {} : asList(value) ? [] : null);
}
