/** HTTP/1.1 in miniature, over virtual sockets: enough for probes, hooks, proxies and emulated servers. */
import { decodeText, encodeText } from '../programs/bytes.ts';
import type { Socket } from '../programs/network.ts';
import type { HttpRequest, HttpResult } from './runtime.ts';

/** Sends a request and calls back once with the response; undefined when the server hung up without one. */
export function sendRequest(socket: Socket, request: HttpRequest, done: (result: HttpResult | undefined) => void): void {
  const names = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const host = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? `${request.ip}:${request.port}`;
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`, `Host: ${host}`,
    ...request.headers.filter(([name]) => name.toLowerCase() !== 'host').map(([name, value]) => `${name}: ${value}`),
    ...(names.has('connection') ? [] : ['Connection: close']),
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
  if (!finished) socket.write(encodeText(`${lines.join('\r\n')}\r\n\r\n`));
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
  return { status: Number(status[1]), headers, body: decodeText(length === undefined ? body : body.slice(0, Number(length))) };
}

/** Serves one connection of an emulated server: every request gets 200 and a short text. */
export function answerEverything(socket: Socket, text: string): void {
  let received = '';
  let answered = false;
  socket.retain();
  socket.onData((data) => {
    received += data;
    if (answered) return;
    const complete = /\r?\n\r?\n/.test(received);
    if (!complete && data !== '') return;
    answered = true;
    if (complete) socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
    socket.release();
  });
}
