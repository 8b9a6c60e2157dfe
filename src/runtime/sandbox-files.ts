/** The files that a sandbox gives to its containers: /etc/hosts and /etc/resolv.conf (pkg/kubelet/kubelet_pods.go). */
import type { SandboxState } from './sandbox.ts';

const fixedHosts = '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n'
  + 'fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';

export function hostsText({ ips, config }: SandboxState): string {
  const { hostname, domainName, hostAliases = [] } = config;
  const own = ips.map((ip) => `${ip}\t${domainName === undefined ? '' : `${domainName}\t`}${domainName === hostname ? '' : hostname}`.trimEnd()).map((line) => `${line}\n`);
  const aliases = hostAliases.map(({ ip, hostnames }) => `${ip}\t${hostnames.join('\t')}\n`);
  return fixedHosts + own.join('') + (aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '');
}

export function resolvText({ config }: SandboxState): string {
  const { nameservers, searches, options } = config.dns ?? {
    nameservers: ['10.96.0.10'], searches: [`${config.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'], options: ['ndots:5'],
  };
  return (searches.length > 0 ? `search ${searches.join(' ')}\n` : '') + nameservers.map((server) => `nameserver ${server}\n`).join('')
    + (options.length > 0 ? `options ${options.join(' ')}\n` : '');
}
