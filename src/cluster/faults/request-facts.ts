/** What a fault rule can ask of a request, whether a client sent it or a component of the cluster. */
import type { ApiRequest } from '../../api/kube-api.ts';
import { ApiError, type GroupResource } from '../../api/errors.ts';
import type { Write } from '../../api/port.ts';
import { Query } from '../../api/query.ts';
import { resourceName, type Registry } from '../../api/registry.ts';
import { splitPath } from '../../api/request-info.ts';
import { managerName } from '../../api/request-options.ts';
import { route, type Verb } from '../../api/router.ts';

export interface RequestFacts {
  readonly from: 'clients' | 'components';
  /** Undefined for paths that are no resource. */
  readonly verb: Verb | undefined;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  /** Empty when the request is about a collection. */
  readonly name: string;
  readonly path: string;
  readonly userAgent: string;
  readonly fieldManager: string;
  readonly user: string;
  readonly groupResource: GroupResource;
}

export function factsOfRequest(registry: Registry, request: ApiRequest): RequestFacts {
  const userAgent = request.headers['user-agent'] ?? '';
  const query = new Query(request.query);
  const common = {
    from: 'clients', path: request.path, userAgent, fieldManager: managerName(query.text('fieldManager'), userAgent), user: request.user?.name ?? '',
  } as const;
  const found = routeOf(registry, request);
  if (!found) return { ...common, verb: undefined, resource: '', subresource: '', namespace: '', name: '', groupResource: { group: '', resource: '' } };
  const { def, path } = found;
  const verb = found.verb === 'list' && query.bool('watch') ? 'watch' : found.verb;
  return {
    ...common, verb, resource: def.name, subresource: path.subresource, namespace: def.namespaced ? path.namespace : '',
    name: path.name === '' && verb === 'create' ? nameInBody(request) : path.name, groupResource: def.groupResource,
  };
}

function routeOf(registry: Registry, request: ApiRequest) {
  try {
    return route(registry, request.method, splitPath(request.path));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Bodies in JSON show their name; others count as without. */
function nameInBody({ body }: ApiRequest): string {
  if (body.length === 0 || body[0] !== 0x7b) return '';
  try {
    const { metadata } = JSON.parse(Buffer.from(body).toString()) as { metadata?: { name?: unknown } };
    return typeof metadata?.name === 'string' ? metadata.name : '';
  } catch {
    return '';
  }
}

const subresourceOf = { bind: 'binding', evict: 'eviction' } as const;
/** What a component would send to a server of its own. */
const verbOf = { create: 'create', record: 'create', update: 'update', updateStatus: 'patch', renew: 'update', repeat: 'patch', patch: 'patch', delete: 'delete' } as const;

export function factsOfWrite(manager: string, write: Write): RequestFacts {
  const common = { from: 'components', path: '', userAgent: manager, fieldManager: manager, user: manager } as const;
  if (write.verb === 'bind' || write.verb === 'evict') {
    const { namespace, name } = write;
    return { ...common, verb: 'create', resource: 'pods', subresource: subresourceOf[write.verb], namespace, name, groupResource: { group: '', resource: 'pods' } };
  }
  const { metadata } = 'object' in write ? write.object : { metadata: { name: write.name, namespace: write.namespace } };
  const [resource = '', ...group] = write.resource.split('.');
  return {
    ...common, verb: verbOf[write.verb], resource: resourceName(group.join('.'), resource),
    subresource: write.verb === 'updateStatus' ? 'status' : 'subresource' in write ? write.subresource ?? '' : '', namespace: metadata.namespace ?? '', name: metadata.name ?? '',
    groupResource: { group: group.join('.'), resource },
  };
}
