/**
 * Remembers recent field sets and what was done with them, so that equal sets are one object. Thousands of objects of one
 * make own the same fields: they share their sets, and an operation on two sets that met before is a look-up. What is
 * remembered is bounded and may be forgotten at any time: that sets are one object says that they are equal, never the
 * contrary.
 */
import type { FieldSet } from './field-set.ts';

type Operation = 'union' | 'difference' | 'recursiveDifference';

/** Steps and results that are remembered at most; some 100 bytes each. */
const entriesMax = 100_000;

/** A node of a set as far as it was read: the way from the root spells its children in order. */
interface Prefix {
  /** By element and by the child's node. */
  readonly longer: Map<string, Map<FieldSet, Prefix>>;
  /** The node that has these children and no more. */
  node: FieldSet | undefined;
}

const prefix = (): Prefix => ({ longer: new Map(), node: undefined });

let members = prefix();
let others = prefix();
let results = noResults();
let entries = 0;

function noResults(): Record<Operation, Map<FieldSet, Map<FieldSet, FieldSet | null>>> {
  return { union: new Map(), difference: new Map(), recursiveDifference: new Map() };
}

function count(): void {
  if (++entries <= entriesMax) return;
  members = prefix();
  others = prefix();
  results = noResults();
  entries = 0;
}

/** The node with the given children, which are in order; `make` builds it when it is new. */
export function interned(
  member: boolean, elements: readonly string[], nodes: readonly FieldSet[], make: () => FieldSet,
): FieldSet {
  let at = member ? members : others;
  for (let i = 0; i < elements.length; i++) {
    let byNode = at.longer.get(elements[i]!);
    if (!byNode) at.longer.set(elements[i]!, byNode = new Map());
    let next = byNode.get(nodes[i]!);
    if (!next) {
      byNode.set(nodes[i]!, next = prefix());
      count();
    }
    at = next;
  }
  return at.node ??= make();
}

/** The outcome of an operation on two sets; undefined when nothing is left. */
export function remembered(
  operation: Operation, a: FieldSet, b: FieldSet, work: () => FieldSet | undefined,
): FieldSet | undefined {
  let byOther = results[operation].get(a);
  if (!byOther) results[operation].set(a, byOther = new Map());
  const known = byOther.get(b);
  if (known !== undefined) return known ?? undefined;
  const result = work();
  byOther.set(b, result ?? null);
  count();
  return result;
}
