/**
 * The Pod Security Standards: each check looks at one thing of a pod and says in upstream's words what is wrong
 * (pod-security-admission/policy). `minor` is the version v1.minor that a namespace pinned; newest when it did not.
 */
import type { Container, PodSpec } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { appArmorContainerPrefix, annotation, seccompContainerPrefix, seccompPodAnnotation, type Annotations } from '../validation/pod/annotations.ts';
import { containersOf } from '../validation/pod/containers-of.ts';
import { keysOf } from '../validation/rules.ts';

export interface CheckedPod {
  readonly annotations: Annotations;
  readonly spec: PodSpec;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export interface Check {
  /** Also decides the order of violations. */
  readonly id: string;
  /** The first version that has the check. */
  readonly since: number;
  /** The weaker check that this one replaces. */
  readonly overrides?: string;
  run(pod: CheckedPod, minor: number): Violation | undefined;
}

export const containers = (spec: PodSpec): Container[] => [...containersOf(spec, '')].map(([container]) => container);
export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
export const joinQuoted = (items: readonly string[]): string => (items.length === 0 ? '' : `"${items.join('", "')}"`);
export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();
export const namesOf = (list: readonly Container[]): string => `${plural('container', 'containers', list.length)} ${joinQuoted(list.map(({ name }) => name))}`;
/** `pod and containers "a", "b"`: who set something. */
export const setters = (pod: boolean, list: readonly Container[]): string =>
  [...(pod ? ['pod'] : []), ...(list.length > 0 ? [namesOf(list)] : [])].join(' and ');
/** Pods in a user namespace of their own may be root in it (since v1.35). */
export const isRelaxed = ({ spec }: CheckedPod, minor: number): boolean => minor >= 35 && spec.hostUsers === false;

const defaultCapabilities = new Set([
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP',
  'SETUID', 'SYS_CHROOT',
]);
/** Safe sysctls and the version since which they are allowed. */
const safeSysctls = new Map([
  ['kernel.shm_rmid_forced', 0], ['net.ipv4.ip_local_port_range', 0], ['net.ipv4.tcp_syncookies', 0], ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0], ['net.ipv4.ip_local_reserved_ports', 27], ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29], ['net.ipv4.tcp_keepalive_intvl', 29], ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32], ['net.ipv4.tcp_wmem', 32],
]);

const isConfined = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';

