/** Rows of Services, endpoints, Ingresses and addresses. */
import type { Endpoints, Service, ServicePort } from '../../schema/core/v1.ts';
import type { EndpointSlice } from '../../schema/discovery/v1.ts';
import type { IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR } from '../../schema/networking/v1.ts';
import { formatLabelSelector, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { ageOf, firstThree, labelsText, nameOf, orNone, printer, sortedSet, type Loose, type Printers } from './cells.ts';

export const networkingPrinters: Printers = {
  '/Service': printer<Service>((service, now) => {
    const { spec } = service;
    return [
      nameOf(service), spec?.type ?? '', orNone(spec?.clusterIPs?.[0]), externalIP(service),
      orNone((spec?.ports ?? []).map(portText).join(',')), ageOf(service, now), labelsText(spec?.selector),
    ];
  }),
  '/Endpoints': printer<Endpoints>((endpoints, now) => [nameOf(endpoints), endpointsText(endpoints), ageOf(endpoints, now)]),
  'discovery.k8s.io/EndpointSlice': printer<EndpointSlice>((slice, now) => {
    const ports = (slice.ports ?? []).map((port) => (typeof port.port === 'number' ? String(port.port) : port.name ?? '*'));
    const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []);
    return [nameOf(slice), slice.addressType ?? '', firstThree(ports) || '<unset>', firstThree(addresses) || '<unset>', ageOf(slice, now)];
  }),
  'networking.k8s.io/Ingress': printer<Ingress>((ingress, now) => [
    nameOf(ingress), ingress.spec?.ingressClassName ?? '<none>', ingressHosts(ingress),
    loadBalancerAddresses(ingress.status?.loadBalancer?.ingress).join(','), ingress.spec?.tls?.length ? '80, 443' : '80', ageOf(ingress, now),
  ]),
  'networking.k8s.io/IngressClass': printer<IngressClass>((ingressClass, now) => {
    const { controller, parameters } = ingressClass.spec ?? {};
    const isDefault = ingressClass.metadata?.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
    const kind = parameters?.apiGroup ? `${parameters.kind}.${parameters.apiGroup}` : parameters?.kind;
    return [
      `${nameOf(ingressClass)}${isDefault ? ' (default)' : ''}`, controller ?? '',
      parameters ? `${kind}/${parameters.name}` : '<none>', ageOf(ingressClass, now),
    ];
  }),
  'networking.k8s.io/NetworkPolicy': printer<NetworkPolicy>((policy, now) => [
    nameOf(policy), formatLabelSelector((policy.spec?.podSelector ?? {}) as LabelSelectorObject), ageOf(policy, now),
  ]),
  'networking.k8s.io/ServiceCIDR': printer<ServiceCIDR>((range, now) => [nameOf(range), (range.spec?.cidrs ?? []).join(','), ageOf(range, now)]),
  // Upstream gives an age that no column is declared for.
  'networking.k8s.io/IPAddress': printer<IPAddress>((address, now) => [nameOf(address), parentText(address), ageOf(address, now)]),
};

function externalIP({ spec, status }: Loose<Service>): string {
  const external = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'ClusterIP': case 'NodePort':
      return orNone(external.join(','));
    case 'ExternalName':
      return spec.externalName ?? '';
    case 'LoadBalancer':
      return [...loadBalancerAddresses(status?.loadBalancer?.ingress), ...external].join(',') || '<pending>';
    default:
      return '<unknown>';
  }
}

function portText({ port, nodePort, protocol }: Loose<ServicePort>): string {
  return nodePort ? `${port ?? 0}:${nodePort}/${protocol ?? ''}` : `${port ?? 0}/${protocol ?? ''}`;
}

function loadBalancerAddresses(ingress: readonly { readonly ip?: string | null; readonly hostname?: string | null }[] | null | undefined): string[] {
  return sortedSet((ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((address) => address !== ''));
}

function endpointsText({ subsets }: Loose<Endpoints>): string {
  if (!subsets?.length) return '<none>';
  return firstThree(subsets.flatMap(({ addresses, ports }) => {
    const ips = (addresses ?? []).map(({ ip }) => ip ?? '');
    if (!ports?.length) return ips;
    return ports.flatMap(({ port }) => ips.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)));
  }));
}

/** The first three hosts; rules without a host are counted all the same once there are three. */
function ingressHosts({ spec }: Loose<Ingress>): string {
  const rules = spec?.rules ?? [];
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === 3) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return more ? `${hosts.join(',')} + ${rules.length - 3} more...` : hosts.join(',');
}

function parentText({ spec }: Loose<IPAddress>): string {
  const parent = spec?.parentRef;
  if (!parent) return '<none>';
  const resource = (parent.group ? `${parent.resource}.${parent.group}` : parent.resource ?? '').toLowerCase();
  return [resource, ...(parent.namespace ? [parent.namespace] : []), parent.name ?? ''].join('/');
}
