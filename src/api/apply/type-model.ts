/**
 * What server-side apply needs to know of a type: whether it is a scalar, a list or a map, and how its elements are told
 * apart. It is structured-merge-diff's `schema.Atom`. Built-in types get theirs from the schema (`modelOfStruct`); a custom
 * resource gets its from its structural schema. A model with all three kinds takes the one that the value has.
 */
import type { StructType, TypeRef } from '../../schema/struct-type.ts';
import { RecentNodes } from './recent-nodes.ts';
import { fromUnstructured } from '../patch/from-unstructured.ts';
import type { FieldMeta, ScalarKind } from '../../schema/meta.ts';

export interface TypeModel {
  readonly scalar?: ScalarModel;
  readonly list?: ListModel;
  readonly map?: MapModel;
}

export type ScalarModel = 'string' | 'numeric' | 'boolean' | 'untyped';

export interface ListModel {
  readonly recent: RecentNodes;
  /** `map`: items are told apart by `keys`; `set`: by their value; `atomic`: the list is owned whole. */
  readonly kind: 'atomic' | 'set' | 'map';
  /** Names of the key members, sorted, with the values they default to. */
  readonly keys: readonly ListKey[];
  readonly items: TypeModel;
}

export interface ListKey {
  readonly name: string;
  /** Undefined: no default. */
  readonly default: unknown;
}

export interface MapModel {
  readonly recent: RecentNodes;
  /** Owned whole. */
  readonly atomic: boolean;
  /** Declared members. */
  readonly byName: ReadonlyMap<string, FieldModel>;
  /** Type of the members that are not declared; undefined: there may be none. */
  readonly values: TypeModel | undefined;
}

export interface FieldModel {
  readonly name: string;
  /** The path element, `f:name`. */
  readonly element: string;
  /** Place among the members of the map, by name. */
  readonly rank: number;
  readonly type: TypeModel;
}

/** A type as apply works with it. */
export interface ObjectType {
  readonly model: TypeModel;
  /** The object before anything is set: what Go's zero value encodes to, or nothing for custom resources. Frozen. */
  readonly empty: Readonly<Record<string, unknown>>;
  /** Makes a merged object one of this type, in place; answers why it cannot be. */
  readonly fromUnstructured?: (object: Record<string, unknown>) => string | undefined;
}

/** A map with the given members; `values` is the type of others, undefined when there may be none. */
export function mapModel(fields: Readonly<Record<string, TypeModel>>, values: TypeModel | undefined, atomic: boolean): MapModel {
  const names = Object.keys(fields).sort();
  return { recent: new RecentNodes(), atomic, values, byName: new Map(names.map((name, rank) => [name, { name, element: `f:${name}`, rank, type: fields[name]! }])) };
}

const untyped: TypeModel & { map: MapModel; list: ListModel } = {
  scalar: 'untyped',
  list: { recent: new RecentNodes(), kind: 'atomic', keys: [], get items(): TypeModel { return untyped; } },
  map: { recent: new RecentNodes(), atomic: true, byName: new Map(), get values(): TypeModel { return untyped; } },
};

/** Free-form JSON that is owned whole. */
export const untypedModel: TypeModel = untyped;

const deduced: TypeModel & { map: MapModel } = {
  scalar: 'untyped',
  list: { recent: new RecentNodes(), kind: 'atomic', keys: [], items: untyped },
  map: { recent: new RecentNodes(), atomic: false, byName: new Map(), get values(): TypeModel { return deduced; } },
};

/** Free-form JSON whose maps are owned member by member and whose lists are owned whole. */
export const deducedModel: TypeModel = deduced;

/** An object without declared members. */
export const freeObjectModel: TypeModel = { map: deduced.map };

const scalarModels: Readonly<Record<ScalarKind, TypeModel>> = {
  string: { scalar: 'string' }, bytes: { scalar: 'string' }, bool: { scalar: 'boolean' },
  int32: { scalar: 'numeric' }, int64: { scalar: 'numeric' }, float64: { scalar: 'numeric' },
  quantity: { scalar: 'untyped' }, time: { scalar: 'untyped' }, microTime: { scalar: 'untyped' }, intOrString: { scalar: 'untyped' },
  fieldsV1: freeObjectModel, object: freeObjectModel, raw: untypedModel,
  json: deducedModel, schemaOrArray: deducedModel, schemaOrBool: deducedModel, schemaOrStringArray: deducedModel,
};

