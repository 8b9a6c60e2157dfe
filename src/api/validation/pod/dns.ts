/** `spec.dnsPolicy`, `spec.dnsConfig`, host aliases and the pod's host name. */
import type { HostAlias, PodDNSConfig, PodSpec } from '../../../schema/core/v1.ts';
import { forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../../field-error.ts';
import { validateIP } from '../ip-addresses.ts';
import { dns1123Subdomain, dns1123SubdomainWithUnderscore } from '../names.ts';
import { invalidForEach } from '../rules.ts';

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
/** Limits of name resolution in Linux' libc. */
const nameserversMax = 3;
const searchPathsMax = 32;
const searchListBytesMax = 2048;
const hostnameOverrideBytesMax = 64;

export function validateDNSPolicy(policy: string | undefined, path: string, errors: FieldError[]): void {
  if (!policy) errors.push(required(path));
  else if (!policies.includes(policy)) errors.push(notSupported(path, policy, policies));
}

export function validateDNSConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: string, errors: FieldError[]): void {
  if (policy === 'None') {
    if (!config) {
      errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (!config.nameservers?.length) {
      errors.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
      return;
    }
  }
  const { nameservers = [], searches = [], options = [] } = config ?? {};
  if (nameservers.length > nameserversMax) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${nameserversMax} nameservers`));
  }
  nameservers.forEach((server, i) => validateIP(server, `${path}.nameservers[${i}]`, errors));
  if (searches.length > searchPathsMax) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${searchPathsMax} search paths`));
  }
  if (Buffer.byteLength(searches.join(' ')) > searchListBytesMax) {
    errors.push(invalid(`${path}.searches`, searches,
      `must not have more than ${searchListBytesMax} characters (including spaces) in the search list`));
  }
  searches.forEach((search, i) => {
    if (search === '.') return;
    const domain = search.endsWith('.') ? search.slice(0, -1) : search;
    invalidForEach(dns1123SubdomainWithUnderscore(domain), domain, `${path}.searches[${i}]`, errors);
  });
  options.forEach((option, i) => {
    if (!option.name) errors.push(required(`${path}.options[${i}]`, 'must not be empty'));
  });
}

export function validateHostAliases(aliases: readonly HostAlias[] | undefined, path: string, errors: FieldError[]): void {
  aliases?.forEach((alias, i) => {
    validateIP(alias.ip, `${path}[${i}].ip`, errors);
    alias.hostnames?.forEach((name, j) => invalidForEach(dns1123Subdomain(name), name, `${path}[${i}].hostnames[${j}]`, errors));
  });
}

export function validateHostnameOverride(spec: PodSpec, specPath: string, errors: FieldError[]): void {
  const name = spec.hostnameOverride;
  if (name === undefined) return;
  const path = `${specPath}.hostnameOverride`;
  if (spec.setHostnameAsFQDN) errors.push(forbidden(path, 'may not be specified when setHostnameAsFQDN is true'));
  if (spec.hostNetwork) errors.push(forbidden(path, 'may not be specified when hostNetwork is true'));
  if (Buffer.byteLength(name) > hostnameOverrideBytesMax) errors.push(tooLong(path, hostnameOverrideBytesMax));
  invalidForEach(dns1123Subdomain(name), name, path, errors);
}
