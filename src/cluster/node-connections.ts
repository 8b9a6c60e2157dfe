/** The API server's way to its nodes: logs, sessions and connections, each taken to the runtime that has the Pod. */
import type {
  Connect, HttpAnswer, LogAnswer, NodeConnector, PodLogOptions, PortConnection, PortHandlers, ProxyRequest, ProxyTarget, Session,
  SessionHandlers, StreamOptions,
} from '../api/node-connector.ts';
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Connection, Container, Runtime, Sandbox, StreamHandlers, StreamSession } from '../runtime/runtime.ts';
import type { Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { kubeletAnswer } from './kubelet-server.ts';
import { podLogs } from './pod-logs.ts';

const connectTimeoutMs = 30_000;
/** What a client may send to a port before it is connected. */
const waitingBytesMax = 65_536;
/** Headers between two neighbours, which a proxy does not pass on. */
const ownHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'upgrade', 'te']);

export interface NodeConnectionsOptions {
  readonly clock: Clock;
  /** Until a forwarded port is dialled. */
  readonly forwardMs: number;
  /** The runtime of a node, or undefined when it has none. */
  runtimeOf(node: string): Runtime | undefined;
  /** A runtime that reaches an address, or undefined when nobody has it. */
  runtimeNear(ip: string): Runtime | undefined;
  port(): ApiPort;
}

export class NodeConnections implements NodeConnector {
  readonly #options: NodeConnectionsOptions;

  constructor(options: NodeConnectionsOptions) {
    this.#options = options;
  }

  logs(object: KubeObject, options: PodLogOptions): LogAnswer {
    const pod = object as unknown as Pod;
    const runtime = this.#runtime(pod);
    if (!runtime) return { ok: false, code: 500, message: `node ${pod.spec.nodeName} is not reachable` };
    return podLogs(pod, runtime, options, this.#options.clock.now());
  }

  exec(object: KubeObject, command: readonly string[], options: StreamOptions, handlers: SessionHandlers): Session {
    return this.#session(object, options, handlers,
      (runtime, id, streams) => runtime.exec(id, command, { tty: options.tty, stdin: options.stdin }, streams));
  }

