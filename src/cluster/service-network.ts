/**
 * Services and cluster DNS as programs in Pods see them: a Service's address leads to a ready endpoint, its names to its
 * address, those of a headless Service to its endpoints. Everything is looked up when asked for, in EndpointSlices as
 * kube-proxy and CoreDNS do; nothing is kept.
 */
import type { Protocol } from '../programs/network.ts';
import type { ApiPort } from '../api/port.ts';
import type { Service } from '../schema/core/v1.ts';
import type { EndpointSlice } from '../schema/discovery/v1.ts';

const clusterDomain = 'cluster.local';

export interface Address {
  readonly ip: string;
  readonly port: number;
}

/** Where a connection to the address of a Service goes: undefined when there is no such Service, `refused` without endpoints. */
export function routeOf(port: ApiPort, ip: string, number: number, protocol: Protocol = 'TCP'): Address | 'refused' | undefined {
  const service = port.lister<Service>('services').list().find(({ spec }) => spec?.clusterIP === ip || spec?.clusterIPs?.includes(ip));
  if (!service) return undefined;
  const wanted = service.spec?.ports?.find((one) => one.port === number && (one.protocol ?? 'TCP') === protocol);
  for (const { endpoints, ports } of wanted ? slicesOf(port, service.metadata.namespace ?? '', service.metadata.name ?? '') : []) {
    const target = ports?.find(({ name = '' }) => name === (wanted?.name ?? ''))?.port;
    const ready = endpoints?.find(({ conditions }) => conditions?.ready !== false);
    if (target !== undefined && ready) return { ip: ready.addresses[0]!, port: target };
  }
  return 'refused';
}

/** The address of a fully written name; search domains are the resolver's business. */
export function resolveName(port: ApiPort, name: string): string | undefined {
  const labels = name.replace(/\.$/, '').split('.');
  const service = labels.slice(-5);
  if (service.length < 5 || service.slice(2).join('.') !== `svc.${clusterDomain}`) return undefined;
  const [serviceName = '', namespace = ''] = service;
  const found = port.lister<Service>('services').get(namespace, serviceName);
  if (!found) return undefined;
  const ready = slicesOf(port, namespace, serviceName).flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  if (labels.length === 6) return ready.find(({ hostname }) => hostname === labels[0])?.addresses[0];
  if (labels.length !== 5) return undefined;
  const { clusterIP = '' } = found.spec ?? {};
  return clusterIP === 'None' || clusterIP === '' ? ready[0]?.addresses[0] : clusterIP;
}

const slicesOf = (port: ApiPort, namespace: string, service: string): readonly EndpointSlice[] =>
  port.lister<EndpointSlice>('endpointslices.discovery.k8s.io').list(namespace).filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service);