export const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', since: 0, run: appArmorProfile },
  {
    id: 'capabilities_baseline',
    since: 0,
    run({ spec }) {
      const added = ({ securityContext }: Container) => (securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
      const bad = containers(spec).filter((container) => added(container).length > 0);
      return bad.length === 0 ? undefined : {
        reason: 'non-default capabilities',
        detail: `${namesOf(bad)} must not include ${joinQuoted(sorted(bad.flatMap(added)))} in securityContext.capabilities.add`,
      };
    },
  },
  {
    id: 'hostNamespaces',
    since: 0,
    run({ spec }) {
      const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((member) => spec[member]);
      return used.length === 0 ? undefined : { reason: 'host namespaces', detail: used.map((member) => `${member}=true`).join(', ') };
    },
  },
  {
    id: 'hostPathVolumes',
    since: 0,
    run({ spec }) {
      const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
      return bad.length === 0 ? undefined
        : { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', bad.length)} ${joinQuoted(bad)}` };
    },
  },
  { id: 'hostPorts', since: 0, run: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, run: probeHosts },
  {
    id: 'privileged',
    since: 0,
    run({ spec }) {
      const bad = containers(spec).filter(({ securityContext }) => securityContext?.privileged);
      return bad.length === 0 ? undefined : { reason: 'privileged', detail: `${namesOf(bad)} must not set securityContext.privileged=true` };
    },
  },
  { id: 'procMount', since: 0, run: (pod, minor) => (isRelaxed(pod, minor) ? undefined : procMount(pod)) },
  { id: 'seLinuxOptions', since: 0, run: seLinuxOptions },
  { id: 'seccompProfile_baseline', since: 0, run: (pod, minor) => (minor >= 19 ? unconfinedSeccomp(pod) : seccompAnnotations(pod)) },
  {
    id: 'sysctls',
    since: 0,
    run({ spec }, minor) {
      const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => (safeSysctls.get(name) ?? Infinity) > minor);
      return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  {
    id: 'windowsHostProcess',
    since: 0,
    run({ spec }) {
      const bad = containers(spec).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess);
      const who = setters(spec.securityContext?.windowsOptions?.hostProcess ?? false, bad);
      return who === '' ? undefined : { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
    },
  },
];

function appArmorProfile({ annotations, spec }: CheckedPod): Violation | undefined {
  const podType = spec.securityContext?.appArmorProfile?.type;
  const podIsBad = podType !== undefined && !isConfined(podType);
  const bad = containers(spec).filter(({ securityContext }) => securityContext?.appArmorProfile && !isConfined(securityContext.appArmorProfile.type));
  const values = sorted([...(podIsBad ? [podType] : []), ...bad.map(({ securityContext }) => securityContext!.appArmorProfile!.type)]);
  const badAnnotations = keysOf(annotations).filter((name) => name.startsWith(appArmorContainerPrefix)
    && !/^(|runtime\/default|localhost\/.*)$/s.test(annotations![name]!));
  const who = [setters(podIsBad, bad), ...(badAnnotations.length > 0 ? [plural('annotation', 'annotations', badAnnotations.length)] : [])]
    .filter((text) => text !== '').join(' and ');
  if (who === '') return undefined;
  const listed = [...values, ...badAnnotations.map((name) => `${name}=${quote(annotations![name]!)}`)];
  return {
    reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', listed.length),
    detail: `${who} must not set AppArmor profile type to ${joinQuoted(listed)}`,
  };
}

function hostPorts({ spec }: CheckedPod): Violation | undefined {
  const used = ({ ports = [] }: Container) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const bad = containers(spec).filter((container) => used(container).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sorted(bad.flatMap(used));
  return {
    reason: 'hostPort',
    detail: `${namesOf(bad)} ${plural('uses', 'use', bad.length)} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}`,
  };
}

/** Probes and hooks that make the kubelet talk to another host. */
function probeHosts({ spec }: CheckedPod): Violation | undefined {
  const hosts = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container) =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
      .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host]).filter((host) => host !== undefined && host !== '');
  const bad = containers(spec).filter((container) => hosts(container).length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (bad.length === 0) return undefined;
  const forbidden = sorted(bad.flatMap(hosts) as string[]);
  return {
    reason: 'probe or lifecycle host',
    detail: `${namesOf(bad)} ${plural('uses', 'use', bad.length)} `
      + `${plural('probe or lifecycle host', 'probe or lifecycle hosts', forbidden.length)} ${joinQuoted(forbidden)}`,
  };
}

export function procMount({ spec }: CheckedPod): Violation | undefined {
  const bad = containers(spec).filter(({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default');
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(({ securityContext }) => securityContext!.procMount!));
  return { reason: 'procMount', detail: `${namesOf(bad)} must not set securityContext.procMount to ${joinQuoted(types)}` };
}

function seLinuxOptions({ spec }: CheckedPod, minor: number): Violation | undefined {
  const allowed = ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])];
  const all = [spec.securityContext?.seLinuxOptions, ...containers(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)];
  const isBad = (options: (typeof all)[number]) => options !== undefined
    && (!allowed.includes(options.type ?? '') || Boolean(options.user) || Boolean(options.role));
  const who = setters(isBad(all[0]), containers(spec).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions)));
  if (who === '') return undefined;
  const types = sorted(all.flatMap((options) => (options && !allowed.includes(options.type ?? '') ? [options.type!] : [])));
  const data = [
    ...(types.length > 0 ? [`${plural('type', 'types', types.length)} ${joinQuoted(types)}`] : []),
    ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
    ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
  ];
  return { reason: 'seLinuxOptions', detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}` };
}

/** Profiles that are set to something else than a confining one. */
export function unconfinedSeccomp({ spec }: CheckedPod): Violation | undefined {
  const podType = spec.securityContext?.seccompProfile?.type;
  const podIsBad = podType !== undefined && !isConfined(podType);
  const bad = containers(spec).filter(({ securityContext }) => securityContext?.seccompProfile && !isConfined(securityContext.seccompProfile.type));
  const who = setters(podIsBad, bad);
  if (who === '') return undefined;
  const values = sorted([...(podIsBad ? [podType] : []), ...bad.map(({ securityContext }) => securityContext!.seccompProfile!.type)]);
  return { reason: 'seccompProfile', detail: `${who} must not set securityContext.seccompProfile.type to ${joinQuoted(values)}` };
}

function seccompAnnotations({ annotations, spec }: CheckedPod): Violation | undefined {
  const names = [seccompPodAnnotation, ...containers(spec).map(({ name }) => seccompContainerPrefix + name)];
  const bad = sorted(names.flatMap((name) => {
    const value = annotation(annotations, name);
    return value === undefined || /^(runtime\/default|docker\/default|localhost\/.*)$/s.test(value) ? [] : [`${name}=${quote(value)}`];
  }));
  return bad.length === 0 ? undefined
    : { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', 'annotations', bad.length)} ${bad.join(', ')}` };
}
