import { expect, test } from 'vitest';
import { defaultTolerationSeconds } from '../../../src/api/admission/default-toleration-seconds.ts';
import { namespaceLifecycle } from '../../../src/api/admission/namespace-lifecycle.ts';
import { podResizeValidator } from '../../../src/api/admission/pod-resize-validator.ts';
import { podTopologyLabels } from '../../../src/api/admission/pod-topology-labels.ts';
import { priority } from '../../../src/api/admission/priority.ts';
import { runtimeClass } from '../../../src/api/admission/runtime-class.ts';
import { serviceAccount } from '../../../src/api/admission/service-account.ts';
import { taintNodesByCondition } from '../../../src/api/admission/taint-nodes-by-condition.ts';
import { named, pod, run } from './admission-fixture.ts';

const accounts = { serviceaccounts: [named('default'), named('quiet', { automountServiceAccountToken: false })] };

test('a Pod is created in a namespace that exists and is not going', () => {
  expect(run(namespaceLifecycle, { object: pod() }).refusal).toBe('namespaces "d" not found');
  expect(run(namespaceLifecycle, { object: pod() }, { namespaces: [named('d')] }).refusal).toBeUndefined();
  const going = { namespaces: [named('d', { status: { phase: 'Terminating' } })] };
  expect(run(namespaceLifecycle, { object: pod() }, going).refusal)
    .toBe('pods "p" is forbidden: unable to create new content in namespace d because it is being terminated');
  expect(run(namespaceLifecycle, { object: pod(), operation: 'UPDATE' }, going).refusal).toBeUndefined();
});

test('the namespaces of the cluster itself stay', () => {
  const remove = (name: string) => run(namespaceLifecycle, { operation: 'DELETE', resource: 'namespaces', kind: 'Namespace', namespace: '', name });
  expect(remove('kube-system').refusal).toBe('namespaces "kube-system" is forbidden: this namespace may not be deleted');
  expect(remove('kube-node-lease').refusal).toBeUndefined();
});

test('the token is mounted where nothing else is', () => {
  const path = '/var/run/secrets/kubernetes.io/serviceaccount';
  const { object } = run(serviceAccount, { object: pod({ containers: [{ name: 'a' }, { name: 'b', volumeMounts: [{ name: 'own', mountPath: path }] }] }) }, accounts);
  const { volumes, containers, serviceAccountName } = object['spec'] as { volumes: { name: string }[]; containers: unknown[]; serviceAccountName: string };
  const volume = volumes[0]!.name;
  expect(serviceAccountName).toBe('default');
  expect(volume).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(containers).toEqual([
    { name: 'a', volumeMounts: [{ name: volume, readOnly: true, mountPath: path }] },
    { name: 'b', volumeMounts: [{ name: 'own', mountPath: path }] },
  ]);
});

test('an account may keep its token to itself, and a Pod may insist', () => {
  const mounts = (spec: object) => (run(serviceAccount, { object: pod({ serviceAccountName: 'quiet', ...spec }) }, accounts).object['spec'] as { volumes?: unknown[] }).volumes?.length;
  expect(mounts({})).toBeUndefined();
  expect(mounts({ automountServiceAccountToken: true })).toBe(1);
});

test('an unknown account and a mirror pod with one are refused', () => {
  expect(run(serviceAccount, { object: pod({ serviceAccountName: 'x' }) }, accounts).refusal)
    .toBe('pods "p" is forbidden: error looking up service account d/x: serviceaccount "x" not found');
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'm' } };
  expect(run(serviceAccount, { object: pod({}, mirror) }, accounts).refusal).toBeUndefined();
  expect(run(serviceAccount, { object: pod({ serviceAccountName: 'default' }, mirror) }, accounts).refusal)
    .toBe('pods "p" is forbidden: a mirror pod may not reference service accounts');
});

