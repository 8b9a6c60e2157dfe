/**
 * The nodes of field sets that were made last of one type. Thousands of objects of one make own the same fields: a node with
 * the same children as one of these is that one, so that the objects share it and nothing is built.
 */
import { leaf, nodeOf, type FieldSet } from './field-set.ts';

const nodesMax = 8;

interface Made {
  readonly member: boolean;
  readonly elements: readonly string[];
  readonly nodes: readonly FieldSet[];
  readonly node: FieldSet;
}

export class RecentNodes {
  readonly #made: Made[] = [];
  #oldest = 0;

  /** As `nodeOf`; the arrays are kept. */
  nodeOf(member: boolean, elements: readonly string[], nodes: readonly FieldSet[]): FieldSet | undefined {
    if (elements.length === 0) return member ? leaf : undefined;
    for (const made of this.#made) {
      if (made.member === member && sameItems(made.elements, elements) && sameItems(made.nodes, nodes)) return made.node;
    }
    const node = nodeOf(member, elements, nodes)!;
    this.#made[this.#oldest] = { member, elements, nodes, node };
    this.#oldest = (this.#oldest + 1) % nodesMax;
    return node;
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}
