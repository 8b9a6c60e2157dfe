import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { node, pod, podAsking } from './objects.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster();
});
afterEach(() => cluster.close());

describe('the quota controller', () => {
  const used = () => cluster.get('resourcequotas', 'default', 'q').status.used;
  const quota = (spec: object) => cluster.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec });
  beforeEach(() => {
    cluster.run('resourcequota-controller');
  });

  test('counts what is there, and only what can be counted', () => {
    cluster.create('pods', podAsking('p', { cpu: '300m' }));
    quota({ hard: { pods: '5', 'requests.cpu': '1', cpu: '1', 'count/pods': '9', services: '3', 'count/leases.coordination.k8s.io': '1', 'count/odd.example.com': '1' } });
    expect(cluster.get('resourcequotas', 'default', 'q').status.hard).toEqual(cluster.get('resourcequotas', 'default', 'q').spec.hard);
    expect(used()).toEqual({ pods: '1', 'requests.cpu': '300m', cpu: '300m', 'count/pods': '1', services: '1', 'count/leases.coordination.k8s.io': '0' });
  });

  test('gives back what a Pod that ends or goes has used', () => {
    quota({ hard: { pods: '5', 'requests.cpu': '1', 'count/pods': '9' } });
    for (const name of ['a', 'b']) cluster.create('pods', podAsking(name, { cpu: '400m' }));
    expect(used()).toEqual({ pods: '2', 'requests.cpu': '800m', 'count/pods': '2' });
    cluster.patch('pods', 'default', 'a', { status: { phase: 'Succeeded' } }, 'status');
    expect(used()).toEqual({ pods: '1', 'requests.cpu': '400m', 'count/pods': '2' });
    cluster.delete('pods', 'default', 'b', { gracePeriodSeconds: 0 });
    expect(used()).toEqual({ pods: '0', 'requests.cpu': '0', 'count/pods': '1' });
  });

  test('a quota with scopes counts only the Pods in them', () => {
    quota({ hard: { pods: '5' }, scopes: ['BestEffort'] });
    cluster.create('pods', podAsking('burstable', { cpu: '1' }));
    cluster.create('pods', pod('plain'));
    expect(used()).toEqual({ pods: '1' });
  });

  test('follows a change of its limits', () => {
    quota({ hard: { pods: '5' } });
    cluster.patch('resourcequotas', 'default', 'q', { spec: { hard: { pods: null, configmaps: '2' } } });
    expect(cluster.get('resourcequotas', 'default', 'q').status).toEqual({ hard: { configmaps: '2' }, used: { configmaps: '0' } });
  });
});

describe('endpoint slices', () => {
  const slice = () => {
    const name = cluster.names('endpointslices.discovery.k8s.io', 'default').find((one) => one.startsWith('s-'));
    return cluster.get('endpointslices.discovery.k8s.io', 'default', name ?? '');
  };
  const backend = (name: string, ip: string, ready: string) => {
    cluster.create('pods', pod(name, { nodeName: 'n1', containers: [{ name: 'a', image: 'i', ports: [{ name: 'http', containerPort: 8080 }] }] }, { labels: { app: 'x' } }));
    cluster.patch('pods', 'default', name, { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: ready }] } }, 'status');
  };
  beforeEach(() => {
    cluster.addNode(node('n1', { labels: { 'topology.kubernetes.io/zone': 'z' } }));
    cluster.run('endpoints-controller', 'endpointslice-controller', 'garbage-collector-controller');
    cluster.create('services', {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'default' },
      spec: { selector: { app: 'x' }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] },
    });
  });

  test('list the Pods of a Service, ready or not, with the ports behind its ports', () => {
    backend('p1', '10.1.0.1', 'True');
    backend('p2', '10.1.0.2', 'False');
    cluster.create('pods', pod('no-address', { nodeName: 'n1' }, { labels: { app: 'x' } }));
    const { uid } = cluster.get('services', 'default', 's').metadata;
    const endpoint = (name: string, ip: string, serving: boolean) => ({
      addresses: [ip], conditions: { ready: serving, serving, terminating: false }, nodeName: 'n1', zone: 'z',
      targetRef: { kind: 'Pod', namespace: 'default', name, uid: cluster.get('pods', 'default', name).metadata.uid },
    });
    expect(slice()).toMatchObject({
      metadata: {
        labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io', 'kubernetes.io/service-name': 's' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 's', uid, controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      endpoints: [endpoint('p1', '10.1.0.1', true), endpoint('p2', '10.1.0.2', false)],
      ports: [{ name: 'web', protocol: 'TCP', port: 8080 }],
    });
  });

  test('stand in an Endpoints object, too, the ready ones apart', () => {
    backend('p1', '10.1.0.1', 'True');
    backend('p2', '10.1.0.2', 'False');
    const address = (name: string, ip: string) => ({
      ip, nodeName: 'n1', targetRef: { kind: 'Pod', namespace: 'default', name, uid: cluster.get('pods', 'default', name).metadata.uid },
    });
    expect(cluster.get('endpoints', 'default', 's')).toMatchObject({
      metadata: { labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
      subsets: [{
        addresses: [address('p1', '10.1.0.1')], notReadyAddresses: [address('p2', '10.1.0.2')], ports: [{ name: 'web', port: 8080, protocol: 'TCP' }],
      }],
    });
    cluster.delete('services', 'default', 's');
    expect(cluster.names('endpoints')).toEqual(['kubernetes']);
  });

  test('mark Pods that terminate, drop those that have ended, and go with their Service', () => {
    backend('p1', '10.1.0.1', 'True');
    cluster.delete('pods', 'default', 'p1');
    expect(slice().endpoints[0]!.conditions).toEqual({ ready: false, serving: true, terminating: true });
    cluster.patch('pods', 'default', 'p1', { status: { phase: 'Succeeded' } }, 'status');
    expect(slice().endpoints ?? []).toEqual([]);
    cluster.delete('services', 'default', 's');
    expect(slice()).toBeUndefined();
  });
});

describe('claim protection', () => {
  test('holds a claim back until its last Pod has ended', () => {
    cluster.run('persistentvolumeclaim-protection-controller');
    cluster.create('persistentvolumeclaims', {
      apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    cluster.create('pods', pod('p', { nodeName: 'n1', volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }));
    cluster.delete('persistentvolumeclaims', 'default', 'c');
    expect(cluster.get('persistentvolumeclaims', 'default', 'c').metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    cluster.patch('pods', 'default', 'p', { status: { phase: 'Succeeded' } }, 'status');
    expect(cluster.names('persistentvolumeclaims')).toEqual([]);
  });
});

describe('pod address ranges', () => {
  test('are given out one by one and given out again', () => {
    cluster.run('node-ipam-controller');
    for (const name of ['n1', 'n2']) cluster.create('nodes', node(name));
    expect(['n1', 'n2'].map((name) => cluster.get('nodes', '', name).spec.podCIDRs)).toEqual([['10.244.0.0/24'], ['10.244.1.0/24']]);
  });

  test('are as wide as the Pods of a node need', () => {
    cluster.run('node-ipam-controller');
    cluster.create('nodes', node('small'));
    cluster.create('nodes', node('wide', { allocatable: { pods: '1000' } }));
    cluster.create('nodes', node('last'));
    expect(['small', 'wide', 'last'].map((name) => cluster.get('nodes', '', name).spec.podCIDR))
      .toEqual(['10.244.0.0/24', '10.244.4.0/22', '10.244.8.0/24']);
  });
});
