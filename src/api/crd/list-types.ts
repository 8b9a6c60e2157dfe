/** Uniqueness in lists that are sets or maps (apiextensions' apiserver/schema/listtype). */
import { isObject } from '../../lib/json.ts';
import { duplicate, type FieldError } from '../field-error.ts';
import { additional, itemSchema, property, type Schema } from './schema.ts';
import { goJson } from '../../lib/go-format.ts';

/** Duplicates anywhere in `value`. */
export function validateListTypes(schema: Schema | undefined, value: unknown, path = ''): FieldError[] {
  if (!schema) return [];
  if (isObject(value)) {
    return Object.keys(value).sort().flatMap((name) => {
      const declared = property(schema, name);
      const at = declared ? (path === '' ? name : `${path}.${name}`) : `${path}[${name}]`;
      return validateListTypes(declared ?? additional(schema), value[name], at);
    });
  }
  if (!Array.isArray(value)) return [];
  const items = itemSchema(schema);
  return [
    ...duplicates(value.map((item: unknown) => identity(schema, items, item)), path),
    ...value.flatMap((item: unknown, i) => validateListTypes(items, item, `${path}[${i}]`)),
  ];
}

/** What no other item of the list may share; undefined in lists that allow anything. */
function identity(schema: Schema, items: Schema | undefined, item: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  switch (schema['x-kubernetes-list-type']) {
    case 'set': return item;
    case 'map': {
      if (!isObject(item)) return undefined;
      const values = keys.map((name) => [name, item[name] ?? property(items, name)?.default] as const);
      return Object.fromEntries(values.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    default: return undefined;
  }
}

/** Each value that comes again is reported where it comes again, once. */
function duplicates(identities: readonly unknown[], path: string): FieldError[] {
  const seen = new Map<string, number>();
  return identities.flatMap((identity, i) => {
    if (identity === undefined) return [];
    const text = goJson(identity);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [duplicate(`${path}[${i}]`, identity)] : [];
  });
}
