/**
 * The emulator's own surface, `/_fakelet/v1`: plain JSON over REST. Each route is a schema and one call into the cluster.
 */
import { Type, type TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { checkerOf } from '../src/schema/fakelet/check.ts';
import * as own from '../src/schema/fakelet/v1.ts';
import type { ClusterSet } from '../src/cluster/cluster-set.ts';
import type { EmulatorControls } from '../src/cluster/controls.ts';
import { EmulatorError } from '../src/cluster/emulator-error.ts';
import { clusterRoutes } from './clusters.ts';
import { describe, type App } from './describe.ts';
import { ruleRoutes } from './rules.ts';
import { snapshotRoutes } from './snapshots.ts';

const podPath = Type.Object({ namespace: Type.String(), name: Type.String() });
const nodePath = Type.Object({ name: Type.String() });

export interface FakeletRoutesOptions {
  readonly controls: EmulatorControls;
  /** Given where clusters can be added: at the main one. */
  readonly clusters?: ClusterSet;
  /** Where the server has this cluster: `/clusters/NAME`, or nothing. */
  readonly basePath: string;
  /** Largest file of a snapshot. */
  readonly snapshotFileBytesMax: number;
}

export function fakeletRoutes(plain: FastifyInstance, { controls, clusters, basePath, snapshotFileBytesMax }: FakeletRoutesOptions): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(({ schema }) => validator(schema as TSchema));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  // Many clients name a content type on every request, also where nothing is to be said.
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    (body === '' ? done(null) : parseJson(request, body as string, done)));
  app.setErrorHandler((error: RequestError, _request, reply) => refuse(error, reply));
  clockRoutes(app, controls);
  podRoutes(app, controls);
  nodeRoutes(app, controls);
  ruleRoutes(app, { path: '/behaviors', what: 'behavior', rule: own.Behavior, state: own.BehaviorState, list: own.BehaviorList }, controls.behaviors);
  ruleRoutes(app, { path: '/faults', what: 'fault', rule: own.Fault, state: own.FaultState, list: own.FaultList }, controls.faults);
  app.post('/faults/breakWatches', { schema: describe('Lose the connection of the open watches that match', { body: own.FaultMatch, gives: own.WatchesBroken }) },
    ({ body }) => controls.faults.breakWatches(body));
  snapshotRoutes(app, controls.snapshots, snapshotFileBytesMax);
  wholeClusterRoutes(app, controls, basePath);
  if (clusters) clusterRoutes(app, clusters);
}

function clockRoutes(app: App, controls: EmulatorControls): void {
  app.get('/clock', { schema: describe('Read the clock', { gives: own.ClockState }) }, () => controls.clock());
  app.put('/clock', { schema: describe('Let the clock follow the host or stand', { body: own.ClockChange, gives: own.ClockState }) },
    (request) => controls.setClock(request.body));
  app.post('/clock/advance', { schema: describe('Move a manual clock', { body: own.ClockAdvance, gives: own.ClockAdvanced }) },
    (request) => controls.advance(request.body));
  app.post('/wait', { schema: describe('Wait for an object; moves a manual clock as needed', { body: own.WaitRequest, gives: own.WaitResult }) },
    (request, reply) => controls.wait(request.body, goneSignal(reply)));
}

function podRoutes(app: App, controls: EmulatorControls): void {
  app.get('/pods/:namespace/:name/explain', { schema: describe('Say why a Pod is not Ready', { params: podPath, gives: own.Explanation }) },
    ({ params }) => controls.explain(params.namespace, params.name));
  app.get('/pods/:namespace/:name/readinessGates', { schema: describe('Read the readiness gates of a Pod', { params: podPath, gives: own.ReadinessGates }) },
    ({ params }) => controls.readinessGates(params.namespace, params.name));
  app.put('/pods/:namespace/:name/readinessGates', { schema: describe('Replace the readiness gates of a live Pod',
    { params: podPath, body: own.ReadinessGates, gives: own.ReadinessGates }) },
    ({ params, body }) => controls.setReadinessGates(params.namespace, params.name, body));
  const condition = Type.Object({ namespace: Type.String(), name: Type.String(), '*': Type.String() });
  app.put('/pods/:namespace/:name/conditions/*', { schema: describe('Set one condition of a Pod', { params: condition, body: own.ConditionValue }) },
    ({ params, body }) => controls.setCondition(params.namespace, params.name, params['*'], body));
  app.delete('/pods/:namespace/:name/conditions/*', { schema: describe('Remove one condition of a Pod', { params: condition }) },
    ({ params }) => controls.setCondition(params.namespace, params.name, params['*'], undefined));
  const container = Type.Object({ namespace: Type.String(), name: Type.String(), container: Type.String() });
  const verb = '/pods/:namespace/:name/containers/:container';
  app.post(`${verb}/exit`, { schema: describe('End a container, or signal its process from outside', { params: container, body: own.ContainerExit }) },
    ({ params, body }) => controls.exitContainer(params.namespace, params.name, params.container, body));
  app.post(`${verb}/oom`, { schema: describe('End a container as out of memory', { params: container }) },
    ({ params }) => controls.oomContainer(params.namespace, params.name, params.container));
  app.post(`${verb}/probe`, { schema: describe('Answer the probes of a container', { params: container, body: own.ProbeOverride }) },
    ({ params, body }) => controls.probeContainer(params.namespace, params.name, params.container, body));
  app.post(`${verb}/log`, { schema: describe('Write a line into the log of a container', { params: container, body: own.LogLine }) },
    ({ params, body }) => controls.logContainer(params.namespace, params.name, params.container, body));
  app.post('/pods/:namespace/:name/sandbox/kill', { schema: describe('Kill the sandbox of a Pod from outside', { params: podPath }) },
    ({ params }) => controls.killSandbox(params.namespace, params.name));
}

