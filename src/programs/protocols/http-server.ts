/** HTTP/1.1 in miniature, over virtual sockets, from the server's side: one request a connection. */
import { encodeText } from '../bytes.ts';
import type { Socket } from '../network.ts';
import { alwaysServing, healthServer, type HealthAnswer } from './grpc-health.ts';
import { readMessage, type HttpMessage } from './http-message.ts';
import { clientHello, http2Preface, serverHello } from './preface.ts';

export interface ServedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: HttpMessage['headers'];
  /** Bytes. */
  readonly body: string;
  /** The client's address and port. */
  readonly remote: string;
}

export interface ServedResponse {
  readonly status: number;
  /** Content-Length and Connection are added. A Content-Type of plain text, too, when there is none. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is bytes, not a text. */
  readonly binary?: boolean;
}

/** What a server understands: plain HTTP, HTTPS, or whatever it is asked in (HTTP, HTTPS, gRPC health). */
export type Speaks = 'http' | 'https' | 'anything';

type Respond = (request: ServedRequest, send: (response: ServedResponse) => void) => void;

/** Serves one connection: reads one request and answers it when `respond` calls back. `check` answers health checks where gRPC is spoken. */
export function serveConnection(socket: Socket, speaks: Speaks, respond: Respond, check: (service: string) => HealthAnswer = alwaysServing): void {
  let received = '';
  let state: 'greeting' | 'reading' | 'over' = 'greeting';
  let health: ((data: string) => void) | undefined;
  const refuse = (text: string): void => {
    state = 'over';
    socket.send(responseText({ status: 400, headers: {}, body: text }, 'GET'), () => socket.release());
  };
  socket.retain();
  socket.onData((data) => {
    if (health) return health(data);
    received += data;
    if (state === 'over') return;
    if (state === 'greeting' && data !== '') {
      const hello = [clientHello, http2Preface].find((bytes) => received.startsWith(bytes));
      if (hello !== undefined && (speaks === 'http' || (speaks === 'https' && hello === http2Preface))) return refuse('400 Bad Request');
      if (hello === undefined && speaks === 'https') return refuse('Client sent an HTTP request to an HTTPS server.\n');
      if (hello === http2Preface) {
        health = healthServer(socket, check);
        return health(received);
      }
      if (hello !== undefined) {
        received = received.slice(hello.length);
        socket.send(serverHello);
      }
      state = 'reading';
    }
    const message = readMessage(received, 'none');
    if (!message && data !== '') return;
    state = 'over';
    if (!message) return socket.release();
    const [method = '', target = ''] = message.firstLine.split(' ');
    respond({ method, target, headers: message.headers, body: message.body, remote: socket.remote },
      (response) => socket.send(responseText(response, method), () => socket.release()));
  });
}

function responseText({ status, headers, body, binary }: ServedResponse, method: string): string {
  const bytes = binary ? body : encodeText(body);
  const all = { 'Content-Type': 'text/plain; charset=utf-8', ...headers, 'Content-Length': String(bytes.length), Connection: 'close' };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${reasonPhrases[status] ?? 'Status'}\r\n${encodeText(head)}\r\n${method === 'HEAD' ? '' : bytes}`;
}

export const reasonPhrases: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified',
  307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found',
  405: 'Method Not Allowed', 409: 'Conflict', 412: 'Precondition Failed', 417: 'Expectation Failed', 429: 'Too Many Requests',
  500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

/** Serves one connection of an emulated server: every request gets 200 and a short text. */
export function answerEverything(socket: Socket, speaks: Speaks, text: string): void {
  serveConnection(socket, speaks, (_request, send) => send({ status: 200, headers: {}, body: text }));
}
