import { expect, test } from 'vitest';
import { podStrategy } from '../../../src/api/resources/pods.ts';
import type { StrategyContext } from '../../../src/api/strategy.ts';
import { Prng } from '../../../src/lib/prng.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { container, pod } from '../validation/pod-fixture.ts';

const context: StrategyContext = { now: Date.UTC(2026, 0, 1), random: new Prng(1), namespace: 'd', user: { name: 'u', groups: [] }, get: () => undefined, list: () => [] };

function created(spec: object, metadata: object = {}, status: object = {}) {
  const object = pod(spec, metadata, status);
  podStrategy.prepareForCreate!(object, context);
  return object;
}

test('a new Pod starts with a status of its own', () => {
  expect(created({}, { generation: 7 }, { phase: 'Running', podIP: '1.2.3.4' })).toMatchObject({
    metadata: { generation: 1 }, status: { phase: 'Pending', qosClass: 'BestEffort' },
  });
  expect(created({ schedulingGates: [{ name: 'g' }] }).status.conditions).toEqual([{
    type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  }]);
});

test('members of disabled features are dropped', () => {
  const { spec } = created({ schedulingGroup: { podGroupName: 'g' }, ...container({ lifecycle: { stopSignal: 'SIGINT' } }) });
  expect(spec.schedulingGroup).toBeUndefined();
  expect(spec.containers[0]!.lifecycle).toBeUndefined();
});

test('label keys become part of the selectors', () => {
  const term = { topologyKey: 'z', labelSelector: {}, matchLabelKeys: ['app', 'none'], mismatchLabelKeys: ['tenant'] };
  const { spec } = created({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
    { labels: { app: 'a', tenant: 't' } });
  expect(spec.affinity!.podAntiAffinity!.requiredDuringSchedulingIgnoredDuringExecution![0]!.labelSelector).toEqual({
    matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }, { key: 'tenant', operator: 'NotIn', values: ['t'] }],
  });
});

test('aliases agree after decoding', () => {
  expect(pod({ serviceAccount: 'old' }).spec).toMatchObject({ serviceAccountName: 'old', serviceAccount: 'old' });
  expect(pod({ serviceAccount: 'old', serviceAccountName: 'new' }).spec).toMatchObject({ serviceAccountName: 'new', serviceAccount: 'new' });
  expect(pod({ terminationGracePeriodSeconds: -5 }).spec.terminationGracePeriodSeconds).toBe(1);
  expect(pod({}, {}, { podIP: '1.1.1.1', podIPs: [{ ip: '2.2.2.2' }] }).status.podIPs).toEqual([{ ip: '1.1.1.1' }]);
  expect(pod({}, {}, { podIPs: [{ ip: '2.2.2.2' }] }).status.podIP).toBe('2.2.2.2');
});

test('the generation rises with the spec alone', () => {
  const old = deepFreeze(pod({}, { generation: 3 }));
  const generation = (next: ReturnType<typeof pod>) => {
    podStrategy.prepareForUpdate!(next, old, context);
    return next.metadata.generation;
  };
  expect(generation(pod({}, { generation: 3, labels: { a: 'b' } }, { phase: 'Failed' }))).toBe(3);
  expect(generation(pod({ activeDeadlineSeconds: 5 }, { generation: 3 }))).toBe(4);
});

test('a status keeps what its sender does not know', () => {
  const condition = (members: object) => ({ type: 'Ready', status: 'True', ...members });
  const old = deepFreeze(pod({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'K', name: 'n', uid: 'u' }] },
    { qosClass: 'BestEffort', observedGeneration: 2, conditions: [condition({ observedGeneration: 2 })] }));
  const next = pod({ nodeName: 'n' }, { labels: { a: 'b' } }, { phase: 'Running', conditions: [condition({ status: 'False' })] });
  podStrategy.subresources!['status']!.prepareForUpdate!(next, old, context);
  expect(next.spec).toBe(old.spec);
  expect(next.metadata).toMatchObject({ labels: { a: 'b' }, ownerReferences: old.metadata.ownerReferences });
  expect(next.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort', observedGeneration: 2, conditions: [{ status: 'False', observedGeneration: 2 }] });
});

test('a resize takes resources, from the same containers only', () => {
  const old = deepFreeze(pod({}, { labels: { a: 'b' } }));
  const next = pod({ hostname: 'h', ...container({ image: 'x', resources: { requests: { cpu: '1' } } }) }, { labels: { c: 'd' } });
  podStrategy.subresources!['resize']!.prepareForUpdate!(next, old, context);
  expect(next.spec).toEqual({ ...old.spec, containers: [{ ...old.spec.containers[0], resources: { requests: { cpu: '1' } } }] });
  expect(next.metadata.labels).toEqual({ a: 'b' });
});

test.each([
  [{}, undefined, {}, 0], [{ nodeName: 'n' }, undefined, {}, 30], [{ nodeName: 'n' }, 5, {}, 5], [{ nodeName: 'n' }, -1, {}, 1],
  [{ nodeName: 'n' }, 5, { phase: 'Succeeded' }, 0], [{ nodeName: 'n', terminationGracePeriodSeconds: 7 }, undefined, {}, 7],
])('the time to stop %j when asked for %s with status %j is %d s', (spec, requested, status, expected) => {
  expect(podStrategy.graceSecondsForDelete!(pod(spec, {}, status), requested)).toBe(expected);
});

test.each([
  [{}, { name: 'a.b' }, ["metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"]],
  [container({ env: [{ name: 'A', value: '1' }, { name: 'A', value: '$(A)2' }, { name: 'A', value: '3' }] }), {},
    ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply']],
  [container({ ports: [{ containerPort: 80, name: 'x' }, { containerPort: 80, name: 'x' }] }), {}, [
    'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
    'spec.containers[0].ports[1]: duplicate port name "x" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]']],
  [container({ ports: [{ containerPort: 80, hostIP: '1.1.1.1' }] }), {},
    ['spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.1.1.1}']],
  [{ volumes: [{ name: 'v', configMap: { name: 'c', items: [{ key: 'k', path: 'a' }, { key: 'l', path: 'a/b' }] } }] }, {},
    ['volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"']],
  [{ imagePullSecrets: [{ name: 'x' }, { name: 'x' }, {}], hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }, {}, [
    'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"', 'spec.imagePullSecrets[1].name: duplicate name "x"', 'spec.imagePullSecrets[2].name: invalid empty name ""']],
  [{ nodeSelector: { 'beta.kubernetes.io/os': 'linux' }, dnsConfig: { nameservers: ['FE80::1'] } }, {}, [
    'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    'spec.dnsConfig.nameservers[0]: IPv6 address "FE80::1" should be in RFC 5952 canonical format ("fe80::1")']],
  [container({ resources: { limits: { memory: '100m' } } }), {}, [
    'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
    'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer']],
  [{}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'runtime/default' } },
    ['metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: deprecated since v1.30; use the "appArmorProfile" field instead']],
])('warnings about %j', (spec, metadata, expected) => {
  expect(podStrategy.warningsOnCreate!(created(spec, metadata))).toEqual(expected);
});

test('fields that selectors see', () => {
  expect(podStrategy.selectableFields!(pod({ nodeName: 'n', hostNetwork: true }, {}, { podIP: '1.1.1.1', phase: 'Running' }))).toEqual({
    'spec.nodeName': 'n', 'spec.restartPolicy': 'Always', 'spec.schedulerName': 'default-scheduler', 'spec.serviceAccountName': '',
    'spec.hostNetwork': 'true', 'status.phase': 'Running', 'status.podIP': '1.1.1.1', 'status.nominatedNodeName': '',
  });
});
