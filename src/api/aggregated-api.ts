/**
 * API groups that another server answers, as kube-aggregator hands them on: they show in discovery, and GET requests
 * below them are theirs.
 */
import { methodNotSupported, notFound } from './errors.ts';
import type { Query } from './query.ts';
import { parseResourcePath } from './request-info.ts';

export interface AggregatedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly ('get' | 'list')[];
}

export interface AggregatedApi {
  readonly group: string;
  readonly version: string;
  readonly priority: number;
  readonly resources: readonly AggregatedResource[];
  /** One object, or the list when `name` is empty. Throws ApiError. */
  read(resource: string, namespace: string, name: string, query: Query): object;
}

/** Answers a request below the group's version. Throws ApiError. */
export function answerAggregated(api: AggregatedApi, method: string, parts: readonly string[], query: Query): object {
  const { resource, namespace, name, subresource } = parseResourcePath(parts)!;
  const found = api.resources.find((one) => one.name === resource);
  const groupResource = { group: api.group, resource };
  if (!found || subresource !== '' || (found.namespaced ? namespace === '' && name !== '' : namespace !== '')) throw notFound(groupResource, name);
  if (method !== 'GET') throw methodNotSupported(groupResource, method.toLowerCase());
  return api.read(resource, namespace, name, query);
}

/** `/apis/GROUP/VERSION` */
export const aggregatedResourceList = ({ group, version, resources }: AggregatedApi) => ({
  kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`,
  resources: resources.map(({ name, kind, namespaced, verbs }) => ({ name, singularName: '', namespaced, kind, verbs })),
});

/** The group's entry in aggregated discovery. */
export const aggregatedDiscovery = ({ group, version, resources }: AggregatedApi) => ({
  metadata: { name: group },
  versions: [{
    version, freshness: 'Current',
    resources: resources.map(({ name, kind, namespaced, verbs }) => ({
      resource: name, responseKind: { group, version, kind }, scope: namespaced ? 'Namespaced' : 'Cluster', singularResource: '', verbs,
    })),
  }],
});
