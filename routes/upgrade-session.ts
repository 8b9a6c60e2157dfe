/**
 * Exec and attach over WebSocket (`v5.channel.k8s.io` and older, binary and base64): byte 0 of a frame is the channel.
 * Upstream: k8s.io/apimachinery/pkg/util/remotecommand, apiserver/pkg/util/wsstream.
 */
import type { WebSocket } from 'ws';
import type { Upgrade } from '../src/api/kube-api.ts';
import type { Session, SessionHandlers } from '../src/api/node-connector.ts';
import type { KubernetesHandler } from './kubernetes.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
type SessionUpgrade = Extract<Upgrade, { kind: 'exec' | 'attach' }>;

export function carrySession(upgrade: SessionUpgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  const frames = new ChannelFrames(connection);
  const handlers: SessionHandlers = {
    stdout: (chunk) => { if (upgrade.options.stdout) frames.send(channel.stdout, chunk); },
    stderr: (chunk) => { if (upgrade.options.stderr) frames.send(channel.stderr, chunk); },
    exit: (result) => {
      if (frames.withStatus) frames.send(channel.error, Buffer.from(JSON.stringify(statusOf(result))));
      connection.close(1000);
    },
  };
  const session = upgrade.kind === 'exec'
    ? upgrade.nodes.exec(upgrade.pod, upgrade.command, upgrade.options, handlers)
    : upgrade.nodes.attach(upgrade.pod, upgrade.options, handlers);
  connection.on('message', (data: Buffer) => {
    receive(session, frames.decode(data));
    cluster.settle();
  });
  connection.on('close', () => session.close());
}

function receive(session: Session, { channel: number, data }: { channel: number; data: Buffer }): void {
  if (number === channel.stdin) session.stdin(data);
  else if (number === channel.close && data[0] === channel.stdin) session.closeStdin();
  else if (number === channel.resize) {
    const { Width, Height } = JSON.parse(data.toString()) as { Width: number; Height: number };
    session.resize(Width, Height);
  }
}

/** The Status that ends a session. */
export function statusOf(result: { readonly exitCode: number } | { readonly message: string }): object {
  if ('message' in result) {
    return { metadata: {}, status: 'Failure', message: result.message, reason: 'InternalError', details: { causes: [{ message: result.message }] }, code: 500 };
  }
  if (result.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {}, status: 'Failure', message: `command terminated with non-zero exit code: command terminated with exit code ${result.exitCode}`,
    reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(result.exitCode) }] },
  };
}

/** Channel frames of one connection, in the spelling that its sub-protocol asks for. */
export class ChannelFrames {
  readonly #connection: WebSocket;
  readonly #base64: boolean;
  /** The protocol ends sessions with a Status (v4 and newer). */
  readonly withStatus: boolean;

  constructor(connection: WebSocket) {
    this.#connection = connection;
    this.#base64 = connection.protocol.includes('base64.');
    this.withStatus = /^v[45]\./.test(connection.protocol);
  }

  send(number: number, data: Uint8Array): void {
    if (this.#connection.readyState !== this.#connection.OPEN) return;
    if (this.#base64) this.#connection.send(`${number}${Buffer.from(data).toString('base64')}`);
    else this.#connection.send(Buffer.concat([Buffer.from([number]), data]), { binary: true });
  }

  decode(frame: Buffer): { channel: number; data: Buffer } {
    if (frame.length === 0) return { channel: -1, data: frame };
    if (!this.#base64) return { channel: frame[0]!, data: frame.subarray(1) };
    return { channel: frame[0]! - 48, data: Buffer.from(frame.subarray(1).toString('latin1'), 'base64') };
  }
}
