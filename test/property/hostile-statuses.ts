/**
 * A whole cluster whose clients write nonsense into statuses: conditions without times, containers without states, nodes
 * without resources. The API takes it, as upstream's does; what must hold is that no component fails over it.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Prng } from '../../src/lib/prng.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { libraryOptions } from '../../src/options.ts';
import { chance, pick } from './random-values.ts';

const patchesPerSession = 60;
const names = ['n0', 'n1'];
const core = '/api/v1/namespaces/default';
const apps = '/apis/apps/v1/namespaces/default';
const collections = {
  Pod: `${core}/pods`, Node: '/api/v1/nodes', ReplicaSet: `${apps}/replicasets`, Deployment: `${apps}/deployments`,
  PodDisruptionBudget: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
} as const;
type Kind = keyof typeof collections;

const times = [null, '1999-01-01T00:00:00Z', '2030-01-01T00:00:00Z'];
const podSpec = { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 30; exit 1'] }] };

/** Objects that the components have work with. */
function objects(name: string): Readonly<Record<Kind, object>> {
  const workload = { replicas: 2, minReadySeconds: 3, selector: { matchLabels: { of: name } }, template: { metadata: { labels: { of: name } }, spec: podSpec } };
  return {
    Pod: { spec: { ...podSpec, readinessGates: [{ conditionType: 'x/y' }] } },
    Node: {},
    ReplicaSet: { spec: workload },
    Deployment: { spec: { ...workload, selector: { matchLabels: { of: `${name}-d` } }, template: { ...workload.template, metadata: { labels: { of: `${name}-d` } } } } },
    PodDisruptionBudget: { spec: { minAvailable: 1, selector: { matchLabels: { of: name } } } },
  };
}

const conditionTypes = ['Ready', 'PodScheduled', 'DisruptionTarget', 'ContainersReady', 'Initialized', 'x/y', 'Progressing', 'Available',
  'ReplicaFailure', 'MemoryPressure', 'PodResizePending', 'PodResizeInProgress'];

const condition = (random: Prng) => ({
  type: pick(random, conditionTypes), status: pick(random, ['True', 'False', 'Unknown']),
  ...(chance(random, 0.5) ? { lastTransitionTime: pick(random, times), lastUpdateTime: null, lastHeartbeatTime: null } : {}),
  ...(chance(random, 0.5) ? { reason: pick(random, ['', 'X', 'ProgressDeadlineExceeded', 'Unschedulable', 'TerminationByKubelet']) } : {}),
});

const state = (random: Prng) => pick(random, [{}, null, { running: {} }, { running: { startedAt: null } }, { waiting: {} }, { terminated: { exitCode: 1 } },
  { terminated: { exitCode: 0, finishedAt: null, startedAt: null, containerID: 'x://y' } }, { running: {}, terminated: { exitCode: 2 } }]);

const containerStatus = (random: Prng) => ({
  name: pick(random, ['c', 'd']), image: '', imageID: '', ready: chance(random, 0.5), restartCount: random.below(5),
  state: state(random), lastState: state(random), containerID: pick(random, ['', 'x', 'containerd://abc']),
  resources: pick(random, [null, {}, { requests: { cpu: '1' } }]),
});

const statuses: Readonly<Record<string, (random: Prng) => object>> = {
  Pod: (random) => ({
    ...(chance(random, 0.3) ? { phase: pick(random, ['', 'Pending', 'Running', 'Succeeded', 'Failed', 'Unknown', 'Nope', null]) } : {}),
    ...(chance(random, 0.5) ? { [pick(random, ['containerStatuses', 'initContainerStatuses'])]: pick(random, [null, [], [containerStatus(random)]]) } : {}),
    ...(chance(random, 0.3) ? { startTime: pick(random, times), podIP: pick(random, ['', null]), podIPs: null, qosClass: pick(random, ['BestEffort', null]) } : {}),
  }),
  Node: (random) => ({
    allocatable: pick(random, [null, {}, { cpu: '1' }, { cpu: '0', memory: '0', pods: '0' }]), capacity: pick(random, [null, {}, { cpu: '1' }]),
    addresses: pick(random, [null, [], [{ type: 'InternalIP', address: 'x' }]]), images: pick(random, [null, [{ names: null }], [{ names: ['busybox:1.36'] }]]),
  }),
  PodDisruptionBudget: (random) => ({ disruptedPods: pick(random, [null, { n0: null }, { n0: '2020-01-01T00:00:00Z', zz: null }]) }),
};

function runSession(seed: number): void {
  const random = new Prng(seed);
  const failures: string[] = [];
  const options = libraryOptions({ seed, nodes: 2, clock: 'manual' });
  const cluster = new Cluster({ options, version: 'hostile', manifests: [], onError: (text) => failures.push(text) });
  const send = (method: string, path: string, body: object, type: string): void => {
    cluster.handle({ method, path, query: '', headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(body)) });
    cluster.settle();
    assert.deepEqual(failures, [], `${method} ${path} ${JSON.stringify(body)}`);
  };
  for (const name of names) {
    for (const [kind, object] of Object.entries(objects(name))) {
      send('POST', collections[kind as Kind], { metadata: { name, labels: { of: name } }, ...object }, 'application/json');
    }
  }
  for (let i = 0; i < patchesPerSession; i++) {
    const kind = pick(random, Object.keys(collections) as Kind[]);
    const conditions = chance(random, 0.5) ? { conditions: Array.from({ length: random.below(3) + 1 }, () => condition(random)) } : {};
    const name = pick(random, kind === 'Node' ? [...names, 'node-1', 'node-2'] : names);
    const type = pick(random, ['application/merge-patch+json', 'application/strategic-merge-patch+json']);
    send('PATCH', `${collections[kind]}/${name}/status`, { status: { ...conditions, ...statuses[kind]?.(random) } }, type);
    if (chance(random, 0.3)) void cluster.controls.advance({ duration: pick(random, ['100ms', '3s', '40s', '6m']) });
    assert.deepEqual(failures, []);
  }
  cluster.close();
}

/** Sessions by their seeds. */
export const hostileSessions = fc.property(fc.noBias(fc.nat({ max: 0xffff_ffff })), runSession);
