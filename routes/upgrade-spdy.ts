/**
 * Exec, attach and port-forward over SPDY: each channel is a stream that the client opens and names in its headers.
 * Upstream: kubelet/pkg/cri/streaming/{remotecommand,portforward}/httpstream.go.
 */
import type { Duplex } from 'node:stream';
import type { Session } from '../src/api/node-connector.ts';
import type { Upgrade } from '../src/api/streams.ts';
import { Brake } from './brake.ts';
import type { KubernetesHandler } from './kubernetes.ts';
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts';
import { terminalSize } from './upgrade-session.ts';

type SessionUpgrade = Extract<Upgrade, { kind: 'session' }>;
type PortUpgrade = Extract<Upgrade, { kind: 'portForward' }>;

export function carrySpdySession(upgrade: SessionUpgrade, socket: Duplex, cluster: KubernetesHandler): void {
  const streams = new Map<string, SpdyStream>();
  const wanted = streamTypes(upgrade);
  let session: Session | undefined;
  const connection = new SpdyConnection(socket, (stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    if (session || !wanted.every((type) => streams.has(type))) return;
    session = startSession(upgrade, streams, connection, new Brake(socket), cluster);
    cluster.settle();
  }, () => session?.close());
}

/** The streams that a client opens before anything starts. */
function streamTypes({ options: { stdin, stdout, stderr, tty }, handshake: { protocol } }: SessionUpgrade): string[] {
  const canResize = tty && /^v[34]\./.test(protocol);
  return ['error', ...(stdin ? ['stdin'] : []), ...(stdout ? ['stdout'] : []), ...(stderr ? ['stderr'] : []), ...(canResize ? ['resize'] : [])];
}

function startSession(upgrade: SessionUpgrade, streams: ReadonlyMap<string, SpdyStream>, connection: SpdyConnection, brake: Brake, cluster: KubernetesHandler): Session {
  const session = upgrade.start({
    stdout: (chunk) => streams.get('stdout')?.write(chunk),
    stderr: (chunk) => streams.get('stderr')?.write(chunk),
    room: () => brake.release(streams),
    end: (status) => {
      brake.release(streams);
      streams.get('error')!.write(status);
      for (const stream of streams.values()) stream.end();
      connection.close();
    },
  });
  const settled = (run: () => void): void => {
    run();
    cluster.settle();
  };
  streams.get('stdin')?.read((chunk) => settled(() => {
    if (!session.stdin(chunk)) brake.hold(streams);
  }), () => settled(() => session.closeStdin()));
  streams.get('resize')?.read((chunk) => settled(() => {
    const size = terminalSize(chunk);
    if (size) session.resize(size.Width, size.Height);
  }), () => undefined);
  return session;
}

/** Two streams a connection, one for data and one for its error, with the same request id. */
export function carrySpdyPorts(upgrade: PortUpgrade, socket: Duplex, cluster: KubernetesHandler): void {
  const unpaired = new Map<string, SpdyStream>();
  const ends = new Set<() => void>();
  const brake = new Brake(socket);
  new SpdyConnection(socket, (stream) => {
    const id = stream.headers.get('requestid') ?? '';
    const other = unpaired.get(id);
    if (!other) return void unpaired.set(id, stream);
    unpaired.delete(id);
    const [error, data] = stream.headers.get('streamtype') === 'error' ? [stream, other] : [other, stream];
    forward(upgrade, error, data, ends, brake, cluster);
    cluster.settle();
  }, () => {
    for (const end of ends) end();
  });
}

function forward(upgrade: PortUpgrade, error: SpdyStream, data: SpdyStream, ends: Set<() => void>, brake: Brake, cluster: KubernetesHandler): void {
  const connection = upgrade.connect(Number(data.headers.get('port')), {
    data: (chunk) => data.write(chunk),
    room: () => brake.release(data),
    end: (message) => {
      brake.release(data);
      ends.delete(end);
      if (message !== undefined) error.write(Buffer.from(message));
      error.end();
      data.end();
    },
  });
  const end = (): void => connection.end();
  ends.add(end);
  data.read((chunk) => {
    if (!connection.write(chunk)) brake.hold(data);
    cluster.settle();
  }, () => {
    connection.end();
    cluster.settle();
  });
}
