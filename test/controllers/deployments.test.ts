import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '../../src/schema/apps/v1.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { pod } from './objects.ts';
import { startMs, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('replicaset-controller', 'deployment-controller', 'garbage-collector-controller');
});
afterEach(() => cluster.close());

const create = (spec: object = {}) => cluster.create('deployments.apps', {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'd' } },
    template: { metadata: { labels: { app: 'd' } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'a', image: 'img:1' }] } }, ...spec,
  },
});
const change = (spec: object) => cluster.patch('deployments.apps', 'default', 'd', { spec });
const setImage = (image: string) => change({ template: { spec: { containers: [{ name: 'a', image }] } } });
const deployment = () => cluster.port.lister<Deployment>('deployments.apps').get('default', 'd')!;
const pods = () => cluster.port.lister<Pod>('pods').list('default');
const sets = () => cluster.port.lister<ReplicaSet>('replicasets.apps').list('default');
const setOf = (image: string) => sets().find(({ spec }) => spec?.template?.spec?.containers?.[0]?.image === image)!;
const sizes = () => Object.fromEntries(sets().map(({ spec }) => [spec!.template!.spec!.containers![0]!.image, spec!.replicas]));
const condition = (type: string) => deployment().status?.conditions?.find((one) => one.type === type);

/** Makes Pods ready that are not; returns how many there were. */
function makeReady(): number {
  const waiting = pods().filter(({ status }) => status?.phase !== 'Running');
  const lastTransitionTime = new Date(cluster.clock.now()).toISOString().replace(/\.\d+/, '');
  for (const { metadata } of waiting) {
    if (!cluster.names('pods', 'default').includes(metadata.name ?? '')) continue;
    cluster.patch('pods', 'default', metadata.name ?? '', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] } }, 'status');
  }
  return waiting.length;
}

function settle(): void {
  while (makeReady() > 0) cluster.advance(10);
}