  attach(object: KubeObject, options: StreamOptions, handlers: SessionHandlers): Session {
    // Whoever attaches is told that the streams ended, not how the program did.
    return this.#session(object, options, handlers, (runtime, id, streams) =>
      runtime.attach(id, { ...streams, onExit: (_exitCode, error) => streams.onExit(0, error) }));
  }

  refusal(kind: Connect, object: KubeObject, container: string): string | undefined {
    const pod = object as unknown as Pod;
    const fullName = `${pod.metadata.name}_${pod.metadata.namespace}`;
    if (kind === 'portforward') return this.#sandbox(pod) ? undefined : `pod not found (${JSON.stringify(fullName)})`;
    if (this.#container(pod, container)) return undefined;
    return kind === 'exec' ? `container not found (${JSON.stringify(container)})` : `container ${container} not found in pod ${fullName}`;
  }

  portForward(object: KubeObject, port: number, handlers: PortHandlers): PortConnection {
    const pod = object as unknown as Pod;
    const runtime = this.#runtime(pod);
    const sandbox = this.#sandbox(pod);
    const waiting: Uint8Array[] = [];
    let connection: Connection | undefined;
    let waitingBytes = 0;
    let ended = false;
    if (!runtime || !sandbox) {
      handlers.end('the sandbox of the pod is gone');
      return { write: () => true, end: () => undefined };
    }
    const { clock, forwardMs } = this.#options;
    clock.after(forwardMs, `port-forward to ${pod.metadata.name}:${port}`, () => runtime.connect(sandbox.ips[0] ?? '', port, connectTimeoutMs, (result) => {
      if (!result.ok) return handlers.end(`error forwarding port ${port} to pod ${sandbox.id}, uid : ${forwardError(sandbox.id, port)}`);
      connection = result.connection;
      result.connection.onData(handlers.data);
      result.connection.onEnd(() => handlers.end());
      result.connection.onRoom(handlers.room);
      for (const chunk of waiting.splice(0)) result.connection.write(chunk);
      if (ended) result.connection.end();
    }));
    return {
      write: (chunk) => {
        if (connection) return connection.write(chunk);
        waiting.push(chunk);
        waitingBytes += chunk.length;
        return waitingBytes < waitingBytesMax;
      },
      end: () => {
        ended = true;
        connection?.end();
      },
    };
  }

  proxy(target: ProxyTarget, request: ProxyRequest, done: (answer: HttpAnswer | { readonly error: string }) => void): void {
    if (target.kind === 'node') return done(kubeletAnswer(this.#options.port(), target.node.metadata.name ?? '', request.path));
    const { ip, port, scheme } = target;
    const runtime = this.#options.runtimeNear(ip);
    // The kernel of a real node says so after three seconds; a client of a clock that stands would wait for ever.
    if (!runtime) return done({ error: `dial tcp ${ip}:${port}: connect: no route to host` });
    if (scheme === 'https') {
      return runtime.connect(ip, port, connectTimeoutMs, (result) => {
        if (result.ok) result.connection.end();
        done({ error: result.ok ? 'tls: first record does not look like a TLS handshake' : result.message });
      });
    }
    runtime.http({
      method: request.method, scheme: 'HTTP', ip, port, path: request.path, body: request.body, timeoutMs: connectTimeoutMs,
      headers: Object.entries(request.headers).flatMap(([name, value]) => (value === undefined || ownHeaders.has(name) ? [] : [[name, value] as const])),
    }, (result) => {
      // A transport's words, without those of the client around it.
      if ('error' in result) return done({ error: result.error.replace(/^\w+ "[^"]*": /, '') });
      const { connection: _connection, ...headers } = result.headers;
      done({ status: result.status, headers, body: result.body });
    });
  }

  #session(object: KubeObject, { container }: StreamOptions, handlers: SessionHandlers,
    open: (runtime: Runtime, containerId: string, streams: StreamHandlers) => StreamSession): Session {
    const pod = object as unknown as Pod;
    const runtime = this.#runtime(pod);
    const running = this.#container(pod, container);
    if (!runtime || !running) {
      handlers.exit({ message: `container not found (${JSON.stringify(container)})` });
      return { stdin: () => true, closeStdin: () => undefined, resize: () => undefined, close: () => undefined };
    }
    const session = open(runtime, running.id, {
      onStdout: handlers.stdout, onStderr: handlers.stderr, onRoom: handlers.room,
      onExit: (exitCode, error) => handlers.exit(error === undefined ? { exitCode } : { message: error }),
    });
    return {
      stdin: (chunk) => session.write(chunk), closeStdin: () => session.closeStdin(),
      resize: (width, height) => session.resize(width, height), close: () => session.close(),
    };
  }

  #container(pod: Pod, name: string): Container | undefined {
    return this.#runtime(pod)?.containers(pod.metadata.uid ?? '').find(({ config, state }) => config.name === name && state === 'running');
  }

  #sandbox(pod: Pod): Sandbox | undefined {
    return this.#runtime(pod)?.sandboxes(pod.metadata.uid ?? '').find(({ state }) => state === 'ready');
  }

  #runtime(pod: Pod): Runtime | undefined {
    return this.#options.runtimeOf(pod.spec.nodeName ?? '');
  }
}

/** containerd's words; the network namespace has a name that says nothing, made of the sandbox's id here. */
function forwardError(sandboxId: string, port: number): string {
  const namespace = `/var/run/netns/cni-${sandboxId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')}`;
  return `failed to execute portforward in network namespace ${JSON.stringify(namespace)}: failed to connect to localhost:${port} inside namespace `
    + `"${sandboxId}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
}
