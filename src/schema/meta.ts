/** What the schema knows of a member or a type beyond its JSON shape. Names follow `tools/facts/types.json`. */
import type { TSchema } from '@sinclair/typebox';
import type { StructRef } from './builders.ts';

export type ScalarKind =
  | 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'bytes'
  | 'quantity' | 'time' | 'microTime' | 'intOrString'
  | 'fieldsV1' | 'raw' | 'json' | 'schemaOrArray' | 'schemaOrBool' | 'schemaOrStringArray' | 'object';

export interface FieldMeta {
  /** Protobuf field number; absent when the member is not part of the message. */
  tag?: number;
  /** Protobuf member name where it differs from the JSON name. */
  protoName?: string;
  /** Go field name where it is not the JSON name with an upper-case first letter. Used in decode errors. */
  go?: string;
  /** Named Go type of a scalar, list or map (`core/v1.PodPhase`). */
  named?: string;
  /** In OpenAPI's `required`. */
  required?: boolean;
  /** OpenAPI defaults of the member and of its items. */
  default?: unknown;
  itemDefault?: unknown;
  itemItemDefault?: unknown;
  enum?: readonly string[];
  itemEnum?: readonly string[];
  format?: string;
  itemFormat?: string;
  patchStrategy?: string;
  patchMergeKey?: string;
  listType?: 'atomic' | 'set' | 'map';
  listMapKeys?: readonly string[];
  mapType?: 'atomic' | 'granular';
  structType?: 'atomic' | 'granular';
  /** Feature gates that the member hides behind. */
  gate?: string;
  /** Declarative-validation markers. */
  rules?: readonly string[];
  /** OpenAPI refers to the type without `allOf`. */
  bareRef?: boolean;
  /** Part of the protobuf message only. */
  noJSON?: boolean;
  // Set by the builders, not written in the modules:
  scalar?: ScalarKind;
  struct?: StructRef;
  recursive?: () => StructRef;
  list?: boolean;
  map?: TSchema;
  optional?: boolean;
  pointer?: boolean;
  nullable?: boolean;
  /** Embedded structs this member came from, outermost first. */
  inlines?: readonly (InlineMeta & { struct: StructRef })[];
}

export interface InlineMeta {
  tag?: number;
  protoName?: string;
}

export interface StructMeta {
  typeName?: string;
  /** OpenAPI component name, for example `io.k8s.api.core.v1.Pod`. */
  model?: string;
  /** Kinds under which the type is registered. */
  gvk?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
  mapType?: 'atomic';
  clusterScoped?: boolean;
  noProto?: boolean;
  unions?: readonly unknown[];
  rules?: readonly string[];
}
