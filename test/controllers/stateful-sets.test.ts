/** What the measured sessions of StatefulSets leave out: failures, and a controller that starts again in the middle. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ControllerRevision, StatefulSet } from '../../src/schema/apps/v1.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('statefulset-controller', 'garbage-collector-controller', 'resourcequota-controller');
});
afterEach(() => cluster.close());

const create = (spec: object = {}) => cluster.create('statefulsets.apps', {
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web', namespace: 'default' },
  spec: {
    serviceName: 'web', selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'img:1' }] } }, ...spec,
  },
});
const set = () => cluster.port.lister<StatefulSet>('statefulsets.apps').get('default', 'web')!;
const setImage = (image: string) => cluster.patch('statefulsets.apps', 'default', 'web', { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
const images = () => cluster.names('pods', 'default').map((name) => cluster.get('pods', 'default', name).spec.containers[0]!.image);

function makeReady(): void {
  const lastTransitionTime = new Date(cluster.clock.now()).toISOString().replace(/\.\d+/, '');
  for (;;) {
    const name = cluster.names('pods', 'default').find((one) => cluster.get('pods', 'default', one).status.phase !== 'Running');
    if (name === undefined) return;
    cluster.patch('pods', 'default', name, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] } }, 'status');
  }
}

test('a Pod that cannot be made is tried again and named in an Event', () => {
  cluster.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec: { hard: { pods: '0' } } });
  create();
  cluster.advance(100);
  expect(cluster.names('pods', 'default')).toEqual([]);
  expect(cluster.events('web')[0]).toBe(
    'Warning FailedCreate: Create Pod web-0 in StatefulSet web failed error: pods "web-0" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0');
  cluster.delete('resourcequotas', 'default', 'q');
  cluster.advance(60_000);
  expect(cluster.names('pods', 'default')).toEqual(['web-0']);
});

test('an update goes on where it was after the controller starts again', () => {
  create({ replicas: 3 });
  makeReady();
  setImage('img:2');
  expect(images()).toEqual(['img:1', 'img:1', 'img:2']);
  cluster.restart('statefulset-controller');
  expect(images()).toEqual(['img:1', 'img:1', 'img:2']);
  makeReady();
  expect(images()).toEqual(['img:2', 'img:2', 'img:2']);
  expect(set().status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 });
  expect(set().status?.currentRevision).toBe(set().status?.updateRevision);
});

test('a name that is taken by a revision of somebody else is avoided by another hash', () => {
  create({ replicas: 0 });
  const revisions = () => cluster.port.lister<ControllerRevision>('controllerrevisions.apps').list('default');
  const [{ metadata: { name } }] = revisions() as [ControllerRevision];
  cluster.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Background' });
  cluster.create('controllerrevisions.apps', {
    apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name, namespace: 'default' }, data: { other: true }, revision: 1,
  });
  create({ replicas: 0 });
  expect(revisions()).toHaveLength(2);
  expect(set().status).toMatchObject({ collisionCount: 1, updateRevision: revisions().find(({ metadata }) => metadata.name !== name)!.metadata.name });
});

test('twenty Pods are rolled out one by one, history is kept to its limit', () => {
  create({ replicas: 20, revisionHistoryLimit: 2 });
  makeReady();
  for (const image of ['img:2', 'img:3', 'img:4', 'img:5']) {
    setImage(image);
    makeReady();
  }
  expect(new Set(images())).toEqual(new Set(['img:5']));
  expect(cluster.names('controllerrevisions.apps', 'default')).toHaveLength(3);
});
