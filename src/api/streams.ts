/** What flows after the headers: watch events, logs, and sessions that leave HTTP behind. */
import type { KubeObject } from '../schema/objects.ts';
import type { NodeConnector, StreamOptions } from './node-connector.ts';

export interface StreamSink {
  write(chunk: Uint8Array): void;
  end(): void;
  /** Bytes that wait in the socket; a watcher too slow to empty it is cut off. */
  bufferedBytes(): number;
}

export interface ApiStream {
  /** Starts the stream. Every chunk is one whole frame. Returns stop, for a client that went away. */
  start(sink: StreamSink): () => void;
}

/** A connection that changes its protocol; the request has been checked, the route does the handshake. */
export type Upgrade =
  /** A watch over WebSocket: one message per frame. */
  | { readonly kind: 'watch'; readonly stream: ApiStream; readonly binary: boolean }
  | { readonly kind: 'exec'; readonly nodes: NodeConnector; readonly pod: KubeObject; readonly command: readonly string[]; readonly options: StreamOptions }
  | { readonly kind: 'attach'; readonly nodes: NodeConnector; readonly pod: KubeObject; readonly options: StreamOptions }
  | { readonly kind: 'portforward'; readonly nodes: NodeConnector; readonly pod: KubeObject; /** Ports of the plain WebSocket form. */ readonly ports: readonly number[] };