function nodeRoutes(app: App, controls: EmulatorControls): void {
  app.post('/nodes', { schema: describe('Add nodes', { body: own.NodeTemplate, gives: own.NodeNames }) }, ({ body }) => controls.addNodes(body));
  for (const [verb, does] of [['stop', 'Stop the kubelet of a node'], ['start', 'Start the kubelet of a node'],
    ['restart', 'Restart the kubelet of a node'], ['reboot', 'Reboot a node'], ['remove', 'Remove a node']] as const) {
    app.post(`/nodes/:name/${verb}`, { schema: describe(does, { params: nodePath }) }, ({ params }) => controls.node(params.name, verb));
  }
  app.post('/nodes/:name/pressure', { schema: describe('Put a node under pressure, or relieve it', { params: nodePath, body: own.NodePressure }) },
    ({ params, body }) => controls.setPressure(params.name, body));
  app.post('/nodes/:name/shutdown', { schema: describe('Shut a node down gracefully', { params: nodePath, body: own.NodeShutdown }) },
    ({ params, body }) => controls.shutDownNode(params.name, body));
  const staticPod = Type.Object({ name: Type.String(), pod: Type.String() });
  app.put('/nodes/:name/staticPods/:pod', { schema: describe('Write a static Pod manifest on a node', { params: staticPod, body: Type.Unknown() }) },
    ({ params, body }) => controls.writeStaticPod(params.name, params.pod, body));
  app.delete('/nodes/:name/staticPods/:pod', { schema: describe('Remove a static Pod manifest from a node', { params: staticPod }) },
    ({ params }) => controls.removeStaticPod(params.name, params.pod));
}

function wholeClusterRoutes(app: App, controls: EmulatorControls, basePath: string): void {
  app.get('/scenarios', { schema: describe('List the scenarios', { gives: own.ScenarioList }) }, () => controls.scenarios());
  app.post('/scenarios', { schema: describe('Start a scenario of your own', { body: own.Scenario }) }, ({ body }) => controls.startScenario(body));
  app.post('/scenarios/:name', { schema: describe('Start a scenario', { params: nodePath }) }, ({ params }) => controls.startScenario(params.name));
  app.get('/about', { schema: describe('Versions, options, limits, differences from Kubernetes', { gives: own.About }) }, () => controls.about());
  app.post('/reset', { schema: describe('Back to the start state', {}) }, () => controls.reset());
  app.get('/journal', { schema: describe('What happened, as data', { querystring: own.JournalQuery, gives: own.Journal }) },
    ({ query }) => controls.journal(query));
  app.get('/transcript', { schema: describe('What happened, as text', { querystring: own.JournalQuery, gives: Type.String(), produces: ['text/plain'] }) },
    ({ query }, reply) => reply.type('text/plain; charset=utf-8').send(controls.transcript(query)));
  app.get('/kubeconfig', { schema: describe('A kubeconfig for this cluster', { gives: Type.String(), produces: ['application/yaml'] }) },
    (request, reply) => reply.type('application/yaml').send(controls.kubeconfig(`${request.protocol}://${request.host}${basePath}`)));
}

/** Tells when the client has gone before its answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

/** What Fastify asks of a validator. */
function validator(schema: TSchema): (value: unknown) => { value: unknown } | { error: RequestError } {
  const check = checkerOf(schema);
  return (value) => {
    const wrong = check(value);
    return wrong === undefined ? { value } : { error: Object.assign(new Error(wrong), { statusCode: 400 }) };
  };
}

interface RequestError extends Error { statusCode?: number }

function refuse(error: RequestError, reply: FastifyReply): FastifyReply {
  if (error instanceof EmulatorError) {
    return reply.code(error.httpStatus).send({ error: error.message, ...(error.object === undefined ? {} : { object: error.object }) });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) reply.log.error(error);
  return reply.code(status).send({ error: `Failed to read the request: ${error.message}. See openapi.yaml for what it takes.` });
}
