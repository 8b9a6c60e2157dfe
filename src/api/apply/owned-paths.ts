/** The paths that an applied object owns: its leaves and its list items (structured-merge-diff typed/tofieldset.go). */
import { emptySet, isEmpty, leaf, nodeOf, withSelf, type FieldSet } from './field-set.ts';
import { sortElements } from './path-element.ts';
import type { ListModel, MapModel, TypeModel } from './type-model.ts';
import { asList, asMap, elementAt, isEmptyObject, kindOf, memberModel } from './typed-value.ts';

/** The field set of an object. */
export const ownedPaths = (model: TypeModel, value: unknown): FieldSet => below(model, value) ?? emptySet;

/** The node of a value: in the set when it is a leaf; undefined when it and all below own nothing. */
function below(model: TypeModel, value: unknown): FieldSet | undefined {
  switch (kindOf(model, value)) {
    case 'map': return mapPaths(model.map!, asMap(value));
    case 'list': return listPaths(model.list!, asList(value));
    case 'scalar': return leaf;
  }
}

function mapPaths(model: MapModel, value: Readonly<Record<string, unknown>> | undefined): FieldSet | undefined {
  if (model.atomic) return leaf;
  if (value === undefined) return undefined;
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  for (const name of Object.keys(value).sort()) {
    const type = memberModel(model, name);
    if (type === undefined) continue;
    const member = value[name];
    const child = below(type, member);
    const isOwned = member === null || !model.byName.has(name) || (asMap(member) !== undefined && isEmptyObject(member as object));
    const node = isOwned ? selfAnd(child) : child;
    if (node === undefined) continue;
    elements.push(`f:${name}`);
    nodes.push(node);
  }
  return nodeOf(false, elements, nodes);
}

function listPaths(model: ListModel, items: readonly unknown[] | undefined): FieldSet | undefined {
  if (model.kind === 'atomic') return leaf;
  if (items === undefined) return undefined;
  const found = new Map<string, FieldSet>();
  items.forEach((item, i) => {
    const element = elementAt(model, item, i);
    found.set(element, found.has(element) ? leaf : selfAnd(below(model.items, item)));
  });
  const elements = sortElements([...found.keys()]);
  return nodeOf(false, elements, elements.map((element) => found.get(element)!));
}

const selfAnd = (node: FieldSet | undefined): FieldSet => (node === undefined ? leaf : withSelf(node));

/**
 * The set with every declared member that leads to a path of it
 * (structured-merge-diff fieldpath/set.go EnsureNamedFieldsAreMembers).
 */
export function withNamedFields(set: FieldSet, model: TypeModel | undefined): FieldSet {
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  for (const element in set) {
    if (element === '.') continue;
    const name = element.slice(2);
    const isField = element.startsWith('f:') && model?.map !== undefined;
    const node = set[element]!;
    const type = isField ? memberModel(model.map!, name) : element.startsWith('k:') ? model?.list?.items : undefined;
    const deep = isEmpty(node) ? node : withNamedFields(node, type);
    elements.push(element);
    nodes.push(isField && model.map!.byName.has(name) ? selfAnd(deep) : deep);
  }
  return nodeOf(set['.'] !== undefined, elements, nodes) ?? emptySet;
}
