/**
 * The HTTP server: one Fastify application over the clusters of a process. Nothing is decided here but what belongs to the socket:
 * who may connect, TLS, limits, logging, closing.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { fakeletRoutes } from '../routes/fakelet.ts';
import { kubernetesRoutes } from '../routes/kubernetes.ts';
import { metricsRoute } from '../routes/metrics.ts';
import { serveUpgrades } from '../routes/upgrade.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { ClusterSet } from './cluster/cluster-set.ts';
import { figuresOf } from './cluster/figures.ts';
import { limits } from './limits.ts';
import { isLoopback, type Options } from './options.ts';
import type { TlsMaterial } from './tls.ts';

export interface RunningServer {
  readonly url: string;
  readonly app: FastifyInstance;
  /** Ends watches and connections; resolves when the port is free. */
  close(): Promise<void>;
}

/** Listens for all clusters. Fails with an Error whose message says what to do (port in use, no permission). */
export async function listen(clusters: ClusterSet, options: Options, tls?: TlsMaterial): Promise<RunningServer> {
  const app = createApp(clusters.main, options, { ...(tls ? { tls } : {}), clusters });
  return serve(app, { options, isSecure: tls !== undefined, address: (request) => address(clusters, request) });
}

/** Listens for one cluster, at a port of its own. Fails as `listen` does. */
export async function listenFor(cluster: Cluster, options: Options, tls?: TlsMaterial): Promise<RunningServer> {
  return serve(createApp(cluster, options, tls ? { tls } : {}), { options, isSecure: tls !== undefined, address: () => cluster });
}

interface Served {
  readonly options: Options;
  readonly isSecure: boolean;
  readonly address: (request: IncomingMessage) => Cluster;
}

async function serve(app: FastifyInstance, { options, isSecure, address: of }: Served): Promise<RunningServer> {
  try {
    await app.listen({ port: options.port, host: options.host });
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, options);
  }
  const { port } = app.server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const endUpgrades = serveUpgrades(app.server, { address: of, refuse: (request) => refusal(request.headers, options) });
  return { url: `${isSecure ? 'https' : 'http'}://${host}:${port}`, app, close: () => close(app, endUpgrades) };
}

export interface AppParts {
  readonly tls?: TlsMaterial;
  /** Given to the main application, which hands requests below `/clusters/NAME` to those of the others. */
  readonly clusters?: ClusterSet;
  /** Where the application is served; empty for the main one. */
  readonly basePath?: string;
  /** Is told every route, for the OpenAPI document. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** The application without a socket. */
export function createApp(cluster: Cluster, options: Options, { tls, clusters, basePath = '', onRoute }: AppParts = {}): FastifyInstance {
  const app = Fastify({
    bodyLimit: limits.requestBodyBytesMax,
    http: { maxHeaderSize: limits.requestHeaderBytesMax },
    routerOptions: { maxParamLength: 4096 },
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    childLoggerFactory: (logger: unknown) => logger,
    // Requests are logged at level info, so the default level keeps them out.
    logger: options.logLevel === 'silent' ? false : { level: options.logLevel },
    ...(tls ? { http2: true, https: { allowHTTP1: true, key: tls.key, cert: tls.cert } } : {}),
  } as object) as unknown as FastifyInstance;
  if (onRoute) app.addHook('onRoute', onRoute);
  app.addHook('onRequest', guard(options));
  if (clusters) app.addHook('onRequest', dispatch(clusters, options));
  app.register(async (scope) => fakeletRoutes(scope, { controls: cluster.controls, basePath, snapshotFileBytesMax: limits.snapshotFileBytesMax, ...(clusters ? { clusters } : {}) }), { prefix: '/_fakelet/v1' });
  app.register(async (scope) => metricsRoute(scope, { cluster: { measure: () => figuresOf(cluster) } }));
  app.register(async (scope) => kubernetesRoutes(scope, { cluster, bodyBytesMax: limits.requestBodyBytesMax }));
  return app;
}

/** Hands requests below `/clusters/NAME` to an application of that cluster, made at its first request. */
function dispatch(clusters: ClusterSet, options: Options) {
  const apps = new WeakMap<Cluster, FastifyInstance>();
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { raw } = request;
    if (!raw.url!.startsWith(clustersPath)) return done();
    let cluster: Cluster;
    try {
      cluster = address(clusters, raw);
    } catch (error) {
      return void reply.code(404).send({ error: (error as Error).message });
    }
    let app = apps.get(cluster);
    if (!app) apps.set(cluster, app = createApp(cluster, options, { basePath: clusters.pathOf(cluster) }));
    const found = app;
    reply.hijack();
    void found.ready().then(() => found.routing(raw, reply.raw));
  };
}

const clustersPath = '/clusters/';

/** The cluster that a request names; takes the name off its URL. Throws EmulatorError. */
function address(clusters: ClusterSet, request: IncomingMessage): Cluster {
  const url = request.url!;
  if (!url.startsWith(clustersPath)) return clusters.main;
  const [, name = '', rest = ''] = /^\/clusters\/([^/?]*)(.*)$/s.exec(url) ?? [];
  const cluster = clusters.find(name);
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  return cluster;
}

function guard(options: Options) {
  // A client names the same host in every request.
  let lastHost: string | undefined = '';
  let lastOrigin: string | undefined = '';
  let why: string | undefined;
  return ({ headers }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (headers.host !== lastHost || headers.origin !== lastOrigin) {
      ({ host: lastHost, origin: lastOrigin } = headers);
      why = refusal(headers, options);
    }
    if (why === undefined) done();
    else reply.code(403).send({ error: why });
  };
}

/** A browser must not reach a local cluster: a foreign `Host` and a cross-site `Origin` are refused. */
function refusal({ host, origin }: IncomingHttpHeaders, options: Options): string | undefined {
  if (host !== undefined && options.token === '' && isLoopback(options.host) && !isLocalName(hostName(host))) {
    return `Failed to serve: the Host header names '${host}', not this machine. Use 127.0.0.1 or localhost.`;
  }
  if (origin !== undefined && hostName(originHost(origin)) !== hostName(host ?? '')) return `Failed to serve: requests from the web site '${origin}' are not allowed.`;
  return undefined;
}

const hostName = (host: string) => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
const isLocalName = (name: string) => isLoopback(name) || name.endsWith('.localhost') || name === 'host.docker.internal';
const originHost = (origin: string) => origin.replace(/^\w+:\/\//, '');

function listenError(error: NodeJS.ErrnoException, options: Options): Error {
  const where = `${options.host}:${options.port}`;
  if (error.code === 'EADDRINUSE') return new Error(`Failed to listen on ${where}: the port is in use. Give another one with --port, or --port 0.`);
  if (error.code === 'EACCES') return new Error(`Failed to listen on ${where}: not permitted. Give a port above 1023 with --port.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Error(`Failed to listen on ${where}: this machine has no such address. Give another one with --host.`);
  }
  return error;
}

async function close(app: FastifyInstance, endUpgrades: () => void): Promise<void> {
  endUpgrades();
  (app.server as HttpServer).closeAllConnections?.();
  await app.close();
}
