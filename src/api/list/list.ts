/**
 * List: which revision a request sees and which page of it (apiserver/pkg/storage/etcd3/store.go GetList with the rules
 * of the watch cache). Objects keep their cached bytes; nothing is encoded here.
 */
import type { KubeObject } from '../../schema/objects.ts';
import type { Stored } from '../../store/store.ts';
import { ApiError, badRequest, expired } from '../errors.ts';
import { objectTest } from '../object-selector.ts';
import { listPrefix, type ResourceDef } from '../registry.ts';
import type { ListOptions } from '../request-options.ts';
import { InvalidResourceVersion, parseResourceVersion, resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';

export interface ListResult {
  readonly items: readonly Stored<KubeObject>[];
  readonly metadata: ListMeta;
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

const expiredContinue = 'The provided continue parameter is too old to display a consistent list result. You can start a new '
  + 'list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. '
  + 'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between '
  + 'the time the first chunk was returned and now may show up in the list.';

/** Lists one namespace, or all of them when `namespace` is empty. Throws ApiError. */
export function list(services: Services, def: ResourceDef, namespace: string, options: ListOptions): ListResult {
  const point = startOf(services, options);
  // A list from cache ignores the limit.
  const limit = options.resourceVersion === '0' && options.continue === '' ? 0 : Math.max(0, options.limit);
  return options.labelSelector.empty && options.fieldSelector.empty
    ? plainPage(services, def, namespace, point, limit)
    : selectedPage(services, def, namespace, point, limit, options);
}

interface Start {
  /** Undefined: the newest. */
  readonly revision: number | undefined;
  readonly after: string | undefined;
  /** The token to offer when the revision is gone. */
  readonly continues: boolean;
}

/** The revision and place where a list starts. */
function startOf({ store }: Services, options: ListOptions): Start {
  const revision = wantedRevision(options);
  if (options.continue !== '') {
    if (revision > 0) throw badRequest('specifying resource version is not allowed when using continue');
    const point = decodeContinue(options.continue);
    return { revision: point.revision < 0 ? undefined : point.revision, after: point.after, continues: true };
  }
  if (revision > store.revision) throw tooLarge(revision, store.revision);
  const exact = options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === '' && options.limit > 0 && revision > 0);
  return { revision: exact ? revision : undefined, after: undefined, continues: false };
}

function wantedRevision(options: ListOptions): number {
  try {
    return parseResourceVersion(options.resourceVersion);
  } catch (error) {
    if (error instanceof InvalidResourceVersion) throw badRequest(`invalid resource version: ${error.message}`);
    throw error;
  }
}

/** The 504 for a revision that this server has not seen yet. */
export function tooLarge(revision: number, current: number): ApiError {
  const retryAfterSeconds = 1;
  return new ApiError({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure',
    message: `Timeout: Too large resource version: ${revision}, current: ${current}`, reason: 'Timeout',
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds }, code: 504,
  });
}

function pageOf(services: Services, prefix: string, start: Start, after: string | undefined, limit: number) {
  const page = services.store.list(prefix, {
    ...(start.revision === undefined ? {} : { revision: start.revision }),
    ...(after === undefined ? {} : { after: prefix + after }),
    ...(limit === 0 ? {} : { limit }),
  });
  if (page.ok) return page;
  if (!start.continues) throw expired('The resourceVersion for the provided list is too old.');
  const error = expired(expiredContinue);
  error.status.metadata = { continue: encodeContinue({ revision: -1, after: start.after! }) };
  throw error;
}

function plainPage(services: Services, def: ResourceDef, namespace: string, start: Start, limit: number): ListResult {
  const prefix = listPrefix(def, namespace);
  const page = pageOf(services, prefix, start, start.after, limit);
  const resourceVersion = resourceVersionOf(page.revision);
  if (page.remaining === 0) return { items: page.items, metadata: { resourceVersion } };
  const after = page.items.at(-1)!.key.slice(prefix.length);
  return {
    items: page.items,
    metadata: { resourceVersion, continue: encodeContinue({ revision: page.revision, after }), remainingItemCount: page.remaining },
  };
}

function selectedPage(
  services: Services, def: ResourceDef, namespace: string, start: Start, limit: number, options: ListOptions,
): ListResult {
  const prefix = listPrefix(def, namespace);
  const test = objectTest(def, options.labelSelector, options.fieldSelector)!;
  const page = pageOf(services, prefix, start, start.after, 0);
  const resourceVersion = resourceVersionOf(page.revision);
  const items: Stored<KubeObject>[] = [];
  for (const stored of page.items) {
    if (!test(stored.value)) continue;
    if (limit > 0 && items.length === limit) {
      const after = items.at(-1)!.key.slice(prefix.length);
      return { items, metadata: { resourceVersion, continue: encodeContinue({ revision: page.revision, after }) } };
    }
    items.push(stored);
  }
  return { items, metadata: { resourceVersion } };
}
