/** HTTP/1.1 in miniature, over virtual sockets: enough for probes, hooks, proxies and emulated servers. */
import { encodeText, fromBuffer, toBuffer } from '../programs/bytes.ts';
import type { Socket } from '../programs/network.ts';
import { clientHello, handshakeFailure, http2Preface, http2Settings, serverHello } from './protocols.ts';
import type { HttpRequest, HttpResult } from './runtime.ts';

/** Sends a request and calls back once, with the response or with Go's words for why there is none. */
export function sendRequest(socket: Socket, request: HttpRequest, done: (result: HttpResult | string) => void): void {
  const body = request.body === undefined ? '' : fromBuffer(request.body);
  const names = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const host = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? `${request.ip}:${request.port}`;
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`, `Host: ${host}`,
    ...request.headers.filter(([name]) => name.toLowerCase() !== 'host').map(([name, value]) => `${name}: ${value}`),
    ...(names.has('connection') ? [] : ['Connection: close']),
    ...(body === '' || names.has('content-length') ? [] : [`Content-Length: ${body.length}`]),
  ];
  const text = `${encodeText(lines.join('\r\n'))}\r\n\r\n${body}`;
  let secured = request.scheme === 'HTTP';
  let received = '';
  let finished = false;
  const finish = (result: HttpResult | string): void => {
    if (finished) return;
    finished = true;
    socket.release();
    done(result);
  };
  socket.retain();
  socket.onData((data) => {
    if (!secured) {
      const failure = handshakeFailure(data);
      if (failure !== undefined) return finish(failure);
      secured = true;
      return socket.send(text);
    }
    received += data;
    const result = parseResponse(received, data === '', request.method);
    if (result) finish(result);
    else if (data === '') finish('EOF');
  });
  if (!finished) socket.send(secured ? text : clientHello);
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

/** What a server understands: plain HTTP, or whatever it is asked in (HTTP, HTTPS, gRPC health). */
export type Speaks = 'http' | 'anything';

type Respond = (method: string, path: string, send: (response: ServedResponse) => void) => void;

/** Serves one connection: reads one request and answers it when `respond` calls back. */
export function serveConnection(socket: Socket, speaks: Speaks, respond: Respond): void {
  let received = '';
  let asked = false;
  const answer = ({ status, headers, body }: ServedResponse, method: string): void => {
    const bytes = encodeText(body);
    const all = { 'Content-Type': 'text/plain; charset=utf-8', ...headers, 'Content-Length': String(bytes.length), Connection: 'close' };
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const response = `HTTP/1.1 ${status} ${reasonPhrases[status] ?? 'Status'}\r\n${head}\r\n${method === 'HEAD' ? '' : bytes}`;
    socket.send(response, () => socket.release());
  };
  socket.retain();
  socket.onData((data) => {
    received += data;
    if (asked) return;
    const hello = [clientHello, http2Preface].find((bytes) => received.startsWith(bytes));
    if (hello !== undefined && speaks === 'http') {
      asked = true;
      return answer({ status: 400, headers: {}, body: '400 Bad Request' }, 'GET');
    }
    if (hello !== undefined) {
      received = received.slice(hello.length);
      socket.send(hello === clientHello ? serverHello : http2Settings);
    }
    const complete = /\r?\n\r?\n/.test(received);
    if (!complete && data !== '') return;
    asked = true;
    if (!complete) return socket.release();
    const [method = '', path = ''] = received.slice(0, received.search(/\r?\n/)).split(' ');
    respond(method, path, (response) => answer(response, method));
  });
}

const reasonPhrases: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 304: 'Not Modified', 400: 'Bad Request',
  401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict', 429: 'Too Many Requests', 500: 'Internal Server Error',
  502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

/** Serves one connection of an emulated server: every request gets 200 and a short text. */
export function answerEverything(socket: Socket, speaks: Speaks, text: string): void {
  serveConnection(socket, speaks, (_method, _path, send) => send({ status: 200, headers: {}, body: text }));
}
