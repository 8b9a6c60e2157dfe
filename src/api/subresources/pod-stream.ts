/**
 * Exec, attach and port-forward: the checks of the API server, then those of the kubelet in its own plain text, then the
 * handshake. Upstream: pkg/registry/core/pod/rest/subresources.go, pkg/kubelet/server/server.go.
 */
import type { Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { quote } from '../../lib/go-format.ts';
import { badRequest } from '../errors.ts';
import type { NodeConnector, StreamOptions } from '../node-connector.ts';
import type { Query } from '../query.ts';
import type { ApiResponse } from '../response.ts';
import type { RequestContext } from '../resource-request.ts';
import type { Services } from '../services.ts';
import type { Upgrade } from '../streams.ts';
import { containerOf, nodeOf } from './pod-connect.ts';
import { sessionEnd } from './session-end.ts';
import { isWebSocket, portHandshake, sessionHandshake, textRefusal, tunnelProtocol, type Handshake } from './stream-handshake.ts';

/** What the connection becomes, or the answer that refuses it. Throws ApiError. */
export function openPodStream(services: Services, pod: KubeObject, subresource: string, context: RequestContext): ApiResponse {
  const { query, request: { headers } } = context;
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
  const ports = subresource === 'portforward' ? portsOf(query) : [];
  const container = subresource === 'portforward' ? '' : containerOf(pod, query.text('container'));
  if (!(pod as unknown as Pod).spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const nodes = nodeOf(services, pod);
  if (!headers['upgrade']) throw badRequest('Upgrade request required');
  if (subresource === 'portforward') return openPorts(nodes, pod, ports, headers);
  const options: StreamOptions = {
    container, stdin: query.bool('stdin') ?? false, stdout: query.bool('stdout') ?? false,
    stderr: query.bool('stderr') ?? false, tty: query.bool('tty') ?? false,
  };
  if (!options.stdin && !options.stdout && !options.stderr) return textRefusal(400, 'you must specify at least 1 of stdin, stdout, stderr');
  const refusal = nodes.refusal(subresource as 'exec' | 'attach', pod, container);
  if (refusal !== undefined) return textRefusal(500, refusal);
  const handshake = sessionHandshake(headers);
  if ('status' in handshake) return handshake;
  const command = subresource === 'exec' ? query.list('command') ?? [] : undefined;
  return upgraded(handshake, session(nodes, pod, command, options, handshake));
}

type Headers = Readonly<Record<string, string | undefined>>;

/** An attach has no command. A terminal has one output: stderr is dropped. */
function session(nodes: NodeConnector, pod: KubeObject, command: readonly string[] | undefined, asked: StreamOptions, handshake: Handshake): Upgrade {
  const options = { ...asked, stderr: asked.stderr && !asked.tty };
  return {
    kind: 'session', handshake, options,
    start: ({ stdout, stderr, room, end }) => {
      const handlers = {
        stdout: options.stdout ? stdout : () => undefined,
        stderr: options.stderr ? stderr : () => undefined,
        room,
        exit: (result: { readonly exitCode: number } | { readonly message: string }) => end(sessionEnd(handshake.protocol, command ?? [], result)),
      };
      return command ? nodes.exec(pod, command, options, handlers) : nodes.attach(pod, options, handlers);
    },
  };
}

function openPorts(nodes: NodeConnector, pod: KubeObject, ports: readonly number[], headers: Headers): ApiResponse {
  const handshake = portHandshake(headers);
  if (isWebSocket(headers) && !('protocol' in handshake && handshake.protocol === tunnelProtocol)) {
    const wrong = wrongPorts(ports);
    if (wrong !== undefined) return textRefusal(400, wrong);
  }
  const refusal = nodes.refusal('portforward', pod, '');
  if (refusal !== undefined) return textRefusal(500, refusal);
  if ('status' in handshake) return handshake;
  return upgraded(handshake, { kind: 'portForward', handshake, ports, connect: (port, handlers) => nodes.portForward(pod, port, handlers) });
}

function upgraded(handshake: Handshake, upgrade: Upgrade): ApiResponse {
  const headers = handshake.transport === 'spdy' ? { 'Connection': 'Upgrade', 'Upgrade': 'SPDY/3.1', 'X-Stream-Protocol-Version': handshake.protocol } : {};
  return { status: 101, headers, upgrade };
}

/** The channel protocols fix their ports at the start. */
function wrongPorts(ports: readonly number[]): string | undefined {
  if (ports.length === 0) return 'query parameter "port" is required';
  return ports.includes(0) ? `port ${quote(ports.join(','))} must be > 0` : undefined;
}

const portMax = 65_535;

/** `ports=1,2&ports=3`. Throws ApiError. */
function portsOf(query: Query): number[] {
  return (query.list('ports') ?? []).flatMap((list) => list.split(',')).map((text) => {
    const why = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > portMax ? 'value out of range' : undefined;
    if (why !== undefined) throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${quote(text)}: ${why}`);
    return Number(text);
  });
}
