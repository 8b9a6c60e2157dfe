/**
 * What differs between two values of one type, as sets of field paths (structured-merge-diff typed/compare.go). Equal
 * parts are passed over without building anything.
 */
import { equal } from '../../lib/json.ts';
import { listHoldsEmptied } from '../codec/emptied.ts';
import { emptySet, leaf, unionNode, type FieldSet } from './field-set.ts';
import { sortElements } from './path-element.ts';
import type { RecentNodes } from './recent-nodes.ts';
import type { FieldModel, ListModel, MapModel, TypeModel } from './type-model.ts';
import { asList, asMap, elementAt, isEmptyObject, isWholeMap, itemsByElement, kindOf, memberModel } from './typed-value.ts';

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

/**
 * The right side may be as it was sent. Upstream compares lists with reflect.DeepEqual (value/listreflect.go), so an empty
 * list or map within an item is a change, though it is not stored.
 */
const compareWhole = (left: unknown, right: unknown) => (equal(left, right) && !listHoldsEmptied(right) ? undefined : modifiedLeaf);

function compareMaps(model: MapModel, left: unknown, right: unknown): Changes | undefined {
  const l = asMap(left);
  const r = asMap(right);
  if (isWholeMap(model, l, r)) return compareWhole(left, right);
  return model.values === undefined ? compareDeclared(model, l ?? nothing, r ?? nothing) : compareNamed(model, l ?? nothing, r ?? nothing);
}

type Members = Readonly<Record<string, unknown>>;

/** Two maps that have declared members only. */
function compareDeclared(model: MapModel, left: Members, right: Members): Changes | undefined {
  const fields: FieldModel[] = [];
  for (const name in right) if (right[name] !== left[name]) addInOrder(fields, model.byName.get(name));
  for (const name in left) if (right[name] === undefined) addInOrder(fields, model.byName.get(name));
  if (fields.length === 0) return undefined;
  const changes = new Collector(model.recent);
  for (const { name, element, type } of fields) changes.add(element, compareMembers(type, left[name], right[name]));
  return changes.result();
}

function compareNamed(model: MapModel, left: Members, right: Members): Changes | undefined {
  const changes = new Collector(model.recent);
  for (const name of differingNames(left, right)) {
    const type = memberModel(model, name);
    if (type === undefined) continue;
    const before = Object.hasOwn(left, name) ? left[name] : undefined;
    const now = Object.hasOwn(right, name) ? right[name] : undefined;
    changes.add(`f:${name}`, compareMembers(type, before, now));
  }
  return changes.result();
}

const nothing: Members = Object.freeze({});

/** The members that are not the very same on both sides, in order. */
function differingNames(left: Members, right: Members): string[] {
  const names: string[] = [];
  for (const name in right) if (right[name] !== left[name]) names.push(name);
  for (const name in left) if (!Object.hasOwn(right, name)) names.push(name);
  return names.length > 1 ? names.sort() : names;
}

/** Compares two members, of which one may be absent (undefined). */
function compareMembers(type: TypeModel, before: unknown, now: unknown): Changes | undefined {
  if (before === undefined) return { added: allPaths(type, now) };
  return now === undefined ? { removed: allPaths(type, before) } : compareValues(type, before, now);
}

function compareLists(model: ListModel, left: unknown, right: unknown): Changes | undefined {
  const l = asList(left);
  const r = asList(right);
  if (model.kind === 'atomic' || ((l?.length ?? 0) === 0 && (r?.length ?? 0) === 0)) return compareWhole(left, right);
  if (equal(l, r) && !listHoldsEmptied(r)) return undefined;
  const before = itemsByElement(model, l);
  const now = itemsByElement(model, r);
  const elements = [...before.keys()];
  for (const element of now.keys()) if (!before.has(element)) elements.push(element);
  const changes = new Collector(model.recent);
  for (const element of sortElements(elements)) {
    changes.add(element, compareItems(model.items, before.get(element) ?? [], now.get(element) ?? []));
  }
  return changes.result();
}

