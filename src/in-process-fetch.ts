/**
 * `fetch` without a socket: a request goes straight into a cluster, synchronously, and its answer comes back as a
 * Response. Watches and followed logs are streams, as over HTTP. Sessions (exec, port-forward) need the server.
 */
import type { ApiResponse } from './api/kube-api.ts';
import type { Cluster } from './cluster/cluster.ts';

/** Paths may have `basePath` in front, as the URL of a further cluster has. */
export function fetchOf(cluster: Cluster, basePath = ''): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), 'http://fakelet'), init);
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();
    const response = cluster.handle({
      method: request.method, path: url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : url.pathname, query: url.search.slice(1), headers: Object.fromEntries(request.headers), body,
    });
    const answer = responseOf(response, request.signal);
    cluster.settle();
    return answer;
  };
}

function responseOf(response: ApiResponse, signal: AbortSignal): Promise<Response> {
  if ('deferred' in response) return new Promise((resolve, reject) => { response.deferred((final) => responseOf(final, signal).then(resolve, reject)); });
  if ('body' in response) {
    const isEmpty = response.status === 204 || response.status === 304;
    return Promise.resolve(new Response(isEmpty ? null : new Uint8Array(response.body), { status: response.status, headers: headersOf(response) }));
  }
  if ('stream' in response) return Promise.resolve(new Response(streamOf(response, signal), { status: 200, headers: headersOf(response) }));
  return Promise.reject(new TypeError('Failed to fetch: the answer leaves HTTP or was cut off. Use the URL of the server for sessions.'));
}

function headersOf({ headers }: ApiResponse): Headers {
  return new Headers(Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])));
}

function streamOf({ stream }: Extract<ApiResponse, { stream: unknown }>, signal: AbortSignal): ReadableStream<Uint8Array> {
  let stop: () => void = () => undefined;
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      let isOpen = true;
      const finish = (end: () => void) => {
        if (isOpen) end();
        isOpen = false;
      };
      stop = stream.start({
        write: (chunk) => { if (isOpen) controller.enqueue(chunk); },
        end: () => finish(() => controller.close()),
        break: () => finish(() => controller.error(new TypeError('the connection was lost'))),
        bufferedBytes: () => 0,
      });
      signal.addEventListener('abort', () => {
        finish(() => controller.error(signal.reason));
        stop();
      });
    },
    cancel: () => stop(),
  });
}
