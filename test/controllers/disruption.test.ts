import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectedPods, goSelector, type Scales } from '../../src/controllers/disruption-budget.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import type { PodDisruptionBudget } from '../../src/schema/policy/v1.ts';
import { pod } from './objects.ts';
import { TestCluster } from './test-cluster.ts';

const selector = { matchLabels: { app: 'x' } };
const budget = (spec: object): PodDisruptionBudget =>
  ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b', namespace: 'default' }, spec: { selector, ...spec } }) as unknown as PodDisruptionBudget;
const controlled = (name: string, kind: string, owner: string) =>
  ({ metadata: { name, ownerReferences: [{ apiVersion: 'apps/v1', kind, name: owner, uid: owner, controller: true }] } }) as unknown as Pod;

describe('what a budget expects', () => {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'd', controller: true };
  const scales: Scales = {
    replicationController: () => undefined,
    replicaSet: (name) => (name === 'rs-of-d' ? { uid: name, replicas: 2, controller: deployment } : { uid: name, replicas: 5 }),
    deployment: (name) => ({ uid: name, replicas: 7 }),
    statefulSet: () => undefined,
  };
  const pods = ['a', 'b', 'c'].map((name) => controlled(name, 'ReplicaSet', 'rs'));

  test('a number of Pods that must stay counts the Pods that are there', () => {
    expect(expectedPods(budget({ minAvailable: 2 }), pods, scales)).toEqual({ expectedPods: 3, desiredHealthy: 2, unmanaged: false });
  });

  test('percentages are of what the workloads want, rounded up', () => {
    expect(expectedPods(budget({ minAvailable: '50%' }), pods, scales)).toEqual({ expectedPods: 5, desiredHealthy: 3, unmanaged: false });
    expect(expectedPods(budget({ maxUnavailable: '50%' }), pods, scales)).toEqual({ expectedPods: 5, desiredHealthy: 2, unmanaged: false });
    expect(expectedPods(budget({ maxUnavailable: 9 }), pods, scales)).toEqual({ expectedPods: 5, desiredHealthy: 0, unmanaged: false });
  });

  test('a Deployment counts instead of its ReplicaSets', () => {
    expect(expectedPods(budget({ maxUnavailable: 1 }), [controlled('a', 'ReplicaSet', 'rs-of-d'), ...pods], scales))
      .toEqual({ expectedPods: 12, desiredHealthy: 11, unmanaged: false });
  });

  test('Pods of nobody, and of somebody unknown', () => {
    expect(expectedPods(budget({ maxUnavailable: 1 }), [{ metadata: { name: 'a' } } as Pod], scales))
      .toEqual({ expectedPods: 0, desiredHealthy: 0, unmanaged: true });
    expect(expectedPods(budget({ maxUnavailable: 1 }), [controlled('a', 'Odd', 'o')], scales)).toEqual({ error: 'found no controllers for pod "a"' });
  });

  test('selectors are printed as Go does', () => {
    expect(goSelector({ matchLabels: { b: '2', a: '1' }, matchExpressions: [{ key: 'k', operator: 'In', values: ['x', 'y'] }] }))
      .toBe('&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}');
  });
});

describe('the disruption controller (golden 23-services-leases-pdb)', () => {
  const budgets = 'poddisruptionbudgets.policy';
  let cluster: TestCluster;
  beforeEach(() => {
    cluster = new TestCluster().run('disruption-controller');
  });
  afterEach(() => cluster.close());

  const status = () => cluster.get(budgets, 'default', 'b').status;
  const runningPod = (name: string) => {
    cluster.create('pods', pod(name, { nodeName: 'n1' }, { labels: { app: 'x' } }));
    cluster.patch('pods', 'default', name, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }, 'status');
  };
  const condition = (value: string, reason: string, message = '') =>
    [{ type: 'DisruptionAllowed', status: value, observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z', reason, message }];

  test('allows what is more than must stay', () => {
    cluster.create(budgets, budget({ minAvailable: 1 }));
    expect(status()).toEqual({
      observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 1, expectedPods: 0,
      conditions: condition('False', 'InsufficientPods'),
    });
    expect(cluster.events('b')).toEqual(['Normal NoPods: No matching pods found']);
    runningPod('z1');
    runningPod('z2');
    expect(status()).toEqual({
      observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2,
      conditions: condition('True', 'SufficientPods'),
    });
  });

  test('follows an eviction and refuses the next', () => {
    cluster.create(budgets, budget({ minAvailable: 1 }));
    runningPod('z1');
    runningPod('z2');
    cluster.submit({ verb: 'evict', namespace: 'default', name: 'z1' });
    expect(status()).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 1, expectedPods: 2 });
    expect(status().disruptedPods).toBeUndefined();
    expect(() => cluster.submit({ verb: 'evict', namespace: 'default', name: 'z2' })).toThrow("Cannot evict pod as it would violate the pod's disruption budget.");
  });

  test('forgets an announced eviction that does not come within two minutes', () => {
    cluster.create(budgets, budget({ minAvailable: 1 }));
    runningPod('z1');
    runningPod('z2');
    cluster.patch(budgets, 'default', 'b', { status: { disruptedPods: { z1: '2026-01-01T00:00:00Z' } } }, 'status');
    expect(status()).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 1, disruptedPods: { z1: '2026-01-01T00:00:00Z' } });
    cluster.advance(121_000);
    expect(status()).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 2 });
    expect(cluster.events('z1')).toEqual(["Warning NotDeleted: Pod was expected by PDB default/default to be deleted but it wasn't"]);
  });

  test('allows nothing while it cannot tell', () => {
    cluster.create(budgets, budget({ maxUnavailable: 1 }));
    cluster.create('pods', pod('z1', {}, { labels: { app: 'x' }, ownerReferences: [{ apiVersion: 'v1', kind: 'Odd', name: 'o', uid: 'o', controller: true }] }));
    expect(status()).toMatchObject({ disruptionsAllowed: 0, conditions: condition('False', 'SyncFailed', 'found no controllers for pod "z1"') });
  });

  test('says so when a stored selector is none', () => {
    const bad = budget({ minAvailable: 1, selector: { matchLabels: { app: 'not valid' } } });
    const stored = { ...bad, metadata: { ...bad.metadata, generation: 1, uid: 'u', resourceVersion: String(cluster.store.revision + 1) }, status: { disruptionsAllowed: 1, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } };
    cluster.store.create(`/${budgets}/default/b`, stored as never);
    cluster.advance(0);
    const fault = 'values[0][app]: Invalid value: "not valid": a valid label must be an empty string or consist of alphanumeric characters, \'-\', \'_\' or \'.\', '
      + "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    expect(status()).toMatchObject({ disruptionsAllowed: 0, conditions: [{ status: 'False', reason: 'SyncFailed', message: fault }] });
    expect(cluster.events('b')).toEqual([`Warning NoPods: Failed to get pods: ${fault}`]);
  });

  test('clears DisruptionTarget of a Pod that is still there after two minutes', () => {
    runningPod('p');
    const target = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting', lastTransitionTime: '2026-01-01T00:00:00Z' };
    cluster.patch('pods', 'default', 'p', { status: { conditions: [target] } }, 'status');
    cluster.advance(119_000);
    expect(cluster.get('pods', 'default', 'p').status.conditions[0]!.status).toBe('True');
    cluster.advance(1000);
    expect(cluster.get('pods', 'default', 'p').status.conditions).toEqual([
      { type: 'DisruptionTarget', observedGeneration: 1, status: 'False', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:02:00Z' },
    ]);
  });
});
