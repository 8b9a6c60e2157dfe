import { expect, test } from 'vitest';
import { podSecurity } from '../../../src/api/admission/pod-security.ts';
import { pod, run } from './admission-fixture.ts';

const label = (name: string) => `pod-security.kubernetes.io/${name}`;
const namespace = (labels: Record<string, string>) => ({
  namespaces: [{ metadata: { name: 'd', labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [label(name), value])) } }],
});
const container = (members: object) => ({ containers: [{ name: 'a', image: 'i', ...members }] });
const safe = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  ...container({ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }) };

/** Details of what the level says about a pod, without the frame around them. */
function violations(level: string, spec: object, version = 'latest', metadata: object = {}): string | undefined {
  const { refusal } = run(podSecurity, { object: pod(spec, metadata) }, namespace({ enforce: level, 'enforce-version': version }));
  return refusal?.replace(`pods "p" is forbidden: violates PodSecurity "${level}:${version}": `, '');
}

test.each([
  [{}, undefined],
  [{ hostNetwork: true, hostPID: true }, 'host namespaces (hostNetwork=true, hostPID=true)'],
  [container({ securityContext: { capabilities: { add: ['SYS_TIME', 'NET_ADMIN', 'CHOWN'] } } }),
    'non-default capabilities (container "a" must not include "NET_ADMIN", "SYS_TIME" in securityContext.capabilities.add)'],
  [{ volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'hostPath volumes (volume "v")'],
  [container({ ports: [{ containerPort: 1, hostPort: 80 }, { containerPort: 2, hostPort: 443 }] }), 'hostPort (container "a" uses hostPorts 443, 80)'],
  [container({ livenessProbe: { httpGet: { port: 1, host: 'x' } } }), 'probe or lifecycle host (container "a" uses probe or lifecycle host "x")'],
  [container({ securityContext: { procMount: 'Unmasked' } }), 'procMount (container "a" must not set securityContext.procMount to "Unmasked")'],
  [{ securityContext: { seLinuxOptions: { type: 'x', user: 'u' } } },
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "x"; user may not be set)'],
  [{ securityContext: { seccompProfile: { type: 'Unconfined' } } },
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'],
  [{ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }, 'forbidden sysctls (kernel.msgmax)'],
  [{ securityContext: { windowsOptions: { hostProcess: true } } },
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)'],
  [{ securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")'],
])('baseline about %j', (spec, expected) => {
  expect(violations('baseline', spec)).toBe(expected);
});

test.each([
  [safe, undefined],
  [{ ...safe, volumes: [{ name: 'v', nfs: {} }, { name: 'w', hostPath: {} }] },
    'restricted volume types (volumes "v", "w" use restricted volume types "hostPath", "nfs")'],
  [{ ...safe, securityContext: { ...safe.securityContext, runAsUser: 0 } }, 'runAsUser=0 (pod must not set runAsUser=0)'],
  [{ ...safe, securityContext: { ...safe.securityContext, runAsNonRoot: false } },
    'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)'],
])('restricted about %#', (spec, expected) => {
  expect(violations('restricted', spec)).toBe(expected);
});

test('a user namespace excuses root, and old versions know fewer rules', () => {
  const root = { ...safe, securityContext: { ...safe.securityContext, runAsUser: 0 } };
  expect(violations('restricted', { ...root, hostUsers: false })).toBeUndefined();
  expect(violations('restricted', { ...root, hostUsers: false }, 'v1.30')).toContain('runAsUser=0');
  expect(violations('restricted', root, 'v1.22')).toBeUndefined();
  expect(violations('baseline', container({ livenessProbe: { httpGet: { port: 1, host: 'x' } } }), 'v1.33')).toBeUndefined();
});

test('old annotations count', () => {
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' };
  expect(violations('baseline', {}, 'latest', { annotations }))
    .toBe('forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a="unconfined"")');
});

test('a bad label enforces the strictest level, and cannot be set', () => {
  expect(run(podSecurity, { object: pod() }, namespace({ enforce: 'x' })).code).toBe(403);
  const bad = namespace({ 'warn-version': 'new' }).namespaces[0]!;
  expect(run(podSecurity, { resource: 'namespaces', kind: 'Namespace', namespace: '', name: 'd', object: bad }).refusal)
    .toBe('Namespace "d" is invalid: metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "new": must be "latest" or "v1.x"');
});

test('templates are only warned of, and by what is enforced when no warning is asked for', () => {
  const write = { group: 'apps', resource: 'deployments', kind: 'Deployment', object: { metadata: { name: 'x' }, spec: { template: pod({ hostPID: true }) } } };
  expect(run(podSecurity, write, namespace({ enforce: 'baseline' }))).toMatchObject({
    refusal: undefined, warnings: ['would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)'],
  });
});

test('updates that change no image pass, others are judged', () => {
  const write = (image: string) => ({ operation: 'UPDATE' as const, object: pod({ hostPID: true, ...container({ image }) }), oldObject: pod({ hostPID: true }) });
  expect(run(podSecurity, write('i'), namespace({ enforce: 'baseline' })).code).toBeUndefined();
  expect(run(podSecurity, write('j'), namespace({ enforce: 'baseline' })).code).toBe(403);
});

test('a stricter namespace warns of the pods it has', () => {
  const write = { operation: 'UPDATE' as const, resource: 'namespaces', kind: 'Namespace', namespace: '', name: 'd',
    object: namespace({ enforce: 'baseline' }).namespaces[0]!, oldObject: { metadata: { name: 'd' } } };
  const pods = ['z', 'b', 'c'].map((name) => pod({ hostPID: true }, { name }));
  expect(run(podSecurity, write, { pods: [...pods, pod()] }).warnings).toEqual([
    'existing pods in namespace "d" violate the new PodSecurity enforce level "baseline:latest"', 'b (and 2 other pods): host namespaces',
  ]);
});
