/** The rules of structural schemas (apiextensions' apiserver/schema/validation.go). */
import { equal } from '../../lib/json.ts';
import { errorText } from '../errors.ts';
import { forbidden, invalid, required, type FieldError } from '../field-error.ts';
import { additional, itemSchema, properties, property, type Schema } from './schema.ts';
import { regExp } from './schema-validation.ts';

type Level = 'root' | 'item' | 'field';

/** All faults, sorted by their text. */
export function validateStructure(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  validateInvariants(schema, 'root', path, errors);
  validateComplete(schema, path, errors);
  return errors.map((error) => [errorText(error), error] as const).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, error]) => error);
}

const typeMissing: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root', item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function validateInvariants(schema: Schema, level: Level, path: string, errors: FieldError[]): void {
  const items = itemSchema(schema);
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  if (schema.type === 'array' && schema.items === undefined) errors.push(required(`${path}.items`, 'must be specified'));
  if (items) validateInvariants(items, 'item', `${path}.items`, errors);
  for (const [name, declared] of properties(schema)) validateInvariants(declared, 'field', `${path}.properties[${name}]`, errors);
  if (schema.additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
    if (embedded) errors.push(forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'));
    const below = additional(schema);
    if (below) validateInvariants(below, 'field', `${path}.additionalProperties`, errors);
  }
  if (intOrString && preserves) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, 'must be false if x-kubernetes-int-or-string is true'));
  }
  if (intOrString && embedded) {
    errors.push(invalid(`${path}.x-kubernetes-embedded-resource`, true, 'must be false if x-kubernetes-int-or-string is true'));
  }
  validateJunctors(schema, path, errors);
  if (embedded && schema.type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(schema.type ? invalid(`${path}.type`, schema.type, text) : required(`${path}.type`, text));
  } else if (!schema.type && !intOrString && !preserves) errors.push(required(`${path}.type`, typeMissing[level]));
  if (level === 'root' && schema.type && schema.type !== 'object') errors.push(invalid(`${path}.type`, schema.type, 'must be object at the root'));
  if (level === 'root' || embedded) validateResourceMembers(schema, level === 'root', path, errors);
  if (embedded && !preserves && properties(schema).length === 0) {
    errors.push(required(`${path}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'));
  }
}

function validateResourceMembers(schema: Schema, root: boolean, path: string, errors: FieldError[]): void {
  for (const name of ['kind', 'apiVersion']) {
    const declared = property(schema, name);
    if (declared && declared.type !== 'string') errors.push(invalid(`${path}.properties[${name}].type`, declared.type ?? '', 'must be string'));
  }
  const metadata = property(schema, 'metadata');
  if (!metadata) return;
  const at = `${path}.properties[metadata]`;
  if (metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'));
  const names = properties(metadata).map(([name]) => name);
  const restricts = names.some((name) => name !== 'name' && name !== 'generateName')
    || Object.keys(metadata).some((member) => member !== 'type' && member !== 'properties' && member !== 'description');
  if (root && restricts) {
    errors.push(forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
  }
}

const intOrStringTypes = [{ type: 'integer' }, { type: 'string' }];

/** allOf, anyOf, oneOf and not may validate values, but say nothing of structure. */
function validateJunctors(schema: Schema, path: string, errors: FieldError[], skipsAnyOf = equal(schema.anyOf, intOrStringTypes)): void {
  const visit = (member: 'allOf' | 'anyOf' | 'oneOf'): void => (schema[member] ?? []).forEach((one, i) => {
    const skips = member === 'allOf' && i === 0 && equal(one.anyOf, intOrStringTypes);
    validateNested(one, `${path}.${member}[${i}]`, errors, skips);
  });
  if (!skipsAnyOf) visit('anyOf');
  visit('allOf');
  visit('oneOf');
  if (schema.not) validateNested(schema.not, `${path}.not`, errors, false);
  if (schema.pattern) {
    try {
      regExp(schema.pattern);
    } catch (error) {
      errors.push(invalid(`${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${(error as Error).message}`));
    }
  }
}

const empty = 'must be empty to be structural';
const unset = 'must be undefined to be structural';
const off = 'must be false to be structural';
const nestedForbidden: readonly (readonly [keyof Schema, string])[] = [
  ['type', empty], ['additionalProperties', unset], ['default', unset], ['title', empty], ['description', empty], ['nullable', off],
  ['x-kubernetes-preserve-unknown-fields', off], ['x-kubernetes-embedded-resource', off], ['x-kubernetes-int-or-string', off],
  ['x-kubernetes-list-map-keys', empty], ['x-kubernetes-list-type', unset], ['x-kubernetes-map-type', unset], ['x-kubernetes-validations', empty],
];

function validateNested(schema: Schema, path: string, errors: FieldError[], skipsAnyOf: boolean): void {
  validateJunctors(schema, path, errors, skipsAnyOf);
  const items = itemSchema(schema);
  if (items) validateNested(items, `${path}.items`, errors, false);
  for (const [name, declared] of properties(schema)) validateNested(declared, `${path}.properties[${name}]`, errors, false);
  for (const [member, text] of nestedForbidden) {
    if (schema[member] !== undefined) errors.push(forbidden(`${path}.${member}`, text));
  }
  if (property(schema, 'metadata')) errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
}

/** What is said of values inside allOf and the like must also be declared outside (schema/complete.go). */
function validateComplete(schema: Schema, path: string, errors: FieldError[]): void {
  for (const nested of [...schema.allOf ?? [], ...schema.anyOf ?? [], ...schema.oneOf ?? [], ...(schema.not ? [schema.not] : [])]) {
    complete(nested, schema, path, errors);
  }
  const items = itemSchema(schema);
  if (items) validateComplete(items, `${path}.items`, errors);
  for (const [name, declared] of properties(schema)) validateComplete(declared, `${path}.properties[${name}]`, errors);
  const below = additional(schema);
  if (below) validateComplete(below, `${path}.additionalProperties`, errors);
}

function complete(nested: Schema, schema: Schema, path: string, errors: FieldError[]): void {
  const items = itemSchema(nested);
  const declaredItems = itemSchema(schema);
  if (items && !declaredItems) errors.push(required(`${path}.items`, 'because it is defined in a nested value validation'));
  else if (items && declaredItems) complete(items, declaredItems, `${path}.items`, errors);
  for (const [name, below] of properties(nested)) {
    const declared = property(schema, name);
    const at = `${path}.properties[${name}]`;
    if (!declared) errors.push(required(at, 'because it is defined in a nested value validation'));
    else complete(below, declared, at, errors);
  }
  for (const deeper of [...nested.allOf ?? [], ...nested.anyOf ?? [], ...nested.oneOf ?? [], ...(nested.not ? [nested.not] : [])]) {
    complete(deeper, schema, path, errors);
  }
}
