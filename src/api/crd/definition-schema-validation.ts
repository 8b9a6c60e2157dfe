/** Is a schema one that a CustomResourceDefinition may have? Structure first, then everything else, the CEL rules last. */
import { equal } from '../../lib/json.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { checkDefault, hasRules } from '../cel/rules.ts';
import { validateRules } from './definition-rules.ts';
import { pruneValue } from './pruning.ts';
import { fieldPathOf } from './rule-field-path.ts';
import { additional, itemSchema, properties, type Schema, type ValidationRule } from './schema.ts';
import { noPath, validateValue } from './schema-validation.ts';
import { forEachInner } from './schema-walk.ts';
import { validateStructure } from './structural-validation.ts';

/** What may stand beside the members of the root when the status is a part of its own. */
const allowedAtRoot = ['Description', 'Type', 'Format', 'Title', 'Maximum', 'ExclusiveMaximum', 'Minimum', 'ExclusiveMinimum', 'MaxLength',
  'MinLength', 'Pattern', 'MaxItems', 'MinItems', 'UniqueItems', 'MultipleOf', 'Required', 'Items', 'Properties', 'ExternalDocs', 'Example',
  'XPreserveUnknownFields', 'XValidations'];

export function validateSchema(schema: Schema, path: string, hasStatus: boolean, errors: FieldError[]): void {
  const found: FieldError[] = [];
  if (hasStatus && schema.type !== 'object') {
    found.push(invalid(`${path}.type`, schema.type ?? '', 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'));
  }
  const other = hasStatus ? Object.keys(schema).find((member) => !allowedAtRoot.includes(goName(member))) : undefined;
  if (other !== undefined) {
    found.push(invalid(path, schema, `only [${allowedAtRoot.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`));
  }
  if (schema.nullable) found.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  const structure = validateStructure(schema, path);
  found.push(...structure);
  if (structure.length === 0) validateDefaults(schema, path, found);
  const general: FieldError[] = [];
  validateGeneral(schema, path, general);
  found.push(...general);
  if (found.length === 0) validateRules(schema, path, found);
  errors.push(...found);
}

function goName(member: string): string {
  const name = member.replace(/^x-kubernetes-/, 'x-').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Defaults must fit their schema and hold nothing unknown (schema/defaulting/validation.go). */
function validateDefaults(schema: Schema, path: string, errors: FieldError[]): void {
  if (schema.default !== undefined) {
    const pruned = structuredClone(schema.default);
    pruneValue(pruned, schema);
    if (!equal(pruned, schema.default)) errors.push(invalid(`${path}.default`, schema.default, 'must not have unknown fields'));
    const values = validateValue(schema, schema.default);
    for (const error of values.length > 0 || !hasRules(schema) ? values : checkDefault(schema, schema.default)) {
      errors.push({ ...error, field: error.field === noPath ? `${path}.default` : `${path}.default.${error.field}` });
    }
  }
  forEachInner(schema, path, (one, at) => validateDefaults(one, at, errors));
}

const forbiddenMembers = ['definitions', 'dependencies', 'patternProperties', 'additionalItems', '$ref', 'id'] as const;
const types: ReadonlySet<string> = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string']);

/** ValidateCustomResourceDefinitionOpenAPISchema without CEL. */
function validateGeneral(schema: Schema, path: string, errors: FieldError[]): void {
  for (const member of forbiddenMembers) {
    if (member in schema) errors.push(forbidden(`${path}.${member}`, `${member} is not supported`));
  }
  if (schema.type === 'null') errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  else if (schema.type && !types.has(schema.type)) errors.push(notSupported(`${path}.type`, schema.type, [...types]));
  if (Array.isArray(schema.items)) errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  if (schema.uniqueItems) {
    errors.push(forbidden(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  }
  if (schema.properties && Object.keys(schema.properties).length > 0 && (schema.additionalProperties === false || additional(schema))) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  validateMapType(schema, path, errors);
  validateListType(schema, path, errors);
  schema['x-kubernetes-validations']?.forEach((rule, i) => validateRuleText(rule, schema, `${path}.x-kubernetes-validations[${i}]`, errors));
  forEachInner(schema, path, (one, at) => validateGeneral(one, at, errors));
}

function validateMapType(schema: Schema, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-map-type'];
  if (kind === undefined) return;
  if (schema.type !== 'object') errors.push(typeError(schema, path, 'must be object if x-kubernetes-map-type is specified'));
  if (kind !== 'atomic' && kind !== 'granular') errors.push(notSupported(`${path}.x-kubernetes-map-type`, kind, ['atomic', 'granular']));
}

const typeError = ({ type }: Schema, path: string, text: string): FieldError =>
  (type ? invalid(`${path}.type`, type, text) : required(`${path}.type`, text));

function validateListType(schema: Schema, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const items = itemSchema(schema);
  if (kind !== undefined && schema.type !== 'array') errors.push(typeError(schema, path, 'must be array if x-kubernetes-list-type is specified'));
  else if (kind === 'set' && items) validateSetItems(items, path, errors);
  if (kind !== undefined && kind !== 'atomic' && kind !== 'set' && kind !== 'map') {
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, kind, ['atomic', 'set', 'map']));
  }
  if (keys.length > 0 && kind !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(kind === undefined ? required(`${path}.x-kubernetes-list-type`, text) : invalid(`${path}.x-kubernetes-list-type`, kind, text));
  }
  if (kind === 'map') validateMapItems(keys, items, path, errors);
  if ((kind === 'map' || kind === 'set') && items?.nullable) {
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${kind}`));
  }
}

function validateSetItems(items: Schema, path: string, errors: FieldError[]): void {
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items['x-kubernetes-list-type'];
  if (items.type === 'array' && listType !== undefined && listType !== 'atomic') errors.push(invalid(`${path}.items.x-kubernetes-list-type`, listType, text));
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') errors.push(invalid(`${path}.items.x-kubernetes-map-type`, null, text));
}

function validateMapItems(keys: readonly string[], items: Schema | undefined, path: string, errors: FieldError[]): void {
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) errors.push(required(field, 'must not be empty if x-kubernetes-list-type is map'));
  if (!items) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    return;
  }
  if (items.type !== 'object') {
    errors.push(invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"));
    return;
  }
  const declared = new Map(properties(items));
  keys.forEach((key, i) => {
    const schema = declared.get(key);
    const at = `${path}.items.properties[${key}]`;
    if (!schema) errors.push(invalid(field, keys, 'entries must all be names of item properties'));
    else if (schema.type === 'array' || schema.type === 'object') {
      errors.push(invalid(`${at}.type`, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map"));
    }
    if (keys.indexOf(key) < i) errors.push(invalid(field, keys, 'must not contain duplicate entries'));
  });
  for (const key of keys) {
    const schema = declared.get(key);
    const at = `${path}.items.properties[${key}]`;
    if (schema && schema.default === undefined && !items.required?.includes(key)) {
      errors.push(required(`${at}.default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'));
    }
    if (schema?.nullable) {
      errors.push(forbidden(`${at}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
    }
  }
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

function validateRuleText(tested: ValidationRule, schema: Schema, path: string, errors: FieldError[]): void {
  const { rule, message = '', messageExpression = '', reason, fieldPath = '' } = tested;
  if (rule.trim() === '') errors.push(required(`${path}.rule`, 'rule is not specified'));
  else if (message !== '' && message.trim() === '') errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim())) errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  else if (/[\n\r]/.test(rule.trim()) && message.trim() === '') {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, reasons));
  if (fieldPath === '') return;
  const at = `${path}.fieldPath`;
  if (fieldPath.trim() === '') errors.push(invalid(at, fieldPath, 'must be non-empty if specified'));
  if (/[\n\r]/.test(fieldPath)) errors.push(invalid(at, fieldPath, 'must not contain line breaks'));
  if (fieldPathOf(fieldPath, schema) === '') errors.push(invalid(at, fieldPath, 'must be a valid path'));
}
