/** The API server's way to its nodes: logs, sessions and connections, each taken to the runtime that has the Pod. */
import type {
  Connect, HttpAnswer, LogAnswer, NodeConnector, PodLogOptions, PortConnection, PortHandlers, ProxyRequest, ProxyTarget, Session,
  SessionHandlers, StreamOptions,
} from '../api/node-connector.ts';
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Container, Runtime, Sandbox, StreamHandlers, StreamSession } from '../runtime/runtime.ts';
import type { Pod, Service } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { podLogs } from './pod-logs.ts';

const connectTimeoutMs = 30_000;

export interface NodeConnectionsOptions {
  readonly clock: Clock;
  /** Until a forwarded port is dialled. */
  readonly forwardMs: number;
  /** The runtime of a node, or undefined when it has none. */
  runtimeOf(node: string): Runtime | undefined;
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
    let connection: { write(data: Uint8Array): void; end(): void } | undefined;
    let ended = false;
    if (!runtime || !sandbox) {
      handlers.end('the sandbox of the pod is gone');
      return { write: () => undefined, end: () => undefined };
    }
    const { clock, forwardMs } = this.#options;
    clock.after(forwardMs, `port-forward to ${pod.metadata.name}:${port}`, () => runtime.connect(sandbox.ips[0] ?? '', port, connectTimeoutMs, (result) => {
      if (!result.ok) return handlers.end(`error forwarding port ${port} to pod ${sandbox.id}, uid : ${forwardError(sandbox.id, port)}`);
      connection = result.connection;
      result.connection.onData(handlers.data);
      result.connection.onEnd(() => handlers.end());
      for (const chunk of waiting) result.connection.write(chunk);
      if (ended) result.connection.end();
    }));
    return {
      write: (chunk) => void (connection ? connection.write(chunk) : waiting.push(chunk)),
      end: () => {
        ended = true;
        connection?.end();
      },
    };
  }

  proxy(target: ProxyTarget, request: ProxyRequest, done: (answer: HttpAnswer | { readonly error: string }) => void): void {
    const found = this.#address(target);
    if ('error' in found) return done(found);
    found.runtime.http({
      method: request.method, scheme: target.scheme === 'https' ? 'HTTPS' : 'HTTP', ip: found.ip, port: found.port, path: request.path,
      headers: Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      timeoutMs: connectTimeoutMs,
    }, (result) => done('error' in result ? result : { status: result.status, headers: result.headers, body: Buffer.from(result.body) }));
  }

  #session(object: KubeObject, { container }: StreamOptions, handlers: SessionHandlers,
    open: (runtime: Runtime, containerId: string, streams: StreamHandlers) => StreamSession): Session {
    const pod = object as unknown as Pod;
    const runtime = this.#runtime(pod);
    const running = this.#container(pod, container);
    if (!runtime || !running) {
      handlers.exit({ message: `container not found (${JSON.stringify(container)})` });
      return { stdin: () => undefined, closeStdin: () => undefined, resize: () => undefined, close: () => undefined };
    }
    const session = open(runtime, running.id, {
      onStdout: handlers.stdout, onStderr: handlers.stderr,
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

  #address(target: ProxyTarget): { runtime: Runtime; ip: string; port: number } | { error: string } {
    if (target.kind === 'node') return { error: 'the node proxy is not emulated' };
    const found = target.kind === 'pod' ? { pod: target.pod as unknown as Pod, port: target.port } : this.#endpoint(target.service as unknown as Service, target.port);
    const runtime = found && this.#runtime(found.pod);
    const ip = found?.pod.status.podIP;
    return found && runtime && ip ? { runtime, ip, port: found.port } : { error: 'no endpoints available for service' };
  }

  /** A ready Pod behind a service, and its port. */
  #endpoint(service: Service, portName: string): { pod: Pod; port: number } | undefined {
    const port = (service.spec.ports ?? []).find(({ name, port: number }) => name === portName || String(number) === portName || portName === '');
    const selector = Object.entries(service.spec.selector ?? {});
    const pods = this.#options.port().lister<KubeObject>('pods').list(service.metadata.namespace) as unknown as readonly Pod[];
    const pod = pods.find(({ metadata, status }) => selector.length > 0
      && selector.every(([key, value]) => metadata.labels?.[key] === value)
      && status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'));
    if (!pod || !port) return undefined;
    const named = pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port.targetPort)?.containerPort;
    return { pod, port: named ?? Number(port.targetPort) };
  }
}

/** containerd's words; the network namespace has a name that says nothing, made of the sandbox's id here. */
function forwardError(sandboxId: string, port: number): string {
  const namespace = `/var/run/netns/cni-${sandboxId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')}`;
  return `failed to execute portforward in network namespace ${JSON.stringify(namespace)}: failed to connect to localhost:${port} inside namespace `
    + `"${sandboxId}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
}
