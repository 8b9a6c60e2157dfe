/** HTTP/1.1 in miniature, over virtual sockets, from the client's side: probes, hooks, proxies and programs that ask others. */
import { encodeText } from '../bytes.ts';
import type { Socket } from '../network.ts';
import { readMessage } from './http-message.ts';
import { clientHello, handshakeFailure } from './preface.ts';

export interface ClientRequest {
  readonly method: string;
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly ip: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Bytes. */
  readonly body: string;
}

export interface ClientResponse {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly body: string;
}

/** Sends a request and calls back once, with the response or with Go's words for why there is none. */
export function sendRequest(socket: Socket, request: ClientRequest, done: (result: ClientResponse | string) => void): void {
  const { body } = request;
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
  const finish = (result: ClientResponse | string): void => {
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
function parseResponse(data: string, ended: boolean, method: string): ClientResponse | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(data);
  const message = status && readMessage(data, method === 'HEAD' ? 'none' : ended ? 'rest' : 'lengthOnly');
  if (!message) return undefined;
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of message.headers) headers[name.toLowerCase()] = value;
  return { status: Number(status![1]), headers, body: message.body };
}
