import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pod } from './objects.ts';
import { startMs, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('serviceaccount-controller', 'root-ca-certificate-publisher-controller', 'namespace-controller');
  cluster.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } });
});
afterEach(() => cluster.close());

const configMap = (name: string, metadata: object = {}) =>
  cluster.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'ns', ...metadata } });
const conditions = () => cluster.get('namespaces', '', 'ns').status.conditions
  .map(({ type, status, reason, message }) => [type, status, reason, message]);
const fine = [
  ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  ['NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
  ['NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
];

describe('a new namespace', () => {
  test('gets its service account and the root certificate', () => {
    expect(cluster.names('serviceaccounts', 'ns')).toEqual(['default']);
    expect(cluster.get('configmaps', 'ns', 'kube-root-ca.crt')).toMatchObject({
      metadata: { annotations: { 'kubernetes.io/description': expect.stringMatching(/^Contains a CA bundle/) } }, data: { 'ca.crt': 'PEM' },
    });
  });

  test('gets them again when they are deleted or changed', () => {
    cluster.delete('serviceaccounts', 'ns', 'default');
    cluster.delete('configmaps', 'ns', 'kube-root-ca.crt');
    expect([...cluster.names('serviceaccounts', 'ns'), ...cluster.names('configmaps', 'ns')]).toEqual(['default', 'kube-root-ca.crt']);
    cluster.patch('configmaps', 'ns', 'kube-root-ca.crt', { data: { 'ca.crt': 'forged', more: 'x' } });
    expect(cluster.get('configmaps', 'ns', 'kube-root-ca.crt').data).toEqual({ 'ca.crt': 'PEM' });
  });
});

describe('a deleted namespace', () => {
  test('disappears with its content after five seconds', () => {
    configMap('x');
    cluster.delete('namespaces', '', 'ns');
    cluster.advance(4999);
    expect(cluster.names('configmaps', 'ns')).toEqual(['kube-root-ca.crt', 'x']);
    cluster.advance(1);
    expect(cluster.names('configmaps', 'ns')).toEqual([]);
    expect(cluster.names('namespaces')).not.toContain('ns');
  });

  test('waits for its Pods before anything else goes (golden 19-namespaces)', () => {
    cluster.create('pods', { ...pod('slow', { nodeName: 'nowhere' }), metadata: { name: 'slow', namespace: 'ns', finalizers: ['a.b/hold'] } });
    cluster.delete('namespaces', '', 'ns');
    cluster.advance(6000);
    expect(cluster.get('pods', 'ns', 'slow').metadata.deletionTimestamp).toBeDefined();
    expect(cluster.names('configmaps', 'ns')).toEqual(['kube-root-ca.crt']);
    expect(conditions()).toEqual(fine);
    cluster.patch('pods', 'ns', 'slow', { metadata: { finalizers: null } });
    cluster.delete('pods', 'ns', 'slow', { gracePeriodSeconds: 0 });
    cluster.advance(30_000);
    expect(cluster.names('namespaces')).not.toContain('ns');
  });

  test('says what holds it up, and looks again half as late as it may take', () => {
    configMap('held', { finalizers: ['a.b/hold'] });
    configMap('held-too', { finalizers: ['a.b/hold', 'c.d/hold'] });
    cluster.delete('namespaces', '', 'ns');
    cluster.advance(5000);
    expect(conditions()).toEqual([
      ...fine.slice(0, 3),
      ['NamespaceContentRemaining', 'True', 'SomeResourcesRemain', 'Some resources are remaining: configmaps. has 2 resource instances'],
      ['NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: a.b/hold in 2 resource instances, c.d/hold in 1 resource instances'],
    ]);
    for (const name of ['held', 'held-too']) cluster.patch('configmaps', 'ns', name, { metadata: { finalizers: null } });
    while (cluster.names('namespaces').includes('ns')) cluster.advance(1000);
    expect((cluster.clock.now() - startMs) / 1000).toBeLessThanOrEqual(13);
  });

  test('keeps finalizers of others', () => {
    const object = { ...cluster.get('namespaces', '', 'ns'), spec: { finalizers: ['kubernetes', 'a.b/other'] } };
    cluster.submit({ verb: 'update', resource: 'namespaces', subresource: 'finalize', object });
    cluster.delete('namespaces', '', 'ns');
    cluster.advance(60_000);
    expect(cluster.get('namespaces', '', 'ns').spec.finalizers).toEqual(['a.b/other']);
  });
});

describe('the system objects', () => {
  test('are there from the start and come back', () => {
    expect(cluster.names('namespaces')).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system', 'ns']);
    expect(cluster.names('priorityclasses.scheduling.k8s.io')).toEqual(['system-cluster-critical', 'system-node-critical']);
    cluster.delete('services', 'default', 'kubernetes');
    expect(cluster.get('services', 'default', 'kubernetes').spec.ports).toEqual([{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }]);
  });
});
