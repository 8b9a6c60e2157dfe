/** HTTP/1.1 in miniature, over virtual sockets: enough for probes, hooks, proxies and emulated servers. */
import { encodeText, fromBuffer, toBuffer } from '../programs/bytes.ts';
import { Errno } from '../programs/errno.ts';
import type { Socket } from '../programs/network.ts';
import type { HttpRequest, HttpResult } from './runtime.ts';

/** Sends a request and calls back once with the response; undefined when the server hung up without one. */
export function sendRequest(socket: Socket, request: HttpRequest, done: (result: HttpResult | undefined) => void): void {
  const body = request.body === undefined ? '' : fromBuffer(request.body);
  const names = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const host = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? `${request.ip}:${request.port}`;
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`, `Host: ${host}`,
    ...request.headers.filter(([name]) => name.toLowerCase() !== 'host').map(([name, value]) => `${name}: ${value}`),
    ...(names.has('connection') ? [] : ['Connection: close']),
    ...(body === '' || names.has('content-length') ? [] : [`Content-Length: ${body.length}`]),
  ];
  let received = '';
  let finished = false;
  const finish = (result: HttpResult | undefined): void => {
    if (finished) return;
    finished = true;
    socket.release();
    done(result);
  };
  socket.retain();
  socket.onData((data) => {
    received += data;
    const result = parseResponse(received, data === '', request.method);
    if (result) finish(result);
    else if (data === '') finish(undefined);
  });
  if (!finished) socket.send(`${encodeText(lines.join('\r\n'))}\r\n\r\n${body}`);
}

/** A response that is complete; undefined when more must come. */
function parseResponse(data: string, ended: boolean, method: string): HttpResult | undefined {
  const split = /\r?\n\r?\n/.exec(data);
  if (!split) return undefined;
  const [statusLine = '', ...headerLines] = data.slice(0, split.index).split(/\r?\n/);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine);
  if (!status) return undefined;
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = data.slice(split.index + split[0].length);
  const length = headers['content-length'];
  const complete = method === 'HEAD' || (length !== undefined && body.length >= Number(length)) || ended;
  if (!complete) return undefined;
  return { status: Number(status[1]), headers, body: toBuffer(length === undefined ? body : body.slice(0, Number(length))) };
}

export interface ServedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves one connection: reads one request and answers it when `respond` calls back. */
export function serveConnection(socket: Socket, respond: (method: string, path: string, send: (response: ServedResponse) => void) => void): void {
  let received = '';
  let asked = false;
  socket.retain();
  socket.onData((data) => {
    received += data;
    if (asked) return;
    const complete = /\r?\n\r?\n/.test(received);
    if (!complete && data !== '') return;
    asked = true;
    if (!complete) return socket.release();
    const [method = '', path = ''] = received.slice(0, received.search(/\r?\n/)).split(' ');
    respond(method, path, ({ status, headers, body }) => {
      const bytes = encodeText(body);
      const all = { 'Content-Type': 'text/plain; charset=utf-8', ...headers, 'Content-Length': String(bytes.length), Connection: 'close' };
      const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
      sendAll(socket, `HTTP/1.1 ${status} ${reasonPhrases[status] ?? 'Status'}\r\n${head}\r\n${method === 'HEAD' ? '' : bytes}`);
    });
  });
}

/** Writes what the other end has room for, the rest when it has read, and hangs up. */
function sendAll(socket: Socket, data: string): void {
  let rest = data;
  const push = (): void => {
    try {
      while (rest !== '') {
        const taken = socket.write(rest);
        if (taken === 0) return;
        rest = rest.slice(taken);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      rest = '';
    }
    socket.ready.remove(waiter);
    socket.release();
  };
  const waiter = { wake: push };
  socket.ready.add(waiter);
  push();
}

const reasonPhrases: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 304: 'Not Modified', 400: 'Bad Request',
  401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict', 429: 'Too Many Requests', 500: 'Internal Server Error',
  502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

/** Serves one connection of an emulated server: every request gets 200 and a short text. */
export function answerEverything(socket: Socket, text: string): void {
  serveConnection(socket, (_method, _path, send) => send({ status: 200, headers: {}, body: text }));
}
