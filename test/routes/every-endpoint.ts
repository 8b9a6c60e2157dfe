/** Every endpoint of `/_fakelet/v1`: a request to it, and the call of the library that does the same. */
import type { Kube } from 'fakelet';
import type * as own from '../../src/schema/fakelet/v1.ts';

export interface Endpoint {
  /** As openapi.yaml has it: `put /clock`. */
  readonly operation: string;
  /** Where the path has parameters. */
  readonly path?: string;
  readonly body?: unknown;
  readonly library: (kube: Kube) => unknown;
  /** What must be there first, beside the Pod `web`. */
  readonly before?: (kube: Kube) => unknown;
  /** It makes what the path names. */
  readonly makes?: true;
}

const web = '/pods/default/web';
const app = `${web}/containers/app`;
const rule = { name: 'r', script: { exits: [{ after: '1s' }] } } satisfies own.Behavior;
const fault = { name: 'f', match: { verbs: ['get'], resource: 'pods' }, effect: { error: { code: 409 } } } satisfies own.Fault;
const scenario = { name: 'mine', description: 'a Pod', objects: [] } satisfies own.Scenario;
const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'static' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } };
const gates = { readinessGates: ['example.com/ready'] };
const addRule = (kube: Kube) => kube.behaviors.add(rule);
const addFault = (kube: Kube) => kube.faults.add(fault);
const take = (kube: Kube) => kube.snapshot('s');
const addCluster = (kube: Kube) => kube.clusters.add({ name: 'c' });

const node = (verb: 'stop' | 'start' | 'restart' | 'reboot' | 'remove'): Endpoint =>
  ({ operation: `post /nodes/{name}/${verb}`, path: `/nodes/node-1/${verb}`, library: ({ controls }) => controls.node('node-1', verb) });