test('a Deployment gets a ReplicaSet that makes its Pods', () => {
  create({ replicas: 2 });
  const set = setOf('img:1');
  expect(set.metadata.name).toMatch(/^d-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
  expect(set.metadata.annotations).toEqual({
    'deployment.kubernetes.io/desired-replicas': '2', 'deployment.kubernetes.io/max-replicas': '3', 'deployment.kubernetes.io/revision': '1',
  });
  const hash = set.metadata.labels?.['pod-template-hash'];
  expect(pods().map(({ metadata }) => [metadata.labels, metadata.ownerReferences, metadata.generateName])).toEqual(Array(2).fill([
    { app: 'd', 'pod-template-hash': hash },
    [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set.metadata.name, uid: set.metadata.uid, controller: true, blockOwnerDeletion: true }],
    `${set.metadata.name}-`,
  ]));
  expect(cluster.events('d')).toEqual([`Normal ScalingReplicaSet: Scaled up replica set ${set.metadata.name} from 0 to 2`]);
  expect(cluster.events(set.metadata.name ?? '').sort()).toEqual(pods().map(({ metadata }) => `Normal SuccessfulCreate: Created pod: ${metadata.name}`));
  expect(deployment().metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
});

test('the status of both says when all Pods are available', () => {
  create({ replicas: 2 });
  expect(condition('Available')).toMatchObject({ status: 'False', reason: 'MinimumReplicasUnavailable' });
  settle();
  const time = '2026-01-01T00:00:00Z';
  const name = setOf('img:1').metadata.name;
  expect(setOf('img:1').status).toEqual({
    replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2, terminatingReplicas: 0, observedGeneration: 1,
  });
  expect(deployment().status).toEqual({
    observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, terminatingReplicas: 0,
    conditions: [
      { type: 'Available', status: 'True', lastUpdateTime: time, lastTransitionTime: time, reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' },
      { type: 'Progressing', status: 'True', lastUpdateTime: time, lastTransitionTime: time, reason: 'NewReplicaSetAvailable', message: `ReplicaSet "${name}" has successfully progressed.` },
    ],
  });
});

test('a change of the size makes or deletes Pods, those that are not ready first', () => {
  create({ replicas: 2 });
  settle();
  const ready = cluster.names('pods', 'default');
  change({ replicas: 4 });
  expect(pods()).toHaveLength(4);
  change({ replicas: 2 });
  expect(cluster.names('pods', 'default')).toEqual(ready);
  change({ replicas: 0 });
  expect(pods()).toEqual([]);
  expect(deployment().status).toMatchObject({ observedGeneration: 4, terminatingReplicas: 0 });
});

test('a rolling update never leaves its bounds, and going back takes up the old ReplicaSet', () => {
  create({ replicas: 4, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } });
  settle();
  setImage('img:2');
  expect(sizes()).toEqual({ 'img:1': 3, 'img:2': 2 });
  expect(condition('Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
  settle();
  expect(sizes()).toEqual({ 'img:1': 0, 'img:2': 4 });
  expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  setImage('img:1');
  settle();
  expect(sizes()).toEqual({ 'img:1': 4, 'img:2': 0 });
  expect(setOf('img:1').metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1' });
  expect(deployment().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
});

test('Recreate makes new Pods when the old ones are gone', () => {
  create({ replicas: 2, strategy: { type: 'Recreate' }, template: { metadata: { labels: { app: 'd' } }, spec: { nodeName: 'n1', containers: [{ name: 'a', image: 'img:1' }] } } });
  settle();
  const old = cluster.names('pods', 'default');
  setImage('img:2');
  expect(sizes()).toEqual({ 'img:1': 0 });
  for (const name of old) cluster.delete('pods', 'default', name, { gracePeriodSeconds: 0 });
  expect(sizes()).toEqual({ 'img:1': 0, 'img:2': 2 });
});

test('a paused Deployment scales, but does not roll out', () => {
  create({ replicas: 1 });
  settle();
  change({ paused: true });
  setImage('img:2');
  change({ replicas: 3 });
  expect(sizes()).toEqual({ 'img:1': 3 });
  expect(condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
  change({ paused: null });
  settle();
  expect(sizes()).toEqual({ 'img:1': 0, 'img:2': 3 });
});

test('a change of the size in the middle of a rollout is shared out', () => {
  create({ replicas: 10, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } });
  settle();
  setImage('img:2');
  expect(sizes()).toEqual({ 'img:1': 8, 'img:2': 5 });
  change({ replicas: 15 });
  expect(sets().reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0)).toBe(18);
  settle();
  expect(sizes()).toEqual({ 'img:1': 0, 'img:2': 15 });
});

test('a rollout that stands still misses its deadline', () => {
  create({ replicas: 1, progressDeadlineSeconds: 60 });
  cluster.advance(60_000);
  expect(condition('Progressing')?.reason).toBe('ReplicaSetUpdated');
  cluster.advance(5_000);
  expect(condition('Progressing')).toMatchObject({
    status: 'False', reason: 'ProgressDeadlineExceeded', message: `ReplicaSet "${setOf('img:1').metadata.name}" has timed out progressing.`,
  });
});

test('only revisionHistoryLimit old ReplicaSets stay', () => {
  create({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ['img:2', 'img:3', 'img:4']) {
    settle();
    setImage(image);
  }
  settle();
  expect(sizes()).toEqual({ 'img:3': 0, 'img:4': 1 });
});

test('minReadySeconds delays availability', () => {
  create({ replicas: 1, minReadySeconds: 30 });
  settle();
  expect(deployment().status?.availableReplicas).toBeUndefined();
  cluster.advance(startMs + 31_000 - cluster.clock.now());
  expect(deployment().status?.availableReplicas).toBe(1);
});

test('a ReplicaSet adopts matching Pods and releases those that stop to match', () => {
  const { metadata } = cluster.create('pods', pod('orphan', {}, { labels: { app: 'r' } }));
  cluster.create('replicasets.apps', {
    apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'r' } }, template: { metadata: { labels: { app: 'r' } }, spec: { containers: [{ name: 'a', image: 'i' }] } } },
  });
  expect(pods().map(({ metadata: { uid, ownerReferences } }) => [uid, ownerReferences?.[0]?.name])).toEqual([[metadata.uid, 'r']]);
  cluster.patch('pods', 'default', 'orphan', { metadata: { labels: { app: 'other' } } });
  expect(cluster.get('pods', 'default', 'orphan').metadata.ownerReferences).toBeUndefined();
  expect(pods()).toHaveLength(2);
});

test('a Pod that is refused is said in events and conditions, and tried again', () => {
  cluster.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec: { hard: { pods: '1' } } });
  cluster.patch('resourcequotas', 'default', 'q', { status: { hard: { pods: '1' }, used: { pods: '1' } } }, 'status');
  create({ replicas: 1 });
  expect(pods()).toEqual([]);
  expect(condition('ReplicaFailure')).toMatchObject({ status: 'True', reason: 'FailedCreate' });
  cluster.delete('resourcequotas', 'default', 'q');
  cluster.advance(1000);
  expect(pods()).toHaveLength(1);
  expect(condition('ReplicaFailure')).toBeUndefined();
});

test('deleting a Deployment deletes its ReplicaSets and Pods', () => {
  create({ replicas: 2 });
  settle();
  cluster.delete('deployments.apps', 'default', 'd', { propagationPolicy: 'Background' });
  cluster.advance(1000);
  expect([sets(), pods()]).toEqual([[], []]);
});
