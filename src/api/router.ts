/** From a path and a method to a resource and a verb; what no route fits is refused as the router does. */
import type { ApiError } from './errors.ts';
import { RouterError } from './negotiation/accept.ts';
import type { Registry, ResourceDef } from './registry.ts';
import { parseResourcePath, type ResourcePath } from './request-info.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'connect';

export interface Route {
  readonly def: ResourceDef;
  readonly verb: Verb;
  readonly path: ResourcePath;
}

export const noRoute = (): ApiError => new RouterError(404, 'NotFound', 'the server could not find the requested resource');
export const wrongMethod = (): ApiError =>
  new RouterError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');

const objectVerbs: Readonly<Record<string, Verb>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete', POST: 'create' };
const collectionVerbs: Readonly<Record<string, Verb>> = { GET: 'list', POST: 'create', DELETE: 'deletecollection' };

/** Connects with every method, to any path below. */
const connectSubresources = new Set(['proxy', 'exec', 'attach', 'portforward']);

/** The route of a resource request, or undefined when the path is another kind. Throws 404 and 405. */
export function route(registry: Registry, method: string, parts: readonly string[]): Route | undefined {
  const path = parseResourcePath(parts);
  if (!path || !registry.group(path.group)) return undefined;
  const rootParts = path.group === '' ? 2 : 3;
  if (parts.length === rootParts && registry.hasVersion(path.group, path.version)) return undefined;
  const def = registry.find(path.group, path.version, path.resource);
  if (!def) {
    // Another server answers for the groups of custom resources, in plain text.
    if (registry.isCustom(path.group)) return undefined;
    throw noRoute();
  }
  if (def.namespaced ? path.namespace === '' && path.name !== '' : path.namespace !== '' && def.resource !== 'namespaces') throw noRoute();
  return { def, path, verb: verbOf(def, path, method) };
}

function verbOf(def: ResourceDef, path: ResourcePath, method: string): Verb {
  if (path.subresource !== '') return subresourceVerb(def, path, method);
  if (path.watch) {
    if (!def.facts.verbs.includes('watch')) throw noRoute();
    if (method !== 'GET') throw wrongMethod();
    return 'watch';
  }
  const verbs = path.name === '' ? collectionVerbs : objectVerbs;
  const verb = Object.hasOwn(verbs, method) ? verbs[method]! : undefined;
  const acrossNamespaces = def.namespaced && path.namespace === '';
  if (path.name === '' && acrossNamespaces && !def.facts.verbs.includes('list')) throw noRoute();
  if (path.name !== '' && !def.facts.verbs.includes('get')) throw noRoute();
  if (!verb || !def.facts.verbs.includes(verb) || (path.name !== '' && verb === 'create') || (acrossNamespaces && verb !== 'list')) {
    throw wrongMethod();
  }
  return verb;
}

function subresourceVerb(def: ResourceDef, path: ResourcePath, method: string): Verb {
  const subresource = def.subresources.get(path.subresource);
  if (!subresource || path.watch || (path.rest.length > 0 && path.subresource !== 'proxy')) throw noRoute();
  if (connectSubresources.has(path.subresource)) {
    if (path.subresource !== 'proxy' && method !== 'GET' && method !== 'POST') throw wrongMethod();
    return 'connect';
  }
  const verb = Object.hasOwn(objectVerbs, method) ? objectVerbs[method]! : undefined;
  if (!verb || !subresource.verbs.includes(verb)) throw wrongMethod();
  return verb;
}
