/**
 * The vocabulary in which the generated schema modules are written.
 *
 * Every served type is a TypeBox schema, and every member carries what Kubernetes knows of it (`k8s`): the protobuf
 * tag, defaults, enums, merge keys, list kinds. All other knowledge about fields is derived from here
 * (`struct-type.ts` is the reading side). This file refuses to hold behaviour: it only spells types.
 */
import { Type, type Static, type TObject, type TOptional, type TProperties, type TSchema } from '@sinclair/typebox';
import type { FieldMeta, InlineMeta, StructMeta } from './meta.ts';

/** A named type that is built at its first use, so that a start pays only for the types it touches. */
export interface StructRef<P extends TProperties = TProperties> {
  (): TObject<P>;
  readonly typeName: string;
}

/** Declares a named object type. `members` runs once, at first use. */
export function struct<P extends TProperties>(typeName: string, members: () => P, meta: StructMeta = {}): StructRef<P> {
  let built: TObject<P> | undefined;
  const ref = () => (built ??= Type.Object(members(), { k8sStruct: { ...meta, typeName } }));
  return Object.assign(ref, { typeName });
}

/** A member that JSON leaves out when it has its zero value (Go's `omitempty` or `omitzero`). */
export function optional<S extends TSchema>(schema: S): TOptional<S> {
  return Type.Optional(with_(schema, { optional: true })) as TOptional<S>;
}

/** A member that is a pointer in Go: absent differs from zero, and zero is written when it is set. */
export function pointer<S extends TSchema>(schema: S): TOptional<S> {
  return Type.Optional(with_(schema, { optional: true, pointer: true })) as TOptional<S>;
}

/** A pointer, list, map or time that JSON writes as `null` when it is not set. */
export function nullable<S extends TSchema>(schema: S): S {
  return with_(schema, { nullable: true });
}

export const string = <const M extends FieldMeta>(meta: M) => Type.String({ k8s: { ...meta, scalar: 'string' } });
export const bool = (meta: FieldMeta) => Type.Boolean({ k8s: { ...meta, scalar: 'bool' } });
export const int32 = (meta: FieldMeta) => Type.Number({ k8s: { ...meta, scalar: 'int32' } });
export const int64 = (meta: FieldMeta) => Type.Number({ k8s: { ...meta, scalar: 'int64' } });
export const float64 = (meta: FieldMeta) => Type.Number({ k8s: { ...meta, scalar: 'float64' } });
/** Base64 text, as JSON shows it. */
export const bytes = (meta: FieldMeta) => Type.String({ k8s: { ...meta, scalar: 'bytes' } });
export const quantity = (meta: FieldMeta) => Type.String({ k8s: { ...meta, scalar: 'quantity' } });
export const time = (meta: FieldMeta) => Type.String({ k8s: { ...meta, scalar: 'time' } });
export const microTime = (meta: FieldMeta) => Type.String({ k8s: { ...meta, scalar: 'microTime' } });
export const intOrString = (meta: FieldMeta) =>
  Type.Union([Type.Number(), Type.String()], { k8s: { ...meta, scalar: 'intOrString' } });
/** Free-form JSON: `FieldsV1`, `RawExtension`, `apiextensions/v1.JSON` and the JSONSchemaPropsOr… unions. */
export const anything = (scalar: AnythingScalar, meta: FieldMeta) => Type.Unknown({ k8s: { ...meta, scalar } });
export type AnythingScalar = 'fieldsV1' | 'raw' | 'json' | 'schemaOrArray' | 'schemaOrBool' | 'schemaOrStringArray' | 'object';

/** A member whose value is another named type. */
export function object<P extends TProperties>(ref: StructRef<P>, meta: FieldMeta): TObject<P> {
  return with_(ref(), { ...meta, struct: ref as unknown as StructRef });
}

/** A member that refers back to the type it stands in (only `JSONSchemaProps` does). The static type is `unknown`. */
export const recursive = (ref: () => StructRef, meta: FieldMeta) => Type.Unknown({ k8s: { ...meta, recursive: ref } });

export function list<S extends TSchema>(items: S, meta: FieldMeta) {
  return Type.Array(items, { k8s: { ...meta, list: true } });
}

export function map<S extends TSchema>(values: S, meta: FieldMeta) {
  return Type.Record(Type.String(), values, { k8s: { ...meta, map: values } });
}

/** The members of an embedded Go struct: flat in JSON, a message of its own in protobuf when `meta.tag` is set. */
export function inline<P extends TProperties>(ref: StructRef<P>, meta: InlineMeta): P {
  const members: TProperties = {};
  for (const [name, schema] of Object.entries(ref().properties)) {
    const k8s = schema['k8s'] as FieldMeta;
    members[name] = with_(schema, { inlines: [{ ...meta, struct: ref as unknown as StructRef }, ...(k8s.inlines ?? [])] });
  }
  return members as P;
}

function with_<S extends TSchema>(schema: S, meta: FieldMeta): S {
  return { ...schema, k8s: { ...(schema['k8s'] as FieldMeta | undefined), ...meta } };
}

export type { Static };
