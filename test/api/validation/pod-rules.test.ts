import { expect, test } from 'vitest';
import { validatePodCreate } from '../../../src/api/validation/pod/pod.ts';
import { container, pod, texts } from './pod-fixture.ts';

/** What is sent in the spec, and what is wrong with it. */
const cases: readonly (readonly [title: string, spec: object, ...expected: string[]])[] = [
  ['a Pod with one container is fine', {}],
  ['a second volume source is surplus', { volumes: [{ name: 'v', emptyDir: {}, downwardAPI: {} }] },
    'spec.volumes[0].downwarAPI: Forbidden: may not specify more than 1 volume type'],
  ['a mount of an invalid volume is not found', { volumes: [{ name: 'v', hostPath: { path: '' } }],
    ...container({ volumeMounts: [{ name: 'v', mountPath: '/m' }] }) },
  'spec.volumes[0].hostPath.path: Required value', 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ['projected targets must differ', { serviceAccountName: 's', volumes: [{ name: 'v', projected: { sources: [
    { secret: { name: 's', items: [{ key: 'k', path: 'a' }] } }, { configMap: { name: 'c', items: [{ key: 'k', path: 'a' }] } }] } }] },
  'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths'],
  ['a divisor must fit its resource', container({ env: [{ name: 'E', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } }] }),
    'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource'],
  ['labels are read one by one', container({ env: [{ name: 'E', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } }] }),
    "spec.containers[0].env[0].valueFrom.fieldRef: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"],
  ['huge pages need cpu or memory and come in whole pages', container({ resources: { limits: { 'hugepages-2Mi': '3Mi' } } }),
    'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    'spec.containers[0].resources: Forbidden: HugePages require cpu or memory'],
  ['a container may not exceed its pod', { resources: { limits: { cpu: '1' } }, ...container({ resources: { limits: { cpu: '2' } } }) },
    'spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1'],
  ['a sleep fits into the grace period', { terminationGracePeriodSeconds: 5, ...container({ lifecycle: { preStop: { sleep: { seconds: 6 } } } }) },
    'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 6: must be non-negative and less than terminationGracePeriodSeconds (5)'],
  ['sysctls of a shared namespace belong to the host', { hostNetwork: true, securityContext: { sysctls: [{ name: 'net/ipv4/x', value: '1' }] } },
    'spec.securityContext.sysctls[0].name: Invalid value: "net/ipv4/x": may not be specified when \'hostNetwork\' is true'],
  ['Windows pods have no Linux options', { os: { name: 'windows' }, hostPID: true, ...container({ securityContext: { privileged: true } }) },
    'spec.hostPID: Forbidden: cannot be set for a windows pod', 'spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod'],
  ['a Windows user is written without strange characters', container({ securityContext: { windowsOptions: { runAsUserName: 'a\\b\\c' } } }),
    'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash'],
  ['addresses are written strictly', { hostAliases: [{ ip: '010.0.0.1' }, { ip: '::ffff:10.0.0.1' }, { ip: 'x' }] },
    'spec.hostAliases[0].ip: Invalid value: "010.0.0.1": must not have leading 0s',
    'spec.hostAliases[1].ip: Invalid value: "::ffff:10.0.0.1": must not be an IPv4-mapped IPv6 address',
    'spec.hostAliases[2].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ['a key may be matched by the pod or by the selector, not both', { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'z',
    whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['k'], labelSelector: { matchLabels: { k: 'v' }, matchExpressions: [{ key: 'k', operator: 'Exists' }] } }] },
  'spec.topologySpreadConstraints[0][0]: Invalid value: "k": exists in both matchLabelKeys and labelSelector'],
];

for (const [title, spec, ...expected] of cases) {
  test(title, () => {
    expect(texts(validatePodCreate(pod(spec)))).toEqual(expected);
  });
}

test('a legacy volume keeps its odd paths', () => {
  const spec = { volumes: [{ name: 'v', gcePersistentDisk: { pdName: '', partition: 300 } }] };
  expect(texts(validatePodCreate(pod(spec)))).toEqual([
    'spec.volumes[0].persistentDisk.pdName: Required value',
    'spec.volumes[0].persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive',
  ]);
});

test('an annotation named like a member of every object is just an annotation', () => {
  const annotations = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
  expect(texts(validatePodCreate(pod({}, { annotations }))).filter((text) => !text.includes('__proto__'))).toEqual([]);
});
