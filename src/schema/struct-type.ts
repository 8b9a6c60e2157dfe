/**
 * The reading side of the schema: TypeBox schemas seen as Kubernetes types.
 *
 * Decoding, defaulting, validation, patching, apply, protobuf and OpenAPI all walk these descriptions, so nothing about
 * a field is written twice. Descriptions are made once per type, at first use.
 */
import type { TObject, TSchema } from '@sinclair/typebox';
import type { StructRef } from './builders.ts';
import type { FieldMeta, ScalarKind, StructMeta } from './meta.ts';

export type TypeRef =
  | { readonly kind: 'scalar'; readonly scalar: ScalarKind }
  | { readonly kind: 'struct'; readonly struct: StructType }
  | { readonly kind: 'list'; readonly items: TypeRef }
  | { readonly kind: 'map'; readonly values: TypeRef };

export interface Field {
  readonly name: string;
  /** Go's name of the field, as decode errors print it. */
  readonly goName: string;
  readonly type: TypeRef;
  /** JSON leaves the member out when it is zero (or, for a pointer, not set). */
  readonly optional: boolean;
  readonly pointer: boolean;
  /** JSON writes `null` when the member is not set. */
  readonly nullable: boolean;
  readonly meta: FieldMeta;
}

/** A named object type. `fields` are in Go's order, which is the order of JSON output; embedded members are expanded. */
export interface StructType {
  readonly name: string;
  readonly meta: StructMeta;
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
}

const described = new WeakMap<StructRef, StructType>();

/** Describes a named type. */
export function structType(ref: StructRef): StructType {
  let type = described.get(ref);
  if (!type) {
    type = new LazyStruct(ref);
    described.set(ref, type);
  }
  return type;
}

class LazyStruct implements StructType {
  readonly name: string;
  readonly #ref: StructRef;
  #fields: readonly Field[] | undefined;
  #byName: ReadonlyMap<string, Field> | undefined;

  constructor(ref: StructRef) {
    this.#ref = ref;
    this.name = ref.typeName;
  }

  get meta(): StructMeta {
    return this.#ref()['k8sStruct'] as StructMeta;
  }

  get fields(): readonly Field[] {
    return (this.#fields ??= fieldsOf(this.#ref()));
  }

  get byName(): ReadonlyMap<string, Field> {
    return (this.#byName ??= new Map(this.fields.map((field) => [field.name, field])));
  }
}

function fieldsOf(schema: TObject): Field[] {
  return Object.entries(schema.properties).map(([name, member]) => {
    const meta = metaOf(member);
    return {
      name,
      goName: meta.go ?? name.charAt(0).toUpperCase() + name.slice(1),
      type: typeRef(member),
      optional: meta.optional ?? false,
      pointer: meta.pointer ?? false,
      nullable: meta.nullable ?? false,
      meta,
    };
  });
}

function typeRef(schema: TSchema): TypeRef {
  const meta = metaOf(schema);
  if (meta.struct) return { kind: 'struct', struct: structType(meta.struct) };
  if (meta.recursive) return { kind: 'struct', struct: structType(meta.recursive()) };
  if (meta.list) return { kind: 'list', items: typeRef(schema['items'] as TSchema) };
  if (meta.map) return { kind: 'map', values: typeRef(meta.map) };
  if (meta.scalar) return { kind: 'scalar', scalar: meta.scalar };
  throw new Error(`schema without a type: ${JSON.stringify(schema)}`);
}

function metaOf(schema: TSchema): FieldMeta {
  return (schema['k8s'] as FieldMeta | undefined) ?? {};
}
