/** Answers that hold metadata alone: what a client gets for `as=PartialObjectMetadata` and `…List`. */
import type { KubeObject } from '../../schema/objects.ts';
import { ObjectMeta as ObjectMetaType, type ObjectMeta } from '../../schema/meta/v1.ts';
import { structType, type StructType } from '../../schema/struct-type.ts';
import { normalize } from '../codec/normalize.ts';
import type { Strategy } from '../strategy.ts';

/** Versions of meta.k8s.io in which the server answers. */
export type MetaVersion = 'v1' | 'v1beta1';

export interface PartialObjectMetadata {
  readonly kind: 'PartialObjectMetadata';
  readonly apiVersion: string;
  readonly metadata: ObjectMeta;
}

/** Metadata of a list, as lists of any kind have it. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Whose objects are shown. */
export interface MetadataResource {
  /** Undefined for custom resources, whose metadata is kept in the order of its keys. */
  readonly type?: StructType | undefined;
  readonly strategy?: Pick<Strategy, 'versionedAnnotations'>;
}

export function partialObjectMetadata({ strategy, type }: MetadataResource, { metadata }: KubeObject, version: MetaVersion): PartialObjectMetadata {
  const own = strategy?.versionedAnnotations ? withoutAnnotations(metadata, strategy.versionedAnnotations) : metadata;
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: type ? own : normalize(structType(ObjectMetaType), own) };
}

/** Upstream appends to a nil list, so no items are null. */
export function partialObjectMetadataList(resource: MetadataResource, objects: readonly KubeObject[], metadata: ListMeta, version: MetaVersion) {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    items: objects.length === 0 ? null : objects.map((object) => partialObjectMetadata(resource, object, version)),
  };
}

function withoutAnnotations({ annotations, ...metadata }: ObjectMeta, names: readonly string[]): ObjectMeta {
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !names.includes(name));
  return kept.length > 0 ? { ...metadata, annotations: Object.fromEntries(kept) } : metadata;
}
