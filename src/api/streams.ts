/** What flows after the headers: watch events, logs, and sessions that leave HTTP behind. */
import type { PortConnection, PortHandlers, Session, StreamOptions } from './node-connector.ts';
import type { Handshake } from './subresources/stream-handshake.ts';

export interface StreamSink {
  /** `object` is the key of the object that the frame is about. */
  write(chunk: Uint8Array, object?: string): void;
  end(): void;
  /** Loses the connection, as a fault does. */
  break?(): void;
  /** Bytes that wait in the socket; a watcher too slow to empty it is cut off. */
  bufferedBytes(): number;
}

export interface ApiStream {
  /** Starts the stream. Every chunk is one whole frame. Returns stop, for a client that went away. */
  start(sink: StreamSink): () => void;
}

/** What comes out of a session; `end` comes once, with the bytes of the error channel. */
export interface SessionOutput {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** The program has read what made the session's `stdin` say false. */
  room(): void;
  end(status: Uint8Array): void;
}

/** A connection that changes its protocol; the request has been checked, the route carries the frames. */
export type Upgrade =
  /** A watch over WebSocket: one message per frame. */
  | { readonly kind: 'watch'; readonly stream: ApiStream; readonly binary: boolean }
  /** Exec or attach. */
  | { readonly kind: 'session'; readonly handshake: Handshake; readonly options: StreamOptions; start(output: SessionOutput): Session }
  | {
    readonly kind: 'portForward'; readonly handshake: Handshake;
    /** Ports of the channel protocols; over SPDY each stream names its own. */
    readonly ports: readonly number[];
    connect(port: number, handlers: PortHandlers): PortConnection;
  };
