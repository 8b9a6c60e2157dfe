/** Volumes made on demand, and Pods that wait for theirs. */
import { describe, expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../src/schema/core/v1.ts';
import { TestCluster } from '../test-cluster.ts';

const storageClass = (more: object = {}) => ({
  apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'example.com/disks', reclaimPolicy: 'Delete', ...more,
});
const claim = {
  apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
};
const pod = {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db', namespace: 'default' },
  spec: { containers: [{ name: 'db', image: 'postgres:17' }], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
};
const node = (name: string) => ({
  apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name } }, spec: {},
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10' } },
});

function started(): TestCluster {
  return new TestCluster().run('persistentvolume-binder-controller', 'volume-provisioner', 'persistentvolume-protection-controller');
}

const volumesOf = (cluster: TestCluster) => cluster.port.lister<PersistentVolume>('persistentvolumes').list();
const podOf = (cluster: TestCluster) => cluster.port.lister<Pod>('pods').get('default', 'db')!;

describe('a class that binds at once', () => {
  test('makes the volume of a claim and binds it', () => {
    const cluster = started();
    cluster.create('storageclasses.storage.k8s.io', storageClass());
    cluster.create('persistentvolumeclaims', claim);
    const [volume] = volumesOf(cluster);
    const bound = cluster.port.lister<PersistentVolumeClaim>('persistentvolumeclaims').get('default', 'data')!;
    expect(volume).toMatchObject({
      metadata: { name: `pvc-${bound.metadata.uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': 'example.com/disks' } },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'fast', persistentVolumeReclaimPolicy: 'Delete' },
      status: { phase: 'Bound' },
    });
    expect(volume!.spec.nodeAffinity).toBeUndefined();
    expect(bound).toMatchObject({ spec: { volumeName: volume!.metadata.name }, status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
    expect(cluster.events('data')).toContain(`Normal ProvisioningSucceeded: Successfully provisioned volume ${volume!.metadata.name}`);
  });

  test('deletes the volume with its claim, or keeps it when the class says so', () => {
    for (const [reclaimPolicy, left] of [['Delete', []], ['Retain', ['Released']]] as const) {
      const cluster = started();
      cluster.create('storageclasses.storage.k8s.io', storageClass({ reclaimPolicy }));
      cluster.create('persistentvolumeclaims', claim);
      cluster.patch('persistentvolumeclaims', 'default', 'data', { metadata: { finalizers: null } });
      cluster.delete('persistentvolumeclaims', 'default', 'data');
      expect(volumesOf(cluster).map(({ status }) => status.phase)).toEqual(left);
    }
  });
});

describe('a class that waits for the first consumer', () => {
  const waiting = storageClass({ volumeBindingMode: 'WaitForFirstConsumer' });

  test('makes the volume on the node that the scheduler chose; the Pod is bound at the next look, a second later', () => {
    const cluster = started().runScheduler();
    cluster.addNode(node('n1'));
    cluster.create('storageclasses.storage.k8s.io', waiting);
    cluster.create('persistentvolumeclaims', claim);
    cluster.advance(20_000);
    expect(volumesOf(cluster)).toEqual([]);
    cluster.create('pods', pod);
    expect(podOf(cluster).spec?.nodeName).toBeUndefined();
    cluster.advance(1000);
    expect(podOf(cluster).spec?.nodeName).toBe('n1');
    expect(volumesOf(cluster)[0]!.spec.nodeAffinity).toEqual({
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }] }] },
    });
  });

  test('gives up after ten minutes without a provisioner, and gives the room back', () => {
    const cluster = new TestCluster().run('persistentvolume-binder-controller').runScheduler();
    cluster.addNode({ ...node('n1'), status: { allocatable: { cpu: '4', memory: '8Gi', pods: '1' } } });
    cluster.create('storageclasses.storage.k8s.io', waiting);
    cluster.create('persistentvolumeclaims', claim);
    cluster.create('pods', pod);
    cluster.create('pods', { ...pod, metadata: { name: 'other', namespace: 'default' }, spec: { containers: pod.spec.containers } });
    cluster.advance(599_000);
    const other = () => cluster.port.lister<Pod>('pods').get('default', 'other')!.spec?.nodeName;
    expect([cluster.events('db'), other()]).toEqual([[], undefined]);
    cluster.advance(2000);
    expect(cluster.events('db')[0]).toBe('Warning FailedScheduling: running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded');
    cluster.advance(60_000);
    expect(other()).toBe('n1');
  });

  test('a Pod that is deleted while it waits is let go', () => {
    const cluster = new TestCluster().run('persistentvolume-binder-controller').runScheduler();
    cluster.addNode(node('n1'));
    cluster.create('storageclasses.storage.k8s.io', waiting);
    cluster.create('persistentvolumeclaims', claim);
    cluster.create('pods', pod);
    cluster.delete('pods', 'default', 'db', { gracePeriodSeconds: 0 });
    cluster.advance(1_200_000);
    expect(cluster.events('db')).toEqual([]);
  });
});
