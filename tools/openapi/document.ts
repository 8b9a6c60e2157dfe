/** The OpenAPI document of a server: what its routes take and give. */
import type { FastifyInstance, RouteOptions } from 'fastify';
import { ClusterSet } from '../../src/cluster/cluster-set.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { libraryOptions } from '../../src/options.ts';
import { createApp } from '../../src/server.ts';

type Json = Record<string, unknown>;

/** A route of the emulator's own surface, as Fastify was told. */
export interface OwnRoute {
  readonly method: string;
  /** In OpenAPI's spelling: `/pods/{namespace}/{name}`. */
  readonly path: string;
  readonly schema: Json;
}

/** All routes below `/_fakelet/v1`. */
export async function ownRoutes(): Promise<OwnRoute[]> {
  const cluster = new Cluster({ options: libraryOptions({ mode: 'envtest' }), version: '', manifests: [] });
  const routes: OwnRoute[] = [];
  const app: FastifyInstance = createApp(cluster, libraryOptions({ mode: 'envtest' }), { clusters: new ClusterSet(cluster), onRoute: (route: RouteOptions) => {
    if (!route.url.startsWith('/_fakelet/')) return;
    routes.push({ method: String(route.method).toLowerCase(), path: openapiPath(route.url), schema: (route.schema ?? {}) as Json });
  } });
  await app.ready();
  await app.close();
  cluster.close();
  return routes;
}

export async function openapiDocument(): Promise<Json> {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const { method, path, schema } of await ownRoutes()) {
    paths[path] = { ...paths[path], [method]: operation(schema, components) };
  }
  const pods = podPaths();
  return {
    openapi: '3.0.3',
    info: { title: 'fakelet', version: 'v1', description: 'The Pod paths of Kubernetes v1.36 and the emulator\'s own surface.', license: { name: 'Apache-2.0' } },
    servers: [{ url: 'http://127.0.0.1:8701' }],
    paths: { ...paths, ...pods.paths },
    components: { schemas: { ...components, ...pods.schemas } },
  };
}

/** `/pods/:namespace/:name/conditions/*` → `/pods/{namespace}/{name}/conditions/{type}`. */
const openapiPath = (url: string) => url.replace(/:(\w+)/g, '{$1}').replace('*', '{type}');

function operation(schema: Json, components: Json): Json {
  const params = properties(schema['params']).map(([name, type]) => ({ name: name === '*' ? 'type' : name, in: 'path', required: true, schema: plain(type, components) }));
  const query = properties(schema['querystring']).map(([name, type]) => ({ name, in: 'query', required: false, schema: plain(type, components) }));
  const responses = schema['response'] as Record<string, unknown>;
  const produces = (schema['produces'] as string[] | undefined)?.[0] ?? 'application/json';
  return {
    summary: schema['summary'], tags: schema['tags'],
    ...(params.length + query.length > 0 ? { parameters: [...params, ...query] } : {}),
    ...(schema['body'] ? { requestBody: { required: true, content: { 'application/json': { schema: plain(schema['body'], components) } } } } : {}),
    responses: {
      200: { description: 'Done', content: { [produces]: { schema: plain(responses['200'], components) } } },
      '4XX': { description: 'Refused', content: { 'application/json': { schema: plain(responses['4xx'], components) } } },
    },
  };
}

const properties = (schema: unknown): [string, unknown][] => Object.entries((schema as { properties?: Json } | undefined)?.properties ?? {});

/** A JSON schema without TypeBox's own marks; named schemas become components. */
function plain(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map((item) => plain(item, components));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $id: id, const: constant, ...rest } = schema as Json;
  if (rest['type'] === 'null') return { nullable: true };
  const members = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, plain(value, components)]));
  const result = constant === undefined ? members : { ...members, enum: [constant] };
  if (typeof id !== 'string') return result;
  components[id] = result;
  return { $ref: `#/components/schemas/${id}` };
}

/** The Pod paths and the models they reach, as the server itself publishes them. */
function podPaths(): { paths: Json; schemas: Json } {
  const cluster = new Cluster({ options: libraryOptions({ mode: 'envtest' }), version: '', manifests: [] });
  const response = cluster.handle({ method: 'GET', path: '/openapi/v3/api/v1', query: '', headers: {}, body: new Uint8Array(0) });
  cluster.close();
  const document = JSON.parse(Buffer.from('body' in response ? response.body : '').toString()) as { paths: Json; components: { schemas: Json } };
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.includes('/pods')));
  const schemas: Json = {};
  collect(paths, document.components.schemas, schemas);
  return { paths, schemas };
}

function collect(value: unknown, from: Json, into: Json): void {
  if (value === null || typeof value !== 'object') return;
  const reference = (value as { $ref?: unknown }).$ref;
  if (typeof reference === 'string') {
    const name = reference.replace('#/components/schemas/', '');
    if (name in into) return;
    into[name] = from[name];
    return collect(from[name], from, into);
  }
  for (const member of Object.values(value)) collect(member, from, into);
}
