/**
 * Exec and attach over WebSocket (`v5.channel.k8s.io` and older, binary and base64): byte 0 of a frame is the channel.
 * Upstream: k8s.io/apimachinery/pkg/util/remotecommand, apiserver/pkg/util/wsstream.
 */
import type { WebSocket } from 'ws';
import type { Session } from '../src/api/node-connector.ts';
import type { Upgrade } from '../src/api/streams.ts';
import { limits } from '../src/limits.ts';
import { Brake } from './brake.ts';
import type { KubernetesHandler } from './kubernetes.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
type SessionUpgrade = Extract<Upgrade, { kind: 'session' }>;

export function carrySession(upgrade: SessionUpgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  const frames = new ChannelFrames(connection, upgrade.handshake.protocol);
  const brake = new Brake(connection);
  const session = upgrade.start({
    stdout: (chunk) => frames.send(channel.stdout, chunk),
    stderr: (chunk) => frames.send(channel.stderr, chunk),
    room: () => brake.release(frames),
    end: (status) => {
      brake.release(frames);
      if (status.length > 0) frames.send(channel.error, status);
      connection.close(1000);
    },
  });
  const canCloseStdin = upgrade.handshake.protocol.startsWith('v5.');
  connection.on('message', (data: Buffer) => {
    if (!receive(session, frames.decode(data), upgrade.options.stdin, canCloseStdin)) brake.hold(frames);
    cluster.settle();
  });
  connection.on('close', () => session.close());
}

/** False when the client should wait. */
function receive(session: Session, { channel: number, data }: { channel: number; data: Buffer }, hasStdin: boolean, canCloseStdin: boolean): boolean {
  if (number === channel.stdin && hasStdin) return session.stdin(data);
  if (number === channel.close && canCloseStdin && data[0] === channel.stdin) session.closeStdin();
  else if (number === channel.resize) {
    const size = terminalSize(data);
    if (size) session.resize(size.Width, size.Height);
  }
  return true;
}

/** `{"Width":80,"Height":25}`, or undefined for anything else. */
export function terminalSize(data: Uint8Array): { Width: number; Height: number } | undefined {
  try {
    const { Width, Height } = JSON.parse(Buffer.from(data).toString()) as { Width?: unknown; Height?: unknown };
    return typeof Width === 'number' && typeof Height === 'number' ? { Width, Height } : undefined;
  } catch {
    return undefined;
  }
}

const zero = '0'.charCodeAt(0);

/** Channel frames of one connection, in the spelling that its sub-protocol asks for. */
export class ChannelFrames {
  readonly #connection: WebSocket;
  readonly #base64: boolean;

  constructor(connection: WebSocket, protocol: string) {
    this.#connection = connection;
    this.#base64 = protocol.includes('base64.');
  }

  send(number: number, data: Uint8Array): void {
    if (this.#connection.readyState !== this.#connection.OPEN) return;
    if (this.#connection.bufferedAmount > limits.unreadBytesMax) return this.#connection.terminate();
    if (this.#base64) this.#connection.send(`${number}${Buffer.from(data).toString('base64')}`);
    else this.#connection.send(Buffer.concat([Buffer.from([number]), data]), { binary: true });
  }

  /** Channel -1 for a frame without one. */
  decode(frame: Buffer): { channel: number; data: Buffer } {
    if (frame.length === 0) return { channel: -1, data: frame };
    if (!this.#base64) return { channel: frame[0]!, data: frame.subarray(1) };
    return { channel: frame[0]! - zero, data: Buffer.from(frame.toString('latin1', 1), 'base64') };
  }
}
