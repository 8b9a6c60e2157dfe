/**
 * The fields that a resource or subresource resets on every write, whose ownership is therefore not tracked there. The facts'
 * `ownedFieldsOnly` plays no part: the server declares these filters but does not use them (recorded: a label that a patch
 * of `ephemeralcontainers` could not set is owned all the same).
 */
import { recursiveDifference, setOf, type FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';

const sets = new WeakMap<readonly string[], FieldSet>();

/** The set without the given paths (`.status`) and all below them. The list of paths is read once. */
export function withoutResetFields(set: FieldSet, paths: readonly string[] | undefined): FieldSet {
  if (paths === undefined) return set;
  let reset = sets.get(paths);
  if (!reset) {
    reset = setOf(paths.map(elementsOf));
    sets.set(paths, reset);
  }
  return recursiveDifference(set, reset);
}

/** `.spec.replicas` → `f:spec`, `f:replicas`. */
export const elementsOf = (path: string): string[] => path.split('.').filter((name) => name !== '').map(fieldElement);