export const endpoints: readonly Endpoint[] = [
  { operation: 'get /clock', library: ({ controls }) => controls.clock() },
  { operation: 'put /clock', body: { mode: 'manual' }, library: ({ controls }) => controls.setClock({ mode: 'manual' }) },
  { operation: 'post /clock/advance', body: { duration: '10m' }, library: ({ clock }) => clock.advance('10m') },
  { operation: 'post /wait', body: { name: 'web', for: 'condition=Ready' }, library: (kube) => kube.wait({ name: 'web', for: 'condition=Ready' }) },
  { operation: 'get /pods/{namespace}/{name}/explain', path: `${web}/explain`, library: (kube) => kube.explain('web') },
  { operation: 'get /pods/{namespace}/{name}/readinessGates', path: `${web}/readinessGates`, library: ({ controls }) => controls.readinessGates('default', 'web') },
  { operation: 'put /pods/{namespace}/{name}/readinessGates', path: `${web}/readinessGates`, body: gates, library: ({ controls }) => controls.setReadinessGates('default', 'web', gates) },
  { operation: 'put /pods/{namespace}/{name}/conditions/{type}', path: `${web}/conditions/example.com/ready`, body: { status: 'True' },
    library: ({ controls }) => controls.setCondition('default', 'web', 'example.com/ready', { status: 'True' }) },
  { operation: 'delete /pods/{namespace}/{name}/conditions/{type}', path: `${web}/conditions/example.com/ready`,
    library: ({ controls }) => controls.setCondition('default', 'web', 'example.com/ready', undefined) },
  { operation: 'post /pods/{namespace}/{name}/containers/{container}/exit', path: `${app}/exit`, body: { code: 3 }, library: ({ controls }) => controls.exitContainer('default', 'web', 'app', { code: 3 }) },
  { operation: 'post /pods/{namespace}/{name}/containers/{container}/oom', path: `${app}/oom`, library: ({ controls }) => controls.oomContainer('default', 'web', 'app') },
  { operation: 'post /pods/{namespace}/{name}/containers/{container}/probe', path: `${app}/probe`, body: { kind: 'readiness', result: 'failure' },
    library: ({ controls }) => controls.probeContainer('default', 'web', 'app', { kind: 'readiness', result: 'failure' }) },
  { operation: 'post /pods/{namespace}/{name}/containers/{container}/log', path: `${app}/log`, body: { line: 'hello' }, library: ({ controls }) => controls.logContainer('default', 'web', 'app', { line: 'hello' }) },
  { operation: 'post /pods/{namespace}/{name}/sandbox/kill', path: `${web}/sandbox/kill`, library: ({ controls }) => controls.killSandbox('default', 'web') },
  { operation: 'post /nodes', body: { count: 2 }, library: ({ controls }) => controls.addNodes({ count: 2 }) },
  node('stop'), node('start'), node('restart'), node('reboot'), node('remove'),
  { operation: 'post /nodes/{name}/pressure', path: '/nodes/node-1/pressure', body: { type: 'DiskPressure', status: true },
    library: ({ controls }) => controls.setPressure('node-1', { type: 'DiskPressure', status: true }) },
  { operation: 'post /nodes/{name}/shutdown', path: '/nodes/node-1/shutdown', body: {}, library: ({ controls }) => controls.shutDownNode('node-1', {}) },
  { operation: 'put /nodes/{name}/staticPods/{pod}', path: '/nodes/node-1/staticPods/s', body: manifest, library: ({ controls }) => controls.writeStaticPod('node-1', 's', manifest) },
  { operation: 'delete /nodes/{name}/staticPods/{pod}', path: '/nodes/node-1/staticPods/s', before: ({ controls }) => controls.writeStaticPod('node-1', 's', manifest),
    library: ({ controls }) => controls.removeStaticPod('node-1', 's') },
  { operation: 'get /behaviors', before: addRule, library: ({ behaviors }) => behaviors.list() },
  { operation: 'post /behaviors', body: rule, library: addRule },
  { operation: 'delete /behaviors', before: addRule, library: ({ behaviors }) => behaviors.clear() },
  { operation: 'post /behaviors/assertAllUsed', library: ({ behaviors }) => behaviors.assertAllUsed() },
  { operation: 'get /behaviors/{name}', path: '/behaviors/r', before: addRule, library: ({ behaviors }) => behaviors.get('r') },
  { operation: 'put /behaviors/{name}', path: '/behaviors/r', body: rule, makes: true, library: ({ behaviors }) => behaviors.replace('r', rule) },
  { operation: 'delete /behaviors/{name}', path: '/behaviors/r', before: addRule, library: ({ behaviors }) => behaviors.remove('r') },
  { operation: 'get /faults', before: addFault, library: ({ faults }) => faults.list() },
  { operation: 'post /faults', body: fault, library: addFault },
  { operation: 'delete /faults', before: addFault, library: ({ faults }) => faults.clear() },
  { operation: 'post /faults/assertAllUsed', library: ({ faults }) => faults.assertAllUsed() },
  { operation: 'get /faults/{name}', path: '/faults/f', before: addFault, library: ({ faults }) => faults.get('f') },
  { operation: 'put /faults/{name}', path: '/faults/f', body: fault, makes: true, library: ({ faults }) => faults.replace('f', fault) },
  { operation: 'delete /faults/{name}', path: '/faults/f', before: addFault, library: ({ faults }) => faults.remove('f') },
  { operation: 'post /faults/breakWatches', body: { resource: 'pods' }, library: ({ faults }) => faults.breakWatches({ resource: 'pods' }) },
  { operation: 'get /snapshots', before: take, library: ({ controls }) => controls.snapshots.list() },
  { operation: 'post /snapshots', body: { name: 's' }, library: take },
  { operation: 'get /snapshots/{name}', path: '/snapshots/s', before: take, library: ({ controls }) => controls.snapshots.file('s') },
  { operation: 'delete /snapshots/{name}', path: '/snapshots/s', before: take, library: ({ controls }) => controls.snapshots.remove('s') },
  { operation: 'post /snapshots/{name}/restore', path: '/snapshots/s/restore', before: take, library: ({ controls }) => controls.snapshots.restore('s') },
  { operation: 'get /scenarios', library: ({ controls }) => controls.scenarios() },
  { operation: 'post /scenarios', body: scenario, library: (kube) => kube.controls.startScenario(scenario) },
  { operation: 'post /scenarios/{name}', path: '/scenarios/crash-loop', library: ({ controls }) => controls.startScenario('crash-loop') },
  { operation: 'get /about', library: ({ controls }) => controls.about() },
  { operation: 'post /reset', library: ({ controls }) => controls.reset() },
  { operation: 'get /journal', library: ({ controls }) => controls.journal({}) },
  { operation: 'get /transcript', library: (kube) => kube.transcript() },
  { operation: 'get /kubeconfig', library: (kube) => kube.kubeconfig() },
  { operation: 'get /clusters', before: addCluster, library: ({ clusters }) => clusters.list() },
  { operation: 'post /clusters', body: { name: 'c' }, library: addCluster },
  { operation: 'get /clusters/{name}', path: '/clusters/c', before: addCluster, library: ({ clusters }) => clusters.info('c') },
  { operation: 'delete /clusters/{name}', path: '/clusters/c', before: addCluster, library: ({ clusters }) => clusters.remove('c') },
];
