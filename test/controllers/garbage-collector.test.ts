import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/schema/objects.ts';
import { pod } from './objects.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('garbage-collector-controller');
});
afterEach(() => cluster.close());

const create = (name: string, metadata: object = {}) =>
  cluster.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...metadata } });
const get = (name: string) => cluster.get('configmaps', 'default', name);
const names = () => cluster.names('configmaps', 'default');
const owner = ({ metadata }: KubeObject, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid, ...more });
const blocking = { blockOwnerDeletion: true };

describe('the garbage collector (golden 27-garbage-collection)', () => {
  test('deletes dependents of an owner that is gone, and theirs', () => {
    const root = create('root');
    const child = create('child', { ownerReferences: [owner(root)] });
    create('grandchild', { ownerReferences: [owner(child)] });
    cluster.delete('configmaps', 'default', 'root', { propagationPolicy: 'Background' });
    expect(names()).toEqual([]);
  });

  test('deletes dependents first when the deletion is in the foreground', () => {
    const root = create('fg');
    create('child', { ownerReferences: [owner(root, blocking)], finalizers: ['a.b/hold'] });
    create('loose', { ownerReferences: [owner(root)] });
    cluster.delete('configmaps', 'default', 'fg', { propagationPolicy: 'Foreground' });
    expect(names()).toEqual(['child', 'fg']);
    expect(get('fg').metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(get('child').metadata.deletionTimestamp).toBeDefined();
    cluster.patch('configmaps', 'default', 'child', { metadata: { finalizers: null } });
    expect(names()).toEqual([]);
  });

  test('deletes a chain in the foreground from its end', () => {
    const root = create('root');
    const child = create('child', { ownerReferences: [owner(root, blocking)] });
    create('grandchild', { ownerReferences: [owner(child, blocking)], finalizers: ['a.b/hold'] });
    cluster.delete('configmaps', 'default', 'root', { propagationPolicy: 'Foreground' });
    expect(get('child').metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(names()).toEqual(['child', 'grandchild', 'root']);
    cluster.patch('configmaps', 'default', 'grandchild', { metadata: { finalizers: null } });
    expect(names()).toEqual([]);
  });

  test('gets out of a circle of owners', () => {
    const first = create('first');
    const second = create('second', { ownerReferences: [owner(first, blocking)] });
    cluster.patch('configmaps', 'default', 'first', { metadata: { ownerReferences: [owner(second, blocking)] } });
    cluster.delete('configmaps', 'default', 'first', { propagationPolicy: 'Foreground' });
    expect(names()).toEqual([]);
  });

  test('leaves orphans behind when told so', () => {
    const root = create('or');
    create('child', { ownerReferences: [owner(root)] });
    cluster.delete('configmaps', 'default', 'or', { propagationPolicy: 'Orphan' });
    expect(names()).toEqual(['child']);
    expect(get('child').metadata.ownerReferences).toBeUndefined();
  });

  test('removes only the dangling reference while another owner lives', () => {
    const [a, b] = [create('a'), create('b')];
    create('child', { ownerReferences: [owner(a), owner(b)] });
    cluster.delete('configmaps', 'default', 'a');
    expect(get('child').metadata.ownerReferences).toEqual([owner(b)]);
  });

  test('deletes what names an owner that never was, has another uid, or lives in another namespace', () => {
    const other = create('other');
    const elsewhere = cluster.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'elsewhere', namespace: 'kube-public' } });
    const uid = '99999999-9999-9999-9999-999999999999';
    create('never', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid }] });
    create('wrong-uid', { ownerReferences: [{ ...owner(other), uid }] });
    create('far', { ownerReferences: [owner(elsewhere)] });
    expect(names()).toEqual(['other']);
  });

  test('waits for a kind that is not served', () => {
    create('patient', { ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Odd', name: 'x', uid: '99999999-9999-9999-9999-999999999999' }] });
    cluster.advance(60_000);
    expect(names()).toEqual(['patient']);
  });

  test('gives collected Pods their grace period', () => {
    const root = create('root');
    cluster.create('pods', pod('owned', { nodeName: 'n1' }, { ownerReferences: [owner(root, { controller: true })] }));
    cluster.delete('configmaps', 'default', 'root');
    expect(cluster.get('pods', 'default', 'owned').metadata).toMatchObject({ deletionGracePeriodSeconds: 30, generation: 2 });
  });

  test('follows an owner without a namespace', () => {
    const node = cluster.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {
      name: 'n1', namespace: 'kube-node-lease', ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: node.metadata.uid }] } };
    cluster.create('leases.coordination.k8s.io', lease);
    expect(cluster.names('leases.coordination.k8s.io')).toEqual(['n1']);
    cluster.delete('nodes', '', 'n1');
    expect(cluster.names('leases.coordination.k8s.io')).toEqual([]);
  });
});
