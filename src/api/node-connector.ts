/**
 * What the API server asks of a kubelet: logs, and connections into a container or a Pod's port. The cluster connects
 * it to its nodes. Names, containers and options have been checked against the Pod before any of this is called.
 */
import type { KubeObject } from '../schema/objects.ts';

export interface PodLogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds: number | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceTimeMs: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** A byte stream from a node. `end` comes once, after the last `write`. */
export interface ByteSink {
  write(chunk: Uint8Array): void;
  end(): void;
  /** Bytes that wait for the client. */
  bufferedBytes(): number;
}

export type LogAnswer =
  | { readonly ok: true; /** Writes what there is, and later lines when following; returns stop. */ start(sink: ByteSink): () => void }
  /** The kubelet's own answer: code and text, for example 400 `container "a" in pod "web" is waiting to start: …`. */
  | { readonly ok: false; readonly code: number; readonly message: string };

export interface StreamOptions {
  readonly container: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** What comes out of an exec or attach session. */
export interface SessionHandlers {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** The program has read what made `stdin` say false. */
  room(): void;
  /** Once, at the end; `message` when the session failed before the process could say an exit code. */
  exit(result: { readonly exitCode: number } | { readonly message: string }): void;
}

export interface Session {
  /** False when the program has much to read already: what comes next should wait for `room`. */
  stdin(chunk: Uint8Array): boolean;
  closeStdin(): void;
  resize(width: number, height: number): void;
  /** The client went away. */
  close(): void;
}

/** One forwarded or proxied connection to a Pod's port. */
export interface PortHandlers {
  data(chunk: Uint8Array): void;
  /** The program has read what made `write` say false. */
  room(): void;
  /** `error` is the node's text when the connection could not be made or broke. */
  end(error?: string): void;
}

export interface PortConnection {
  /** False when the program has much to read already: what comes next should wait for `room`. */
  write(chunk: Uint8Array): boolean;
  end(): void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

export interface ProxyRequest {
  readonly method: string;
  /** Path and query below the target. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Where a proxied request goes: an address in the cluster, or a node's kubelet. */
export type ProxyTarget =
  | { readonly kind: 'address'; readonly scheme: 'http' | 'https'; readonly ip: string; readonly port: number }
  | { readonly kind: 'node'; readonly node: KubeObject };

/** What a connection into a Pod is for. */
export type Connect = 'exec' | 'attach' | 'portforward';

export interface NodeConnector {
  logs(pod: KubeObject, options: PodLogOptions): LogAnswer;
  /** The kubelet's text when there is nothing to connect to, or undefined. `container` is empty for a port-forward. */
  refusal(kind: Connect, pod: KubeObject, container: string): string | undefined;
  exec(pod: KubeObject, command: readonly string[], options: StreamOptions, handlers: SessionHandlers): Session;
  attach(pod: KubeObject, options: StreamOptions, handlers: SessionHandlers): Session;
  portForward(pod: KubeObject, port: number, handlers: PortHandlers): PortConnection;
  /** `done` gets the answer, or the text of why there is none. */
  proxy(target: ProxyTarget, request: ProxyRequest, done: (answer: HttpAnswer | { readonly error: string }) => void): void;
}
