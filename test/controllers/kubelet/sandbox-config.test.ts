import { expect, test } from 'vitest';
import { expandSubPath } from '../../../src/controllers/kubelet/expansion.ts';
import { sandboxConfig } from '../../../src/controllers/kubelet/sandbox-config.ts';
import type { Pod, PodSpec } from '../../../src/schema/core/v1.ts';

function configOf(spec: Partial<PodSpec>) {
  const pod = { metadata: { name: 'p', namespace: 'ns', uid: 'u' }, spec: { containers: [], dnsPolicy: 'ClusterFirst', ...spec } };
  return sandboxConfig(pod as unknown as Pod, 0);
}

test('a Pod with a subdomain has a domain name, and its host name only when asked', () => {
  const domainName = 'web.svc.ns.svc.cluster.local';
  expect(configOf({ hostname: 'web', subdomain: 'svc' })).toMatchObject({ hostname: 'web', domainName });
  expect(configOf({ hostname: 'web', subdomain: 'svc', setHostnameAsFQDN: true })).toMatchObject({ hostname: domainName, domainName });
});

test('a host name that the kernel would not take is refused', () => {
  const fqdn = `${'w'.repeat(40)}.svc.ns.svc.cluster.local`;
  expect(configOf({ hostname: 'w'.repeat(40), subdomain: 'svc', setHostnameAsFQDN: true })).toBe(
    `failed to construct FQDN from Pod hostname and cluster domain, FQDN ${fqdn} is too long (64 characters is the max, 65 characters requested)`,
  );
});

test('dnsConfig adds servers and searches and replaces options of the policy', () => {
  const dnsConfig = { nameservers: ['9.9.9.9'], searches: ['x.example'], options: [{ name: 'ndots', value: '1' }, { name: 'edns0' }] };
  expect(configOf({ dnsConfig })).toMatchObject({
    dns: {
      nameservers: ['10.96.0.10', '9.9.9.9'], searches: ['ns.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'x.example'],
      options: ['ndots:1', 'edns0'],
    },
  });
  expect(configOf({ dnsPolicy: 'None', dnsConfig })).toMatchObject({
    dns: { nameservers: ['9.9.9.9'], searches: ['x.example'], options: ['ndots:1', 'edns0'] },
  });
});

test('a sub-path needs all its variables and stays in the volume', () => {
  const env = new Map([['A', 'a'], ['UP', '../x'], ['ROOT', '/x'], ['EMPTY', '']]);
  expect(expandSubPath('$(A)/b', env)).toBe('a/b');
  expect(() => expandSubPath('$(NOPE)/$(EMPTY)', env)).toThrow('missing value for EMPTY, NOPE');
  expect(() => expandSubPath('$(ROOT)', env)).toThrow('error SubPath `/x` must not be an absolute path');
  expect(() => expandSubPath('$(UP)', env)).toThrow("unable to provision SubPath `../x`: must not contain '..'");
});
