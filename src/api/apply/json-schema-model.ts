/**
 * Custom resources as apply works with them: a type model from the structural schema of a
 * CustomResourceDefinition's version (kube-openapi/pkg/schemaconv/openapi.go over what apiextensions publishes).
 */
import { RecentNodes } from './recent-nodes.ts';
import { isObject } from '../../lib/json.ts';
import { ObjectMeta } from '../../schema/meta/v1.ts';
import { structType } from '../../schema/struct-type.ts';
import { deducedModel, mapModel, modelOfStruct, untypedModel, type ListModel, type MapModel, type ObjectType, type TypeModel } from './type-model.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The type of a custom resource; `openAPIV3Schema` is taken as valid and structural. */
export function customResourceType(openAPIV3Schema: JsonSchema): ObjectType {
  return { model: { map: objectModel(withResourceMembers(openAPIV3Schema), false) }, empty: {} };
}

const string: TypeModel = { scalar: 'string' };

/** The schema with the members that every object has. */
function withResourceMembers(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: { ...members(schema), apiVersion: string, kind: string, metadata: modelOfStruct(structType(ObjectMeta)) } };
}

/** Declared members: schemas, or models that are ready. */
const members = (schema: JsonSchema) => (isObject(schema['properties']) ? schema['properties'] : {}) as Record<string, JsonSchema | TypeModel>;

function modelOf(schema: JsonSchema, preserveAbove: boolean): TypeModel {
  const preserve = preserveAbove || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const resource = schema['x-kubernetes-embedded-resource'] === true ? withResourceMembers(schema) : schema;
  switch (schema['type']) {
    case 'object': return { map: objectModel(resource, preserve) };
    case 'array': return { list: listModel(schema, preserve) };
    case 'integer': case 'number': return { scalar: 'numeric' };
    case 'boolean': return { scalar: 'boolean' };
    case 'string': return schema['format'] === undefined || schema['format'] === 'byte' ? string : { scalar: 'untyped' };
    default: return { ...deducedModel, map: objectModel(resource, preserve) };
  }
}

function objectModel(schema: JsonSchema, preserveAbove: boolean): MapModel {
  const preserve = preserveAbove || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const declared = Object.entries(members(schema));
  const fields = declared.map(([name, member]) => [name, isModel(member) ? member : modelOf(member, preserve)] as const);
  const others = otherMembers(schema, preserve || declared.length === 0, preserve);
  return mapModel(Object.fromEntries(fields), others, schema['x-kubernetes-map-type'] === 'atomic');
}

const isModel = (member: JsonSchema | TypeModel): member is TypeModel => 'scalar' in member || 'map' in member;

/** The type of members that are not declared. */
function otherMembers(schema: JsonSchema, open: boolean, preserve: boolean): TypeModel | undefined {
  const additional = schema['additionalProperties'];
  if (isObject(additional)) return modelOf(additional, preserve);
  return additional === true || (additional === undefined && open) ? deducedModel : undefined;
}

function listModel(schema: JsonSchema, preserve: boolean): ListModel {
  const itemSchema = isObject(schema['items']) ? schema['items'] : undefined;
  const items = itemSchema === undefined ? untypedModel : modelOf(itemSchema, preserve);
  if (schema['x-kubernetes-list-type'] === 'set') return { recent: new RecentNodes(), kind: 'set', keys: [], items };
  if (schema['x-kubernetes-list-type'] !== 'map') return { recent: new RecentNodes(), kind: 'atomic', keys: [], items };
  const names = [...schema['x-kubernetes-list-map-keys'] as string[]].sort();
  const itemMembers = members(itemSchema ?? {}) as Record<string, JsonSchema | undefined>;
  return { recent: new RecentNodes(), kind: 'map', keys: names.map((name) => ({ name, default: itemMembers[name]?.['default'] })), items };
}
