/** What the sandbox of a Pod is told: its names and its DNS (kubelet_pods.go GeneratePodHostNameAndDomain, network/dns/dns.go GetPodDNS). */
import type { Pod, PodSpec } from '../../schema/core/v1.ts';
import type { SandboxConfig } from '../../runtime/runtime.ts';

type Dns = NonNullable<SandboxConfig['dns']>;

const clusterDomain = 'cluster.local';
const hostnameLengthMax = 63;
const kernelHostnameLengthMax = 64;
const nameserversMax = 3;
const clusterNameserver = '10.96.0.10';
/** What the emulated nodes have in their own resolv.conf. */
const hostDns: Dns = { nameservers: ['10.0.2.3'], searches: [], options: [] };

/** A text is the reason why there can be no sandbox. */
export function sandboxConfig(pod: Pod, attempt: number): SandboxConfig | string {
  const { metadata, spec } = pod;
  const name = metadata.name ?? '';
  const namespace = metadata.namespace ?? '';
  const short = shortHostname(pod);
  const domainName = spec.subdomain && !spec.hostnameOverride && !spec.hostNetwork ? `${short}.${spec.subdomain}.${namespace}.svc.${clusterDomain}` : undefined;
  const hostname = spec.setHostnameAsFQDN && domainName !== undefined ? domainName : short;
  if (hostname.length > kernelHostnameLengthMax) {
    return `failed to construct FQDN from Pod hostname and cluster domain, FQDN ${hostname} is too long `
      + `(${kernelHostnameLengthMax} characters is the max, ${hostname.length} characters requested)`;
  }
  const { runAsUser, runAsGroup } = spec.securityContext ?? {};
  return {
    podUid: metadata.uid!, namespace, name, attempt, hostNetwork: spec.hostNetwork ?? false, hostname,
    shareProcessNamespace: spec.shareProcessNamespace ?? false,
    ...(domainName === undefined ? {} : { domainName }),
    hostAliases: (spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames })),
    dns: podDns(spec, namespace),
    ...(runAsUser === undefined ? {} : { runAsUser }), ...(runAsGroup === undefined ? {} : { runAsGroup }),
    annotations: metadata.annotations ?? {}, labels: metadata.labels ?? {},
  };
}

/** In the network of the node, a Pod has the node's name. */
function shortHostname({ metadata, spec }: Pod): string {
  if (spec.hostNetwork) return spec.nodeName ?? '';
  return spec.hostnameOverride || spec.hostname || (metadata.name ?? '').slice(0, hostnameLengthMax).replace(/[-.]+$/, '');
}

function podDns(spec: PodSpec, namespace: string): Dns {
  const base = policyDns(spec, namespace);
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {};
  const own = new Map(options.map(({ name = '', value }) => [name, value ? `${name}:${value}` : name]));
  const kept = base.options.filter((option) => !own.has(option.split(':')[0]!));
  return {
    nameservers: [...new Set([...base.nameservers, ...nameservers])].slice(0, nameserversMax),
    searches: [...new Set([...base.searches, ...searches])],
    options: [...kept, ...own.values()],
  };
}

/** In the network of the node, ClusterFirst means the node's DNS. */
function policyDns({ dnsPolicy, hostNetwork = false }: PodSpec, namespace: string): Dns {
  if (dnsPolicy === 'None') return { nameservers: [], searches: [], options: [] };
  if (dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork)) return hostDns;
  return {
    nameservers: [clusterNameserver], searches: [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain, ...hostDns.searches],
    options: ['ndots:5'],
  };
}