const objectTypes = new WeakMap<StructType, ObjectType>();

/** The apply view of a built-in type, made once. */
export function objectTypeOf(struct: StructType): ObjectType {
  let type = objectTypes.get(struct);
  if (!type) {
    type = {
      model: modelOfStruct(struct), empty: Object.freeze(emptyObject(struct)), fromUnstructured: (object) => fromUnstructured(object, struct),
    };
    objectTypes.set(struct, type);
  }
  return type;
}

const structModels = new WeakMap<StructType, TypeModel>();

/** The model of a built-in type. */
export function modelOfStruct(struct: StructType): TypeModel {
  let model = structModels.get(struct);
  if (!model) {
    model = lazyMap(() => mapModel(fieldModels(struct), undefined, struct.meta.mapType === 'atomic'));
    structModels.set(struct, model);
  }
  return model;
}

/** A model that is filled in at its first use, for types may contain themselves. */
function lazyMap(make: () => MapModel): TypeModel {
  return {
    get map() {
      const map = make();
      Object.defineProperty(this, 'map', { value: map });
      return map;
    },
  };
}

const fieldModels = (struct: StructType): Record<string, TypeModel> =>
  Object.fromEntries(struct.fields.map((field) => [field.name, modelOf(field.type, field.meta)]));

function modelOf(type: TypeRef, meta: FieldMeta): TypeModel {
  switch (type.kind) {
    case 'scalar': return type.scalar === 'string' && meta.format !== undefined ? scalarModels.intOrString : scalarModels[type.scalar];
    case 'struct': return structModel(type.struct, meta.structType ?? meta.mapType);
    case 'list': return { list: listModel(type.items, meta) };
    case 'map': return { map: mapModel({}, modelOf(type.values, {}), meta.mapType === 'atomic') };
  }
}

/** What the field says of its struct comes before what the struct says of itself. */
function structModel(struct: StructType, ofField: 'atomic' | 'granular' | undefined): TypeModel {
  if (ofField === undefined || (ofField === 'atomic') === (struct.meta.mapType === 'atomic')) return modelOfStruct(struct);
  return lazyMap(() => ({ ...modelOfStruct(struct).map!, recent: new RecentNodes(), atomic: ofField === 'atomic' }));
}

function listModel(items: TypeRef, meta: FieldMeta): ListModel {
  const model = modelOf(items, {});
  const recent = new RecentNodes();
  if (meta.listType === 'map') return { recent, kind: 'map', keys: listKeys(meta.listMapKeys ?? [], items), items: model };
  if (meta.listType !== undefined) return { recent, kind: meta.listType, keys: [], items: model };
  if (!(meta.patchStrategy ?? '').includes('merge')) return { recent, kind: 'atomic', keys: [], items: model };
  return meta.patchMergeKey === undefined ? { recent, kind: 'set', keys: [], items: model }
    : { recent, kind: 'map', keys: listKeys([meta.patchMergeKey], items), items: model };
}

function listKeys(names: readonly string[], items: TypeRef): ListKey[] {
  const fields = items.kind === 'struct' ? items.struct.byName : undefined;
  return [...names].sort().map((name) => ({ name, default: fields?.get(name)?.meta.default }));
}

/** What Go's zero value of a type encodes to: the members that are always written. */
function emptyObject(struct: StructType): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of struct.fields) {
    if (!field.optional) result[field.name] = field.nullable ? null : emptyValue(field.type);
  }
  return result;
}

function emptyValue(type: TypeRef): unknown {
  switch (type.kind) {
    case 'struct': return emptyObject(type.struct);
    case 'list': case 'map': return null;
    case 'scalar': return emptyScalars[type.scalar] ?? null;
  }
}

const emptyScalars: Partial<Record<ScalarKind, unknown>> = {
  string: '', bool: false, int32: 0, int64: 0, float64: 0, quantity: '0', intOrString: 0,
};
