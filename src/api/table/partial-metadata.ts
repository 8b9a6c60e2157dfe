/** Answers that hold metadata alone: what a client gets for `as=PartialObjectMetadata` and `…List`. */
import type { KubeObject } from '../../schema/objects.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import { notAcceptable } from '../errors.ts';

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

/**
 * Throws ApiError when a list was asked for as a single object's metadata, or the other way round. `typeName` is the
 * schema's name of the object's type (`core/v1.Pod`), undefined for custom resources.
 */
export function assertFits(target: 'PartialObjectMetadata' | 'PartialObjectMetadataList', isList: boolean, typeName: string | undefined): void {
  const wantsList = target === 'PartialObjectMetadataList';
  if (wantsList === isList) return;
  const goType = `${internalTypeName(typeName)}${isList ? 'List' : ''}`;
  throw notAcceptable(`you requested ${target}, but the requested object is ${isList ? 'a list' : 'not a list'} (*${goType})`);
}

/** Upstream's internal type: `core.Pod` for `core/v1.Pod`. Events have one for both of their groups. */
function internalTypeName(typeName: string | undefined): string {
  if (typeName === undefined) return 'unstructured.Unstructured';
  const [packageName = '', type = ''] = typeName.split(/\/[^.]*\./);
  return `${packageName === 'events' ? 'core' : packageName}.${type}`;
}
