/** Defaults of a structural schema (apiextensions' apiserver/schema/defaulting). */
import { copy, isObject, setMember } from '../../lib/json.ts';
import { additional, itemSchema, properties, property, type Schema } from './schema.ts';

/** Fills in defaults, in place, after dropping every null that is not allowed to be one. */
export function applySchemaDefaults(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    if (items) value.forEach((item) => applySchemaDefaults(item, items));
  } else if (isObject(value)) {
    for (const [name, declared] of properties(schema)) {
      if (Object.hasOwn(value, name) && value[name] === null && !declared.nullable) delete value[name];
      if (!Object.hasOwn(value, name) && declared.default !== undefined) setMember(value, name, copy(declared.default));
    }
    for (const name of Object.keys(value)) {
      applySchemaDefaults(value[name], property(schema, name) ?? additional(schema));
    }
  }
}
