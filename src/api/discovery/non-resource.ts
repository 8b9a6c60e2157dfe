/** Paths that name no resource: discovery, version, health, OpenAPI, service-account keys, and all that is not there. */
import { createHash } from 'node:crypto';
import { encodeJson, mediaTypes } from '../codec/codec.ts';
import { negotiate } from '../negotiation/accept.ts';
import { answerOpenApi } from '../openapi/answer.ts';
import { OpenApi } from '../openapi/openapi.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RequestContext } from '../resource-request.ts';
import { commonHeaders, respond, withBody, type ApiResponse, type Headers, type ResponseContext } from '../response.ts';
import { noRoute, wrongMethod } from '../router.ts';
import type { Services } from '../services.ts';
import { aggregatedResourceList, answerAggregated, type AggregatedApi } from '../aggregated-api.ts';
import { aggregatedEntry, apiGroup, apiGroupDiscoveryList, apiGroupList, apiResourceList, apiVersions } from './documents.ts';
import { healthChecks, healthText } from './health.ts';
import { typeNamed } from '../transform.ts';
import { versionInfo } from './version.ts';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const defaultAddress = '127.0.0.1';

export class NonResourceRequests {
  readonly #services: Services;
  readonly #aggregated = new Map<string, { generation: number; body: string; etag: string }>();

  readonly #openApi: OpenApi;

