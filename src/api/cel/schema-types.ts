/** The types of what a schema describes, as rules see it (apiserver/pkg/cel/common/schemas.go). */
import { additional, itemSchema, properties, type Schema } from '../crd/schema.ts';
import { bool, bytes, double, duration, dyn, int, listOf, mapOf, objectOf, string, timestamp, type CelType } from './types.ts';

const text: Schema = { type: 'string' };
/** What rules may see of a resource's own members. */
const resource: Schema['properties'] = {
  apiVersion: text, kind: text, metadata: { type: 'object', properties: { name: text, generateName: text } },
};
/** Upstream's name for the type of `self` ends in a random number. */
const selfName = 'selfType1';

/** The schema of a whole resource as rules see it. */
export const resourceType = (schema: Schema): Schema => ({ ...schema, properties: { ...schema.properties, ...resource } });

/** Undefined for what has no type: rules cannot see it. */
export function celTypeOf(schema: Schema, name = selfName): CelType | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn;
  const whole = schema['x-kubernetes-embedded-resource'] ? resourceType(schema) : schema;
  switch (schema['x-kubernetes-embedded-resource'] ? 'object' : schema.type) {
    case 'array': {
      const items = itemSchema(schema);
      const type = items && celTypeOf(items, `${name}.@idx`);
      return type && listOf(type);
    }
    case 'object': {
      const below = additional(schema);
      if (!below) return objectOf(name, fieldsOf(whole, name));
      const type = celTypeOf(below, `${name}.@elem`);
      return type && mapOf(string, type);
    }
    case 'string': return typeOfText(schema.format);
    case 'boolean': return bool;
    case 'number': return double;
    case 'integer': return int;
    default: return undefined;
  }
}

function fieldsOf(schema: Schema, name: string): Record<string, CelType> {
  return Object.fromEntries(properties(schema).flatMap(([member, declared]) => {
    const type = celTypeOf(declared, `${name}.${member}`);
    return type ? [[member, type]] : [];
  }));
}

function typeOfText(format: string | undefined): CelType {
  switch (format) {
    case 'byte': return bytes;
    case 'duration': return duration;
    case 'date': case 'date-time': return timestamp;
    default: return string;
  }
}
