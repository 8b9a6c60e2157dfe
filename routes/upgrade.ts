/**
 * Connections that leave HTTP: watches over WebSocket, exec, attach and port-forward. The API has checked the request
 * and chosen the sub-protocol; this file does the handshake and carries frames.
 */
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ApiResponse, Upgrade } from '../src/api/kube-api.ts';
import type { KubernetesHandler } from './kubernetes.ts';
import { carryPorts } from './upgrade-ports.ts';
import { carrySession } from './upgrade-session.ts';

export interface UpgradeOptions {
  readonly cluster: KubernetesHandler;
  /** Answers 403 text for a request that may not connect at all, or undefined. */
  refuse(request: IncomingMessage): string | undefined;
}

/** Serves protocol upgrades of an HTTP server. Returns a function that ends all of them. */
export function serveUpgrades(server: Server, options: UpgradeOptions): () => void {
  const chosen = new WeakMap<IncomingMessage, string>();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (_offered, request) => chosen.get(request) ?? false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = options.refuse(request);
    if (refusal !== undefined) return write(socket, { status: 403, headers: { 'content-type': 'text/plain' }, body: Buffer.from(refusal) });
    const response = options.cluster.handle(requestOf(request));
    if (!('upgrade' in response)) {
      write(socket, response);
      return options.cluster.settle();
    }
    const protocol = response.headers['sec-websocket-protocol'];
    if (typeof protocol === 'string') chosen.set(request, protocol);
    sockets.handleUpgrade(request, socket, head, (connection) => {
      carry(response.upgrade, connection, options.cluster);
      options.cluster.settle();
    });
  });
  return () => {
    for (const client of sockets.clients) client.terminate();
  };
}

function carry(upgrade: Upgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  if (upgrade.kind === 'watch') return carryWatch(upgrade, connection);
  if (upgrade.kind === 'portforward') return carryPorts(upgrade, connection, cluster);
  return carrySession(upgrade, connection, cluster);
}

function carryWatch({ stream, binary }: Extract<Upgrade, { kind: 'watch' }>, connection: WebSocket): void {
  const stop = stream.start({
    write: (chunk) => connection.send(chunk, { binary }),
    end: () => connection.close(1000),
    bufferedBytes: () => connection.bufferedAmount,
  });
  connection.on('close', stop);
}

function requestOf(request: IncomingMessage) {
  const url = request.url!;
  const mark = url.indexOf('?');
  return {
    method: request.method!,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers as Record<string, string | undefined>,
    body: new Uint8Array(0),
  };
}

/** Answers without an upgrade: the socket is not under an HTTP parser any more, so the head is written by hand. */
function write(socket: Duplex, response: ApiResponse): void {
  const body = 'body' in response ? response.body : new Uint8Array(0);
  const headers = Object.entries({ ...response.headers, 'content-length': String(body.length), connection: 'close' })
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  socket.write(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}\r\n${headers.join('')}\r\n`);
  socket.end(body);
}