  constructor(services: Services) {
    this.#services = services;
    this.#openApi = new OpenApi(services.registry, ({ group, version, resource }) =>
      services.registry.find(group, version, resource)?.schema as JsonObject | undefined);
  }

  answer(context: RequestContext, parts: readonly string[]): ApiResponse {
    const [root = '', group = '', version = ''] = parts;
    const { registry } = this.#services;
    switch (root) {
      case '': return json(context, { paths: paths(registry.groups().flatMap((entry) => entry.versions.map((one) => [entry.group, one]))) });
      case 'api':
        if (group !== '') return this.#versionDocument(context, '', group);
        return this.#groupDocument(context, true);
      case 'apis': {
        if (group === '') return this.#groupDocument(context, false);
        const aggregated = this.#services.aggregated.find((api) => api.group === group);
        if (aggregated) return answerGroup(context, aggregated, parts);
        const entry = registry.group(group);
        if (!entry || parts.length > 3 || (version !== '' && registry.isCustom(group) && !registry.hasVersion(group, version))) {
          return notFoundText(context);
        }
        if (version !== '') return this.#versionDocument(context, group, version);
        onlyGet(context);
        return document(context, apiGroup(entry));
      }
      case 'version': return json(context, versionInfo, true);
      case 'healthz': case 'livez': case 'readyz': {
        const body = healthText(root, parts.slice(1).join('/'), context.query);
        if (body === undefined) return notFoundText(context);
        return text(context, 200, body, parts.length === 1);
      }
      case 'openapi': return this.#openApiDocument(context, parts.slice(1).join('/'));
      case '.well-known': return group === 'openid-configuration' ? json(context, openIdConfiguration) : notFoundText(context);
      case 'openid': return group === 'v1' && version === 'jwks' ? json(context, this.#services.tokens.jwks()) : notFoundText(context);
      default: return notFoundText(context);
    }
  }

  /** `/api` and `/apis`, which answer every method alike. */
  #groupDocument(context: RequestContext, core: boolean): ApiResponse {
    const { registry } = this.#services;
    const accept = context.request.headers['accept'] ?? '';
    if (accept.split(',').some((clause) => /as=APIGroupDiscoveryList/.test(clause) && /v=v2(;|$)/.test(clause.replaceAll(' ', '')))) {
      return this.#aggregatedDocument(context, core);
    }
    return document(context, core ? apiVersions(context.request.headers['host'] ?? defaultAddress) : apiGroupList(registry, this.#services.aggregated));
  }

  #aggregatedDocument(context: RequestContext, core: boolean): ApiResponse {
    const { registry } = this.#services;
    const key = core ? 'api' : 'apis';
    let cached = this.#aggregated.get(key);
    if (cached?.generation !== registry.generation) {
      const body = encodeJson(apiGroupDiscoveryList(registry, core, this.#services.aggregated));
      cached = { generation: registry.generation, body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
      this.#aggregated.set(key, cached);
    }
    const headers: Headers = {
      ...commonHeaders(context), 'content-type': aggregatedType, etag: cached.etag, vary: 'Accept', 'cache-control': 'public',
    };
    if (context.request.headers['if-none-match'] === cached.etag) return { status: 304, headers, body: new Uint8Array(0) };
    return { status: 200, headers, body: Buffer.from(cached.body) };
  }

  #openApiDocument(context: RequestContext, path: string): ApiResponse {
    const { accept, 'if-none-match': ifNoneMatch } = context.request.headers;
    const hash = context.query.has('hash') ? context.query.text('hash') : undefined;
    const { status, headers, body } = answerOpenApi(this.#openApi, { path, hash, accept, ifNoneMatch, nowMs: this.#services.clock.now() });
    if (status !== 200) return { status, headers: { ...commonHeaders(context), ...headers }, body };
    return withBody(status, headers['content-type']!, body, responseContext(context, plain), headers);
  }

  #versionDocument(context: RequestContext, group: string, version: string): ApiResponse {
    const { registry } = this.#services;
    if (!registry.hasVersion(group, version)) throw noRoute();
    onlyGet(context);
    return document(context, apiResourceList(registry, group, version));
  }
}

/** A group that another server answers. */
function answerGroup(context: RequestContext, api: AggregatedApi, parts: readonly string[]): ApiResponse {
  const { length, 2: version } = parts;
  if (length > 2 && version !== api.version) return notFoundText(context);
  if (length > 3) return json(context, answerAggregated(api, context.request.method, parts, context.query));
  onlyGet(context);
  return document(context, length === 2 ? apiGroup(aggregatedEntry(api)) : aggregatedResourceList(api));
}

function onlyGet({ request }: RequestContext): void {
  if (request.method !== 'GET') throw wrongMethod();
}

/** A document in the representation asked for. Throws 406. */
function document(context: RequestContext, object: object): ApiResponse {
  const representation = negotiate(context.request.headers, context.query, { protobuf: true, transforms: false });
  const { kind } = object as { kind: string };
  return respond({ kind: 'other', code: 200, object, type: typeNamed('v1', kind) }, responseContext(context, representation));
}

function responseContext(context: RequestContext, representation: ResponseContext['representation']): ResponseContext {
  return { ...context, representation, requestHeaders: context.request.headers, nowMs: 0, includeObject: 'Metadata' };
}

const plain = { encoding: 'json', pretty: false, transform: undefined, transformVersion: '' } as const;

function json(context: RequestContext, object: object, pretty = false): ApiResponse {
  return withBody(200, mediaTypes.json, Buffer.from(encodeJson(object, pretty)), responseContext(context, plain));
}

function text(context: RequestContext, status: number, body: string, nosniff = true): ApiResponse {
  const headers: Headers = { ...commonHeaders(context), 'content-type': 'text/plain; charset=utf-8' };
  if (nosniff) headers['x-content-type-options'] = 'nosniff';
  return { status, headers, body: Buffer.from(context.request.method === 'HEAD' ? '' : body) };
}

const notFoundText = (context: RequestContext): ApiResponse => text(context, 404, '404 page not found\n');

const openIdConfiguration = {
  issuer: 'https://kubernetes.default.svc.cluster.local', jwks_uri: 'https://kubernetes.default.svc.cluster.local/openid/v1/jwks',
  response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['ES256'],
};

/** The index at `/`. */
function paths(versions: readonly (readonly string[])[]): string[] {
  const groupPaths = versions.flatMap(([group, version]) =>
    (group === '' ? ['/api', `/api/${version}`] : [`/apis/${group}`, `/apis/${group}/${version}`]));
  const healthPaths = Object.entries(healthChecks).flatMap(([name, checks]) => [`/${name}`, ...checks.map((check) => `/${name}/${check}`)]);
  return [...new Set([...groupPaths, ...healthPaths, '/apis', '/apis/', '/metrics', '/openapi/v2', '/openapi/v3', '/openapi/v3/', '/openid/v1/jwks',
    '/version', '/.well-known/openid-configuration'])].sort();
}
