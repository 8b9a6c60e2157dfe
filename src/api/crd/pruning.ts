/** Removal of what a structural schema does not know (apiextensions' apiserver/schema/pruning). */
import { isObject } from '../../lib/json.ts';
import { additional, itemSchema, property, type Schema } from './schema.ts';

/** Members that every resource has, declared or not. */
const resourceMembers: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Prunes a whole custom resource in place; answers the paths of what was unknown, sorted. */
export function pruneResource(object: Record<string, unknown>, schema: Schema | undefined): string[] {
  const unknown: string[] = [];
  prune(object, schema, '', true, unknown);
  return unknown.sort();
}

/** The same for a value inside a resource: a default, for example. */
export function pruneValue(value: unknown, schema: Schema): string[] {
  const unknown: string[] = [];
  prune(value, schema, '', false, unknown);
  return unknown.sort();
}

function prune(value: unknown, schema: Schema | undefined, path: string, root: boolean, unknown: string[]): void {
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    if (preserves(schema) && !items) return;
    value.forEach((item, i) => prune(item, items, `${path}[${i}]`, false, unknown));
    return;
  }
  if (!isObject(value)) return;
  const isResource = root || schema?.['x-kubernetes-embedded-resource'] === true;
  for (const name of Object.keys(value)) {
    if (isResource && resourceMembers.has(name)) continue;
    const at = path === '' ? name : `${path}.${name}`;
    const declared = property(schema, name);
    const below = declared ?? additional(schema);
    if (below) prune(value[name], below, at, false, unknown);
    else if (preserves(schema)) continue;
    else if (schema?.additionalProperties === true) prune(value[name], undefined, at, false, unknown);
    else {
      unknown.push(at);
      delete value[name];
    }
  }
}

const preserves = (schema: Schema | undefined): boolean => schema?.['x-kubernetes-preserve-unknown-fields'] === true;