test('an account can limit the secrets of its pods', () => {
  const strict = { serviceaccounts: [{ metadata: { name: 'default', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } }, secrets: [{ name: 'mine' }] }] };
  const withSecret = (name: string) => pod({ containers: [{ name: 'a', env: [{ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } }] }] });
  expect(run(serviceAccount, { object: withSecret('mine') }, strict).refusal).toBeUndefined();
  expect(run(serviceAccount, { object: withSecret('other') }, strict).refusal).toBe('pods "p" is forbidden: container a with envVar E '
    + 'referencing secret.secretName="other" is not allowed because service account default does not reference that secret');
});

test('a priority comes from a class, of defaults the lowest', () => {
  const classes = { 'priorityclasses.scheduling.k8s.io': [
    named('high', { value: 9, globalDefault: true }), named('low', { value: 3, globalDefault: true, preemptionPolicy: 'Never' })] };
  expect(run(priority, { object: pod() }).object['spec']).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  expect(run(priority, { object: pod() }, classes).object['spec']).toMatchObject({ priorityClassName: 'low', priority: 3, preemptionPolicy: 'Never' });
  expect(run(priority, { object: pod({ priorityClassName: 'none' }) }, classes).refusal)
    .toBe('pods "p" is forbidden: no PriorityClass with name none was found');
  const old = pod({ priority: 3, preemptionPolicy: 'Never' });
  expect(run(priority, { operation: 'UPDATE', object: pod(), oldObject: old }, classes).object['spec']).toMatchObject(old.spec);
});

test('tolerations of unready nodes are added unless something covers them', () => {
  const after = (tolerations: object[]) => (run(defaultTolerationSeconds, { object: pod({ tolerations }) }).object['spec'] as { tolerations: { key: string }[] }).tolerations.map(({ key }) => key);
  expect(after([])).toEqual(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);
  expect(after([{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }])).toEqual(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);
  expect(after([{ operator: 'Exists' }])).toEqual([undefined]);
});

test('a runtime class brings overhead, and tolerations that another does not cover', () => {
  const classes = { 'runtimeclasses.node.k8s.io': [named('rc', { overhead: { podFixed: { cpu: '10m' } },
    scheduling: { nodeSelector: { k: 'v' }, tolerations: [{ key: 's', operator: 'Exists' }] } })] };
  const { object } = run(runtimeClass, { object: pod({ runtimeClassName: 'rc', tolerations: [{ key: 's', operator: 'Equal', value: 'x' }] }) }, classes);
  expect(object['spec']).toMatchObject({ overhead: { cpu: '10m' }, nodeSelector: { k: 'v' }, tolerations: [{ key: 's', operator: 'Exists' }] });
  expect(run(runtimeClass, { object: pod({ overhead: { cpu: '1' } }) }).refusal)
    .toBe('pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
});

test('zone and region follow from the node', () => {
  const nodes = { nodes: [{ metadata: { name: 'n', labels: { 'topology.kubernetes.io/zone': 'z', other: 'o' } } }] };
  const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
  expect(run(podTopologyLabels, { subresource: 'binding', object: binding }, nodes).object.metadata.labels).toEqual({ 'topology.kubernetes.io/zone': 'z' });
});

test('a new node is not ready', () => {
  const { object } = run(taintNodesByCondition, { resource: 'nodes', kind: 'Node', namespace: '', object: named('n') });
  expect(object['spec']).toEqual({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] });
});

test('a Pod does not grow beyond its node', () => {
  const nodes = { nodes: [named('n', { status: { allocatable: { cpu: '1', memory: '1Gi' } } })] };
  const sized = (cpu: string, generation: number) => pod({ nodeName: 'n', containers: [{ name: 'a', resources: { requests: { cpu } } }] }, { generation });
  const resize = { operation: 'UPDATE', subresource: 'resize', oldObject: sized('500m', 1) } as const;
  expect(run(podResizeValidator, { ...resize, object: sized('1', 2) }, nodes).refusal).toBeUndefined();
  expect(run(podResizeValidator, { ...resize, object: sized('2', 2) }, nodes).refusal)
    .toBe('pods "p" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 2000, allocatable: 1000');
});
