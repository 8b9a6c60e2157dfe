/** Answers that hold metadata alone: what a client gets for `as=PartialObjectMetadata` and `…List`. */
import type { KubeObject } from '../../schema/objects.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';

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

export function partialObjectMetadata(object: KubeObject, version: MetaVersion): PartialObjectMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

export function partialObjectMetadataList(objects: readonly KubeObject[], metadata: ListMeta, version: MetaVersion) {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    items: objects.map((object) => partialObjectMetadata(object, version)),
  };
}
