/**
 * Sets of field paths, held as the FieldsV1 JSON that Kubernetes shows: a member is a path element (`f:name`, `k:{…}`,
 * `v:…`, `i:n`), `{}` is a path that is in the set, and `".": {}` says that a path with paths below it is in the set too.
 * The root stands for no path, so an empty root is the empty set.
 *
 * Sets are never changed and share what they have in common (`recent-nodes.ts`), so that an update that leaves an owner
 * alone keeps its entry as it is. Members stand in upstream's order (structured-merge-diff fieldpath/set.go).
 */
import { compareElements } from './path-element.ts';

export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** A path that is in the set and has none below it; as a root, the empty set. */
export const leaf: FieldSet = Object.freeze({});
export const emptySet: FieldSet = leaf;

const self = '.';

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the path that leads to this node is in the set. */
export const isMember = (node: FieldSet): boolean => isEmpty(node) || node[self] !== undefined;

/** Whether there are paths below this node. */
export function hasChildren(node: FieldSet): boolean {
  for (const element in node) if (element !== self) return true;
  return false;
}

/** A node from its children in order; undefined when there is nothing to hold. */
export function nodeOf(member: boolean, elements: readonly string[], nodes: readonly FieldSet[]): FieldSet | undefined {
  if (elements.length === 0) return member ? leaf : undefined;
  const node: Record<string, FieldSet> = member ? { [self]: leaf } : {};
  for (let i = 0; i < elements.length; i++) node[elements[i]!] = nodes[i]!;
  return node;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a;
  return isEmpty(a) ? b : unionChildren(a, b);
}

/** The union at one place, where an empty node is a path of its own. */
export function unionNode(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  if (isEmpty(a)) return withSelf(b);
  return isEmpty(b) ? withSelf(a) : unionChildren(a, b);
}

/** The node and the path that leads to it. */
export function withSelf(node: FieldSet): FieldSet {
  if (isMember(node)) return node;
  const elements = Object.keys(node);
  return nodeOf(true, elements, elements.map((element) => node[element]!))!;
}

/** The union of two nodes with children, which is `a` when `b` adds nothing. */
function unionChildren(a: FieldSet, b: FieldSet): FieldSet {
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  const left = childrenOf(a);
  const right = childrenOf(b);
  let adds = false;
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const order = i >= left.length ? 1 : j >= right.length ? -1 : compareElements(left[i]!, right[j]!);
    const element = order <= 0 ? left[i++]! : right[j]!;
    if (order >= 0) j++;
    const node = order < 0 ? a[element]! : order > 0 ? b[element]! : unionNode(a[element]!, b[element]!);
    if (node !== a[element]) adds = true;
    elements.push(element);
    nodes.push(node);
  }
  const member = isMember(a) || isMember(b);
  return adds || member !== isMember(a) ? nodeOf(member, elements, nodes)! : a;
}

const childrenOf = (node: FieldSet): string[] => Object.keys(node).filter((element) => element !== self);

/** The paths of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return isEmpty(a) || isEmpty(b) ? a : differenceNode(a, b, false) ?? emptySet;
}

/** The paths of `a` that are neither in `b` nor below a path of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return isEmpty(a) || isEmpty(b) ? a : differenceNode(a, b, true) ?? emptySet;
}

function differenceNode(a: FieldSet, b: FieldSet, recursive: boolean): FieldSet | undefined {
  if (!overlap(a, b)) return a;
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  let changed = false;
  for (const element in a) {
    if (element === self) continue;
    const node = a[element]!;
    const minus = b[element];
    const kept = minus === undefined ? node
      : isMember(minus) && (recursive || isEmpty(node)) ? undefined : differenceNode(node, minus, recursive);
    if (kept !== node) changed = true;
    if (kept === undefined) continue;
    elements.push(element);
    nodes.push(kept);
  }
  const wasMember = isMember(a);
  const member = wasMember && !isMember(b);
  return changed || member !== wasMember ? nodeOf(member, elements, nodes) : a;
}

/** Whether two nodes have an element or their own path in common. */
function overlap(a: FieldSet, b: FieldSet): boolean {
  for (const element in b) if (a[element] !== undefined) return true;
  return isMember(a) && isMember(b);
}

/** The paths in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return isEmpty(a) || isEmpty(b) ? emptySet : intersectionNode(a, b, false) ?? emptySet;
}

function intersectionNode(a: FieldSet, b: FieldSet, member: boolean): FieldSet | undefined {
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  for (const element in a) {
    const left = a[element]!;
    const right = b[element];
    if (element === self || right === undefined) continue;
    const common = intersectionNode(left, right, isMember(left) && isMember(right));
    if (common === undefined) continue;
    elements.push(element);
    nodes.push(common);
  }
  return nodeOf(member, elements, nodes);
}

/** Whether the path, given as elements, is in the set. */
export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return path.length > 0 && node !== undefined && isMember(node);
}

/** All paths, in upstream's order: those of one level before those below them. */
export function pathsOf(set: FieldSet): string[][] {
  const paths: string[][] = [];
  const visit = (node: FieldSet, prefix: readonly string[]): void => {
    const elements = childrenOf(node);
    for (const element of elements) if (isMember(node[element]!)) paths.push([...prefix, element]);
    for (const element of elements) visit(node[element]!, [...prefix, element]);
  };
  visit(set, []);
  return paths;
}

/** The set of the given paths. */
export function setOf(paths: readonly (readonly string[])[]): FieldSet {
  return paths.reduce<FieldSet>((set, path) => union(set, path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), leaf)), emptySet);
}
