/** Going through the schemas inside of one. */
import { additional, itemSchema, properties, type Schema } from './schema.ts';

/** The schemas of members and items, with their paths. */
export function forEachInner(schema: Schema, path: string, visit: (schema: Schema, path: string) => void): void {
  const below = additional(schema);
  if (below) visit(below, `${path}.additionalProperties`);
  for (const [name, declared] of properties(schema)) visit(declared, `${path}.properties[${name}]`);
  const items = itemSchema(schema);
  if (items) visit(items, `${path}.items`);
}
