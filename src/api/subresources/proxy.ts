/** `proxy` of Pods, Services and nodes: HTTP through the API server to what listens there. */
import type { Endpoints, Pod, Service } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { badRequest, notFound, serviceUnavailable } from '../errors.ts';
import type { ProxyTarget } from '../node-connector.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import type { Services } from '../services.ts';

interface ProxyPath {
  /** The path of the request up to and with `proxy`. */
  readonly prefix: string;
  /** What follows; empty when not even a slash does. */
  readonly below: string;
}

export function proxyPath(path: string): ProxyPath {
  const [, prefix = path, below = ''] = /^(.*?\/(?:pods|services|nodes)\/[^/]+\/proxy)(\/.*)?$/.exec(path) ?? [];
  return { prefix, below };
}

/** Where `[scheme:]name[:port]` of a resource points to. Throws ApiError. */
export function proxyTarget(services: Services, def: ResourceDef, namespace: string, text: string): ProxyTarget {
  const { scheme, name, port } = splitName(text);
  const object = services.store.get(storageKey(def, namespace, name))?.value;
  if (!object) throw notFound(def.groupResource, name);
  if (def.resource === 'nodes') return { kind: 'node', node: object };
  if (def.resource === 'services') return { kind: 'address', scheme, ...endpoint(services, object, port, text) };
  const { podIP } = (object as unknown as Pod).status;
  if (!podIP) throw badRequest('address not allowed');
  return { kind: 'address', scheme, ip: podIP, port: podPort(object, port) };
}

function podPort(object: KubeObject, port: string): number {
  const { spec } = object as unknown as Pod;
  const number = port === '' ? spec.containers.flatMap(({ ports }) => ports ?? [])[0]?.containerPort ?? 80 : Number(port);
  if (!Number.isInteger(number)) throw badRequest(`invalid port ${JSON.stringify(port)}`);
  return number;
}

/** An endpoint of a Service by port number or name; without one, the port without a name is meant (service/rest ResourceLocation). */
function endpoint({ store, registry }: Services, object: KubeObject, port: string, text: string): { ip: string; port: number } {
  const { metadata, spec } = object as unknown as Service;
  const { name = '', namespace = '' } = metadata;
  const numbered = /^\d+$/.test(port) ? (spec?.ports ?? []).find((one) => one.port === Number(port)) : undefined;
  if (/^\d+$/.test(port) && !numbered) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const wanted = numbered ? numbered.name ?? '' : port;
  const endpoints = store.get(storageKey(registry.byName('endpoints')!, namespace, name))?.value as Endpoints | undefined;
  for (const { addresses = [], ports = [] } of endpoints?.subsets ?? []) {
    const found = ports.find((one) => (one.name ?? '') === wanted);
    if (addresses[0] && found) return { ip: addresses[0].ip, port: found.port };
  }
  throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(text)}`);
}

function splitName(text: string): { scheme: 'http' | 'https'; name: string; port: string } {
  const parts = text.split(':');
  if (parts.length === 1) return { scheme: 'http', name: text, port: '' };
  if (parts.length === 2) return { scheme: 'http', name: parts[0]!, port: parts[1]! };
  if (parts.length === 3 && (parts[0] === 'http' || parts[0] === 'https')) return { scheme: parts[0], name: parts[1]!, port: parts[2]! };
  throw badRequest(`invalid request ${JSON.stringify(text)}`);
}

/** The 503 for a target that does not answer. */
export const proxyFailed = (why: string) => serviceUnavailable(`error trying to reach service: ${why}`);
