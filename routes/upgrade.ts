/**
 * Connections that leave HTTP: watches over WebSocket, exec, attach and port-forward. The API has checked the request
 * and chosen the sub-protocol; this file does the handshake and hands the connection to those who carry frames.
 */
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { ApiResponse, Upgrade } from '../src/api/kube-api.ts';
import type { KubernetesHandler } from './kubernetes.ts';
import { carryPorts } from './upgrade-ports.ts';
import { carrySession } from './upgrade-session.ts';
import { carrySpdyPorts, carrySpdySession } from './upgrade-spdy.ts';

export interface UpgradeOptions {
  /** The cluster that a request is for; takes what names it off the request's URL. Throws when there is none. */
  address(request: IncomingMessage): KubernetesHandler;
  /** Answers 403 text for a request that may not connect at all, or undefined. */
  refuse(request: IncomingMessage): string | undefined;
}

const protocols = /^(websocket|spdy\/3\.1)$/i;

/** Serves protocol upgrades of an HTTP server. Returns a function that ends all of them. */
export function serveUpgrades(server: Server, options: UpgradeOptions): () => void {
  const chosen = new WeakMap<IncomingMessage, string>();
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('headers', (headers, request) => {
    const protocol = chosen.get(request);
    if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
  });
  const open = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const refusal = options.refuse(request);
    if (refusal !== undefined) return answer(socket, { status: 403, headers: { 'content-type': 'text/plain', 'connection': 'close' }, body: Buffer.from(refusal) });
    if (!protocols.test(request.headers.upgrade!)) return serveWithoutUpgrade(server, request, socket, head);
    const cluster = addressed(options, request);
    if (!cluster) return answer(socket, { status: 404, headers: { 'content-type': 'text/plain', 'connection': 'close' }, body: Buffer.from('no such cluster') });
    deliver(cluster, cluster.handle(requestOf(request)), request, socket, head);
    cluster.settle();
  });
  const deliver = (cluster: KubernetesHandler, response: ApiResponse, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if ('deferred' in response) return response.deferred((final) => deliver(cluster, final, request, socket, head));
    if ('broken' in response) return loseConnection(socket);
    if (!('upgrade' in response)) {
      answer(socket, response);
      return serveOn(server, socket, head);
    }
    const { upgrade } = response;
    if (upgrade.kind !== 'watch' && upgrade.handshake.transport === 'spdy') {
      writeHead(socket, response.status, { ...response.headers, 'Date': new Date().toUTCString() });
      socket.unshift(head);
      return carrySpdy(upgrade, socket, cluster);
    }
    const protocol = upgrade.kind === 'watch' ? response.headers['sec-websocket-protocol'] : upgrade.handshake.protocol;
    if (typeof protocol === 'string') chosen.set(request, protocol);
    // The choice is made: ws would refuse `SPDY/3.1+portforward.k8s.io`, and a protocol where the client offered none.
    delete request.headers['sec-websocket-protocol'];
    sockets.handleUpgrade(request, socket, head, (connection) => {
      carry(upgrade, connection, cluster);
      cluster.settle();
    });
  };
  return () => {
    for (const socket of open) socket.destroy();
  };
}

function addressed(options: UpgradeOptions, request: IncomingMessage): KubernetesHandler | undefined {
  try {
    return options.address(request);
  } catch {
    return undefined;
  }
}

function carry(upgrade: Upgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  if (upgrade.kind === 'watch') return carryWatch(upgrade, connection);
  if (upgrade.handshake.protocol.startsWith('SPDY/')) return carrySpdy(upgrade, createWebSocketStream(connection), cluster);
  if (upgrade.kind === 'portForward') return carryPorts(upgrade, connection, cluster);
  return carrySession(upgrade, connection, cluster);
}

function carrySpdy(upgrade: Exclude<Upgrade, { kind: 'watch' }>, socket: Duplex, cluster: KubernetesHandler): void {
  if (upgrade.kind === 'portForward') carrySpdyPorts(upgrade, socket, cluster);
  else carrySpdySession(upgrade, socket, cluster);
}

function carryWatch({ stream, binary }: Extract<Upgrade, { kind: 'watch' }>, connection: WebSocket): void {
  const stop = stream.start({
    write: (chunk) => connection.send(chunk, { binary }),
    end: () => connection.close(1000),
    break: () => connection.terminate(),
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

/** A reset, not an orderly end. */
function loseConnection(socket: Duplex): void {
  if ('resetAndDestroy' in socket) (socket as Duplex & { resetAndDestroy(): void }).resetAndDestroy();
  else socket.destroy();
}

/** Answers without an upgrade: the socket is not under an HTTP parser any more, so the head is written by hand. */
function answer(socket: Duplex, response: ApiResponse): void {
  const body = 'body' in response ? response.body : new Uint8Array(0);
  const isLast = response.headers['connection'] === 'close';
  const length = body.length > 0 || !isLast ? { 'Content-Length': String(body.length), 'Date': new Date().toUTCString() } : {};
  writeHead(socket, response.status, { ...response.headers, ...length });
  socket.write(body);
  if (isLast) socket.end();
}

function writeHead(socket: Duplex, status: number, headers: Readonly<Record<string, string | string[]>>): void {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
}

/** Hands a socket back to HTTP, for the client's next request. */
function serveOn(server: Server, socket: Duplex, unread: Buffer): void {
  if (unread.length > 0) socket.unshift(unread);
  if (socket.writable) server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
}

/** A request that would like another protocol (`h2c`) and is served in this one: it is read again without the wish. */
function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { rawHeaders } = request;
  const kept = rawHeaders.flatMap((name, i) => (i % 2 === 1 || /^(?:upgrade|connection|http2-settings)$/i.test(name) ? [] : [`${name}: ${rawHeaders[i + 1]}\r\n`]));
  const again = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n${kept.join('')}\r\n`;
  serveOn(server, socket, Buffer.concat([Buffer.from(again, 'latin1'), head]));
}
