/** The schema of types as OpenAPI models, in both versions of OpenAPI, with texts of our own for people. */
import { isObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { FieldMeta, ScalarKind } from '../../schema/meta.ts';
import type { Field, StructType, TypeRef } from '../../schema/struct-type.ts';
import { fieldText, typeText } from './descriptions/texts.ts';
import { specialModels, type SpecialModel } from './special-models.ts';

export type OpenApiVersion = 'v2' | 'v3';

/** Collects the models that a document refers to. */
export class Models {
  readonly all = new Map<string, JsonObject>();
  readonly version: OpenApiVersion;

  constructor(version: OpenApiVersion) {
    this.version = version;
  }

  /** A reference to the model of a type, which joins the document with all it refers to. */
  ref(type: StructType): JsonObject {
    const name = type.meta.model!;
    if (!this.all.has(name)) {
      this.all.set(name, {});
      this.all.set(name, this.#model(type));
    }
    return this.refTo(name);
  }

  special(model: SpecialModel): JsonObject {
    const schema = (this.version === 'v2' ? model.v2 : undefined) ?? model.v3;
    this.all.set(model.name, { ...textMember(model.text), ...schema });
    return this.refTo(model.name);
  }

  /** Adds a model that no type of ours describes, for example that of a custom resource. */
  custom(name: string, model: JsonObject): JsonObject {
    this.all.set(name, model);
    return this.refTo(name);
  }

  refTo(name: string): JsonObject {
    return { $ref: `${this.version === 'v3' ? '#/components/schemas/' : '#/definitions/'}${name}` };
  }

  /** Models by name, as documents list them. */
  sorted(): JsonObject {
    return Object.fromEntries([...this.all.keys()].sort().map((name) => [name, this.all.get(name)!]));
  }

  #model(type: StructType): JsonObject {
    const { fields, meta } = type;
    const published = fields.filter((field) => !field.meta.noJSON);
    const required = published.filter((field) => field.meta.required).map((field) => field.name).sort();
    return {
      ...textMember(typeText(type)),
      type: 'object',
      ...(published.length > 0 ? { properties: Object.fromEntries(published.map((field) => [field.name, this.#property(type, field)])) } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(meta.mapType ? { 'x-kubernetes-map-type': meta.mapType } : {}),
      ...(meta.unions ? { 'x-kubernetes-unions': meta.unions as Json[] } : {}),
      ...(meta.gvk ? { 'x-kubernetes-group-version-kind': meta.gvk as unknown as Json[] } : {}),
    };
  }

  #property(owner: StructType, field: Field): JsonObject {
    const { type, meta } = field;
    const value = this.#value(type, meta);
    // A reference is bare where upstream has no text.
    const text = meta.bareRef ? undefined : fieldText(owner, field);
    return { ...this.described(value, text, meta.bareRef), ...this.#default(meta.default), ...extensions(meta) };
  }

  /** A schema with a text. OpenAPI v3 allows nothing beside a reference, so that is wrapped, unless it is `bare`. */
  described(value: JsonObject, text: string | undefined, bare = false): JsonObject {
    if (!('$ref' in value)) return { ...textMember(text), ...value };
    return this.version === 'v3' && !bare ? { ...textMember(text), allOf: [value] } : { ...value, ...textMember(text) };
  }

  #value(type: TypeRef, meta: FieldMeta): JsonObject {
    switch (type.kind) {
      case 'struct': return this.ref(type.struct);
      case 'scalar': return this.#scalar(type.scalar, meta.format, meta.enum);
      case 'list': return { type: 'array', items: this.#item(type.items, meta) };
      case 'map': return { type: 'object', additionalProperties: this.#item(type.values, meta) };
    }
  }

  #item(type: TypeRef, { itemDefault, itemItemDefault, itemFormat, itemEnum }: FieldMeta): JsonObject {
    const value = this.#value(type, {
      ...(itemFormat === undefined ? {} : { format: itemFormat }), ...(itemEnum ? { enum: itemEnum } : {}),
      ...(itemItemDefault === undefined ? {} : { itemDefault: itemItemDefault }),
    });
    const itsDefault = this.#default(itemDefault);
    return '$ref' in value && Object.keys(itsDefault).length > 0 ? { allOf: [value], ...itsDefault } : { ...value, ...itsDefault };
  }

  #scalar(scalar: ScalarKind, format: string | undefined, values: readonly string[] | undefined): JsonObject {
    const special = specialModels[scalar];
    if (special) return this.special(special);
    if (scalar === 'object') return { type: 'object' };
    return { ...primitives[scalar]!, ...(format === undefined ? {} : { format }), ...(values ? { enum: [...values] } : {}) };
  }

  /** OpenAPI v2 is published without defaults. */
  #default(value: unknown): JsonObject {
    return value === undefined || this.version === 'v2' ? {} : { default: value as Json };
  }
}

const textMember = (text: string | undefined): JsonObject => (text === undefined ? {} : { description: text });

const primitives: Readonly<Partial<Record<ScalarKind, JsonObject>>> = {
  string: { type: 'string' }, bool: { type: 'boolean' }, bytes: { type: 'string', format: 'byte' },
  int32: { type: 'integer', format: 'int32' }, int64: { type: 'integer', format: 'int64' }, float64: { type: 'number', format: 'double' },
};

function extensions({ listType, listMapKeys, mapType, structType, patchMergeKey, patchStrategy }: FieldMeta): JsonObject {
  const mapKind = mapType ?? structType;
  return {
    ...(listMapKeys ? { 'x-kubernetes-list-map-keys': [...listMapKeys] } : {}),
    ...(listType ? { 'x-kubernetes-list-type': listType } : {}),
    ...(mapKind ? { 'x-kubernetes-map-type': mapKind } : {}),
    ...(patchMergeKey ? { 'x-kubernetes-patch-merge-key': patchMergeKey } : {}),
    ...(patchStrategy ? { 'x-kubernetes-patch-strategy': patchStrategy } : {}),
  };
}

/** A custom resource's OpenAPI v3 schema cut down to what OpenAPI v2 can say. */
export function withoutV3(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutV3);
  if (!isObject(schema)) return schema;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true && !('properties' in schema)) return { type: 'object' };
  return Object.fromEntries(Object.entries(schema as JsonObject)
    .filter(([key]) => !['oneOf', 'anyOf', 'not', 'nullable', 'default'].includes(key))
    .map(([key, value]) => [key, withoutV3(value)]));
}