/** The items of one element before and now; an element that occurs twice is owned whole. */
function compareItems(model: TypeModel, before: readonly unknown[], now: readonly unknown[]): Changes | undefined {
  const [left] = before;
  const [right] = now;
  if (before.length >= 2 && now.length >= 2) return equal(before, now) ? undefined : modifiedLeaf;
  if (before.length >= 2) return merged(now.length > 0 ? { added: allPaths(model, right) } : undefined, { removed: leaf });
  if (now.length >= 2) return merged(before.length > 0 ? { removed: allPaths(model, left) } : undefined, { added: leaf });
  return compareMembers(model, left, right);
}

/** The node of a value that is there on one side only: itself and all below. */
export function allPaths(model: TypeModel, value: unknown): FieldSet {
  if (typeof value !== 'object' || value === null) return leaf;
  if (Array.isArray(value)) return model.list === undefined ? leaf : allListPaths(model.list, value);
  return model.map === undefined ? leaf : allMapPaths(model.map, value as Members);
}

function allMapPaths(model: MapModel, value: Members): FieldSet {
  if (model.atomic || isEmptyObject(value)) return leaf;
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  if (model.values === undefined) {
    for (const field of sortedMembers(model, value)) {
      elements.push(field.element);
      nodes.push(allPaths(field.type, value[field.name]));
    }
  } else {
    for (const name of Object.keys(value).sort()) {
      elements.push(`f:${name}`);
      nodes.push(allPaths(memberModel(model, name)!, value[name]));
    }
  }
  return model.recent.nodeOf(true, elements, nodes)!;
}

/** The declared members that a value has, by name. */
function sortedMembers(model: MapModel, value: Members): FieldModel[] {
  const members: FieldModel[] = [];
  for (const name in value) addInOrder(members, model.byName.get(name));
  return members;
}

/** Adds a member where it stands by name. */
function addInOrder(members: FieldModel[], field: FieldModel | undefined): void {
  if (field === undefined) return;
  let at = members.length;
  while (at > 0 && members[at - 1]!.rank > field.rank) at--;
  if (at === members.length) members.push(field);
  else members.splice(at, 0, field);
}

function allListPaths(model: ListModel, items: readonly unknown[]): FieldSet {
  if (items.length === 0 || model.kind === 'atomic') return leaf;
  if (items.length === 1) return model.recent.nodeOf(true, [elementAt(model, items[0], 0)], [allPaths(model.items, items[0])])!;
  const found = itemsByElement(model, items);
  const elements = sortElements([...found.keys()]);
  return model.recent.nodeOf(true, elements, elements.map((element) => {
    const same = found.get(element)!;
    return same.length > 1 ? leaf : allPaths(model.items, same[0]);
  }))!;
}

/** Gathers the changes of a value's children, which come in order. */
class Collector {
  readonly #recent: RecentNodes;
  #removed: Children | undefined;
  #modified: Children | undefined;
  #added: Children | undefined;

  constructor(recent: RecentNodes) {
    this.#recent = recent;
  }

  add(element: string, changes: Changes | undefined): void {
    if (changes === undefined) return;
    const { removed, modified, added } = changes;
    if (removed !== undefined) (this.#removed ??= new Children()).add(element, removed);
    if (modified !== undefined) (this.#modified ??= new Children()).add(element, modified);
    if (added !== undefined) (this.#added ??= new Children()).add(element, added);
  }

  result(): Changes | undefined {
    const removed = this.#removed?.node(this.#recent);
    const modified = this.#modified?.node(this.#recent);
    const added = this.#added?.node(this.#recent);
    return removed === undefined && modified === undefined && added === undefined ? undefined : { removed, modified, added };
  }
}

class Children {
  readonly #elements: string[] = [];
  readonly #nodes: FieldSet[] = [];

  add(element: string, node: FieldSet): void {
    this.#elements.push(element);
    this.#nodes.push(node);
  }

  node(recent: RecentNodes): FieldSet | undefined {
    return recent.nodeOf(false, this.#elements, this.#nodes);
  }
}

/** The changes of two views of one place. */
function merged(a: Changes | undefined, b: Changes | undefined): Changes | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    removed: mergedNode(a.removed, b.removed), modified: mergedNode(a.modified, b.modified), added: mergedNode(a.added, b.added),
  };
}

const mergedNode = (a: FieldSet | undefined, b: FieldSet | undefined) =>
  (a === undefined || b === undefined ? a ?? b : unionNode(a, b));
