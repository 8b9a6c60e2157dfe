/** What the measured sessions of DaemonSets leave out: the order of an update that goes node by node, and pauses after failures. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ControllerRevision, DaemonSet } from '../../src/schema/apps/v1.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { node } from './objects.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('daemonset-controller', 'garbage-collector-controller').runScheduler();
});
afterEach(() => cluster.close());

const create = (spec: object = {}) => cluster.create('daemonsets.apps', {
  apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'd', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'd' } },
    template: { metadata: { labels: { app: 'd' } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'a', image: 'img:1' }] } }, ...spec,
  },
});
const set = () => cluster.port.lister<DaemonSet>('daemonsets.apps').get('default', 'd')!;
const pods = () => cluster.port.lister<Pod>('pods').list('default');
const setImage = (image: string) => cluster.patch('daemonsets.apps', 'default', 'd', { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
const images = () => pods().map(({ spec }) => spec!.containers[0]!.image).sort();
const setPhase = ({ metadata }: Pod, status: object) => cluster.patch('pods', 'default', metadata.name ?? '', { status }, 'status');

function makeReady(): void {
  const lastTransitionTime = new Date(cluster.clock.now()).toISOString().replace(/\.\d+/, '');
  for (const pod of pods()) {
    if (pod.status?.phase === 'Pending') setPhase(pod, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] });
  }
}

test('every node gets a Pod, which the scheduler brings there, and so does one that comes later', () => {
  cluster.addNode(node('n1'));
  cluster.addNode(node('n2', { spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } }));
  create();
  cluster.addNode(node('n3'));
  expect(pods().map(({ spec }) => spec?.nodeName).sort()).toEqual(['n1', 'n2', 'n3']);
  expect(set().status).toMatchObject({ desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 3, numberUnavailable: 3 });
});

test('an update replaces as many Pods at a time as may be unavailable', () => {
  for (let i = 0; i < 5; i++) cluster.addNode(node(`n${i}`));
  create({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } } });
  makeReady();
  setImage('img:2');
  expect(images()).toEqual(['img:1', 'img:1', 'img:1', 'img:2', 'img:2']);
  makeReady();
  expect(images()).toEqual(['img:1', 'img:2', 'img:2', 'img:2', 'img:2']);
  makeReady();
  expect(images()).toEqual(Array(5).fill('img:2'));
  makeReady();
  expect(set().status).toMatchObject({ updatedNumberScheduled: 5, numberAvailable: 5, numberReady: 5 });
});

test('a Pod that fails is replaced at once, then after 1, 2, 4 … seconds', () => {
  cluster.addNode(node('n1'));
  create();
  const pauses = Array.from({ length: 6 }, () => {
    const [pod] = pods();
    setPhase(pod!, { phase: 'Failed' });
    let waited = 0;
    for (; pods()[0]?.metadata.uid === pod!.metadata.uid; waited++) cluster.advance(1000);
    return waited;
  });
  expect(pauses).toEqual([0, 1, 2, 4, 8, 16]);
});

test('a template that comes back takes up its revision', () => {
  create();
  setImage('img:2');
  setImage('img:1');
  const revisions = cluster.port.lister<ControllerRevision>('controllerrevisions.apps').list('default');
  expect(revisions.map(({ revision }) => revision).sort()).toEqual([2, 3]);
});

test('a name that is taken by a revision of somebody else is avoided by another hash', () => {
  create();
  const [taken] = cluster.names('controllerrevisions.apps', 'default');
  cluster.delete('daemonsets.apps', 'default', 'd', { propagationPolicy: 'Background' });
  cluster.create('controllerrevisions.apps', {
    apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: taken, namespace: 'default' }, data: { other: true }, revision: 1,
  });
  create();
  cluster.advance(100);
  expect(set().status?.collisionCount).toBe(1);
  expect(cluster.names('controllerrevisions.apps', 'default')).toHaveLength(2);
});
