/**
 * The Kubernetes paths. This plugin turns sockets into `ApiRequest`s and answers into bytes; what a path means is
 * decided in `src/api`. Fastify's own body parsing and validation are off here: Kubernetes bodies are decoded upstream's
 * way, byte for byte.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRequest, ApiResponse, ApiStream } from '../src/api/kube-api.ts';
import { requestEntityTooLarge, type ApiError } from '../src/api/errors.ts';

/** What the routes need of a cluster. */
export interface KubernetesHandler {
  handle(request: ApiRequest): ApiResponse;
  /** Runs what became due; called when the answer of a request is on its way. */
  settle(): void;
}

const noBody = new Uint8Array(0);
const http2InternalError = 2;

export function kubernetesRoutes(app: FastifyInstance, options: { cluster: KubernetesHandler; bodyBytesMax: number }): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: { code?: string; statusCode?: number; message: string }, request, reply) => {
    request.raw.resume();
    // A Content-Type that is none: what it means is the API's to say.
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return answer(options.cluster, request, reply);
    if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
    const refusal: ApiError = requestEntityTooLarge(`Request entity too large: limit is ${options.bodyBytesMax}`);
    return reply.code(413).header('content-type', 'application/json').send(Buffer.from(`${JSON.stringify(refusal.status)}\n`));
  });
  app.all('*', (request, reply) => answer(options.cluster, request, reply));
}

function answer(cluster: KubernetesHandler, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  deliver(cluster.handle(apiRequest(request)), request, reply);
  cluster.settle();
  return reply;
}

/** Hands an answer of any kind to the client, now or when it is there. */
function deliver(response: ApiResponse, request: FastifyRequest, reply: FastifyReply): void {
  if ('deferred' in response) return response.deferred((final) => deliver(final, request, reply));
  if ('broken' in response) return loseConnection(reply.hijack());
  if (!('stream' in response)) return send(response, reply);
  reply.hijack();
  stream(response.headers, response.stream, request, reply);
}

/** A connection that is lost on the way: a reset, not an orderly end. */
function loseConnection({ raw }: FastifyReply): void {
  // Over HTTP/2 only the stream of this request is lost.
  if ('stream' in raw) (raw.stream as { close(code: number): void }).close(http2InternalError);
  else raw.socket?.resetAndDestroy();
}

/** The answer goes straight to the socket: nothing of Fastify's has a say in it. */
function send(response: ApiResponse, reply: FastifyReply): void {
  // An upgrade that came without the upgrade headers of HTTP cannot be carried here; `upgrade.ts` serves the others.
  const body = 'body' in response ? response.body : noBody;
  const bodiless = response.status === 204 || response.status === 304;
  // Proxied answers of unknown length go out in chunks, as a Go server sends them.
  const measured = bodiless || 'transfer-encoding' in response.headers;
  reply.hijack();
  reply.raw.writeHead(response.status, measured ? response.headers : { ...response.headers, 'content-length': String(body.length) });
  reply.raw.end(body);
}

function apiRequest(request: FastifyRequest): ApiRequest {
  const url = request.raw.url!;
  const mark = url.indexOf('?');
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers as Record<string, string | undefined>,
    body: (request.body as Uint8Array | undefined) ?? noBody,
  };
}

function stream(headers: Record<string, string | string[]>, source: ApiStream, request: FastifyRequest, reply: FastifyReply): void {
  const socket = reply.raw;
  socket.writeHead(200, headers);
  socket.flushHeaders();
  const stop = source.start({
    write: (chunk) => void socket.write(chunk),
    end: () => void socket.end(),
    break: () => loseConnection(reply),
    bufferedBytes: () => socket.writableLength,
  });
  socket.on('close', stop);
  request.raw.on('error', stop);
}
