/**
 * What differs between two values of one type, as sets of field paths (structured-merge-diff typed/compare.go). Equal
 * parts are passed over without building anything.
 */
import { equal } from '../../lib/json.ts';
import { emptySet, leaf, nodeOf, unionNode, type FieldSet } from './field-set.ts';
import { compareElements } from './path-element.ts';
import type { ListModel, MapModel, TypeModel } from './type-model.ts';
import { asList, asMap, isWholeMap, itemsByElement, kindOf, memberModel } from './typed-value.ts';

export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/** Compares two objects. Throws TypedValueError when list items cannot be told apart. */
export function compare(model: TypeModel, left: unknown, right: unknown): Comparison {
  const changes = compareValues(model, left, right);
  return { removed: changes?.removed ?? emptySet, modified: changes?.modified ?? emptySet, added: changes?.added ?? emptySet };
}

/** Changes at and below one place; a node that is absent holds nothing. */
interface Changes {
  readonly removed?: FieldSet | undefined;
  readonly modified?: FieldSet | undefined;
  readonly added?: FieldSet | undefined;
}

const modifiedLeaf: Changes = { modified: leaf };

/** Both values are there; they may be null. */
function compareValues(model: TypeModel, left: unknown, right: unknown): Changes | undefined {
  if (left === right) return undefined;
  const kind = kindOf(model, right);
  const changes = compareAs(kind, model, left, right);
  const leftKind = kindOf(model, left);
  return leftKind === kind ? changes : merged(compareAs(leftKind, model, left, right), changes);
}

function compareAs(kind: string, model: TypeModel, left: unknown, right: unknown): Changes | undefined {
  if (kind === 'map') return compareMaps(model.map!, left, right);
  return kind === 'list' ? compareLists(model.list!, left, right) : compareWhole(left, right);
}

const compareWhole = (left: unknown, right: unknown) => (equal(left, right) ? undefined : modifiedLeaf);

function compareMaps(model: MapModel, left: unknown, right: unknown): Changes | undefined {
  const l = asMap(left);
  const r = asMap(right);
  if (isWholeMap(model, l, r)) return compareWhole(left, right);
  const changes = new Collector();
  for (const name in r) {
    const type = memberModel(model, name);
    if (type === undefined) continue;
    const now = r[name];
    const before = l !== undefined && Object.hasOwn(l, name) ? l[name] : undefined;
    if (before === now) continue;
    if (before === undefined) changes.add(`f:${name}`, { added: allPaths(type, now) });
    else changes.add(`f:${name}`, compareValues(type, before, now));
  }
  for (const name in l) {
    if (r !== undefined && Object.hasOwn(r, name)) continue;
    const type = memberModel(model, name);
    if (type !== undefined) changes.add(`f:${name}`, { removed: allPaths(type, l[name]) });
  }
  return changes.result();
}

function compareLists(model: ListModel, left: unknown, right: unknown): Changes | undefined {
  const l = asList(left);
  const r = asList(right);
  if (model.kind === 'atomic' || ((l?.length ?? 0) === 0 && (r?.length ?? 0) === 0)) return compareWhole(left, right);
  const before = itemsByElement(model, l);
  const now = itemsByElement(model, r);
  const changes = new Collector();
  for (const [element, items] of before) changes.add(element, compareItems(model.items, items, now.get(element) ?? []));
  for (const [element, items] of now) if (!before.has(element)) changes.add(element, compareItems(model.items, [], items));
  return changes.result();
}

/** The items of one element before and now; an element that occurs twice is owned whole. */
function compareItems(model: TypeModel, before: readonly unknown[], now: readonly unknown[]): Changes | undefined {
  const [left] = before;
  const [right] = now;
  if (before.length >= 2 && now.length >= 2) return equal(before, now) ? undefined : modifiedLeaf;
  if (before.length >= 2) return merged(now.length > 0 ? { added: allPaths(model, right) } : undefined, { removed: leaf });
  if (now.length >= 2) return merged(before.length > 0 ? { removed: allPaths(model, left) } : undefined, { added: leaf });
  if (before.length === 0) return { added: allPaths(model, right) };
  return now.length === 0 ? { removed: allPaths(model, left) } : compareValues(model, left, right);
}

/** The node of a value that is there on one side only: itself and all below. */
export function allPaths(model: TypeModel, value: unknown): FieldSet {
  switch (kindOf(model, value)) {
    case 'map': return allMapPaths(model.map!, asMap(value));
    case 'list': return allListPaths(model.list!, asList(value));
    case 'scalar': return leaf;
  }
}

function allMapPaths(model: MapModel, value: Readonly<Record<string, unknown>> | undefined): FieldSet {
  if (value === undefined || isWholeMap(model, value)) return leaf;
  const node: Record<string, FieldSet> = { '.': leaf };
  if (model.values === undefined) {
    for (const field of model.sortedFields) {
      const member = value[field.name];
      if (member !== undefined) node[field.element] = allPaths(field.type, member);
    }
  } else {
    for (const name of Object.keys(value).sort()) node[`f:${name}`] = allPaths(memberModel(model, name)!, value[name]);
  }
  return node;
}

function allListPaths(model: ListModel, items: readonly unknown[] | undefined): FieldSet {
  if (items === undefined || items.length === 0 || model.kind === 'atomic') return leaf;
  const found = itemsByElement(model, items);
  const elements = [...found.keys()];
  if (elements.length > 1) elements.sort(compareElements);
  const node: Record<string, FieldSet> = { '.': leaf };
  for (const element of elements) {
    const same = found.get(element)!;
    node[element] = same.length > 1 ? leaf : allPaths(model.items, same[0]);
  }
  return node;
}

type Changed = 'removed' | 'modified' | 'added';
const changed: readonly Changed[] = ['removed', 'modified', 'added'];

/** Gathers the changes of a value's children. */
class Collector {
  #children: [string, Changes][] | undefined;

  add(element: string, changes: Changes | undefined): void {
    if (changes !== undefined) (this.#children ??= []).push([element, changes]);
  }

  result(): Changes | undefined {
    const children = this.#children;
    if (children === undefined) return undefined;
    if (children.length > 1) children.sort(([a], [b]) => compareElements(a, b));
    const result: { [change in Changed]?: FieldSet | undefined } = {};
    for (const change of changed) {
      const there = children.filter(([, changes]) => changes[change] !== undefined);
      result[change] = nodeOf(false, there.map(([element]) => element), there.map(([, changes]) => changes[change]!));
    }
    return result;
  }
}

/** The changes of two views of one place. */
function merged(a: Changes | undefined, b: Changes | undefined): Changes | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const result: { [change in Changed]?: FieldSet | undefined } = {};
  for (const change of changed) {
    const [left, right] = [a[change], b[change]];
    result[change] = left === undefined || right === undefined ? left ?? right : unionNode(left, right);
  }
  return result;
}
