/** Which fields count for ownership at a resource or subresource: paths as the facts write them, `.spec.containers[*].resources`. */
import { emptySet, matching, recursiveDifference, setOf, type FieldPattern, type FieldSet } from './field-set.ts';

/** Keeps the fields whose ownership is tracked. */
export type FieldFilter = (set: FieldSet) => FieldSet;

export interface FilterFacts {
  /** Fields that this way of writing resets, whose ownership is therefore not tracked. */
  readonly resetFields?: readonly string[] | undefined;
  /** If given, only these fields are tracked. */
  readonly ownedFieldsOnly?: readonly string[] | undefined;
}

const keepAll: FieldFilter = (set) => set;
const compiled = new WeakMap<readonly string[], FieldFilter>();

export function fieldFilter({ resetFields, ownedFieldsOnly }: FilterFacts): FieldFilter {
  if (ownedFieldsOnly !== undefined) return cached(ownedFieldsOnly, onlyOwned);
  return resetFields === undefined ? keepAll : cached(resetFields, withoutReset);
}

function cached(paths: readonly string[], make: (paths: readonly string[]) => FieldFilter): FieldFilter {
  let filter = compiled.get(paths);
  if (!filter) {
    filter = make(paths);
    compiled.set(paths, filter);
  }
  return filter;
}

function withoutReset(paths: readonly string[]): FieldFilter {
  const reset = setOf(paths.map(elementsOf));
  return (set) => recursiveDifference(set, reset);
}

function onlyOwned(paths: readonly string[]): FieldFilter {
  const pattern: FieldPattern = paths.map(elementsOf).reduce((tree, path) => addPath(tree, path), emptySet as FieldPattern);
  return (set) => matching(set, pattern);
}

function addPath(tree: FieldPattern, [element, ...rest]: readonly string[]): FieldPattern {
  return element === undefined ? {} : { ...tree, [element]: addPath(tree[element] ?? {}, rest) };
}

/** `.spec.containers[*]` → `f:spec`, `f:containers`, `*`. */
function elementsOf(path: string): string[] {
  return path.replaceAll('[*]', '.*').split('.').filter((part) => part !== '').map((part) => (part === '*' ? part : `f:${part}`));
}
