/**
 * `/openapi/v2` and `/openapi/v3…` over HTTP (k8s.io/kube-openapi/pkg/{handler,handler3}): which encoding, how long it may be
 * kept, and where a document with an old hash has gone. Every method is answered alike, as upstream does.
 */
import { gnosticMediaType, type Document, type OpenApi } from './openapi.ts';

export interface OpenApiRequest {
  /** What follows `/openapi/`: `v2`, `v3`, `v3/apis/apps/v1`. */
  readonly path: string;
  /** The query parameter `hash`. */
  readonly hash: string | undefined;
  readonly accept: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly nowMs: number;
}

export interface OpenApiAnswer {
  readonly status: 200 | 301 | 304 | 404 | 406;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const yearMs = 365 * 24 * 3600 * 1000;
const empty = new Uint8Array();

export function answerOpenApi(openApi: OpenApi, request: OpenApiRequest): OpenApiAnswer {
  const { path } = request;
  if (path === 'v2') return answerV2(openApi, request);
  // The index has no Content-Type of its own; Go guesses plain text.
  if (path === 'v3') return plainText(200, JSON.stringify(openApi.index()));
  const document = path.startsWith('v3/') ? openApi.v3(path.slice(3)) : undefined;
  return document ? answerV3(document, request) : plainText(404, '404 page not found\n');
}

const plainText = (status: 200 | 404, text: string): OpenApiAnswer =>
  ({ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) });

function answerV2(openApi: OpenApi, { accept, ifNoneMatch }: OpenApiRequest): OpenApiAnswer {
  const mediaType = preferred(accept, ['application/json', gnosticMediaType, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf']);
  if (!mediaType) return { status: 406, headers: {}, body: empty };
  const { json, hash } = openApi.v2();
  const protobuf = mediaType !== 'application/json';
  const headers = { 'content-type': protobuf ? gnosticMediaType : mediaType, etag: `"${hash}"`, vary: 'Accept' };
  if (ifNoneMatch === headers.etag) return { status: 304, headers, body: empty };
  return { status: 200, headers, body: protobuf ? openApi.v2Protobuf() : Buffer.from(json) };
}

/** A document named by its hash never changes. */
function answerV3({ json, hash: current }: Document, { path, hash, accept, ifNoneMatch, nowMs }: OpenApiRequest): OpenApiAnswer {
  if (!preferred(accept, ['application/json'])) return { status: 406, headers: {}, body: empty };
  if (hash !== undefined && hash !== '' && hash !== current) {
    return { status: 301, headers: { location: `/openapi/${path}?hash=${current}` }, body: empty };
  }
  const headers = {
    'content-type': 'application/json', etag: `"${current}"`, vary: 'Accept',
    ...(hash ? { 'cache-control': 'public, immutable', expires: new Date(nowMs + yearMs).toUTCString() } : {}),
  };
  if (ifNoneMatch === headers.etag) return { status: 304, headers, body: empty };
  return { status: 200, headers, body: Buffer.from(json) };
}

/** The first of the accepted media types that is offered; the first offer when anything is accepted. */
function preferred(accept: string | undefined, offers: readonly string[]): string | undefined {
  if (accept === undefined || accept === '') return offers[0];
  for (const clause of accept.split(',')) {
    const type = clause.split(';', 1)[0]!.trim();
    if (type === '*/*' || type === 'application/*') return offers[0];
    if (offers.includes(type)) return type;
  }
  return undefined;
}
