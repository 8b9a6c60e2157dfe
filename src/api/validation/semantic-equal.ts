/**
 * Equality as upstream means it when it asks whether something changed (apiequality.Semantic): quantities by value,
 * empty lists and maps as if they were absent. The schema says what is a quantity.
 */
import type { StructRef } from '../../schema/builders.ts';
import { structType, type TypeRef } from '../../schema/struct-type.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';

type Members = Readonly<Record<string, unknown>>;

/** Whether two values of a named type, either of which may be absent, mean the same. */
export function semanticEqual(ref: StructRef, a: object | undefined, b: object | undefined): boolean {
  return same({ kind: 'struct', struct: structType(ref) }, a, b);
}

function same(type: TypeRef, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return isEmpty(type, a ?? b);
  switch (type.kind) {
    case 'scalar':
      if (type.scalar === 'quantity') return parseQuantity(a as string).cmp(parseQuantity(b as string)) === 0;
      return JSON.stringify(a) === JSON.stringify(b);
    case 'struct':
      return type.struct.fields.every((field) => same(field.type, (a as Members)[field.name], (b as Members)[field.name]));
    case 'list': {
      const [left, right] = [a as readonly unknown[], b as readonly unknown[]];
      return left.length === right.length && left.every((item, i) => same(type.items, item, right[i]));
    }
    case 'map': {
      const [left, right] = [a as Members, b as Members];
      const keys = Object.keys(left);
      return keys.length === Object.keys(right).length
        && keys.every((key) => Object.hasOwn(right, key) && same(type.values, left[key], right[key]));
    }
  }
}

/** Whether the only given value of two counts as absent. Stored objects hold no zero scalars that Go would omit. */
function isEmpty(type: TypeRef, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (type.kind === 'list') return (value as readonly unknown[]).length === 0;
  return type.kind === 'map' && Object.keys(value).length === 0;
}
