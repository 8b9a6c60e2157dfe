/** `proxy` of Pods, Services and nodes: HTTP through the API server to what listens there. */
import type { Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { badRequest, notFound, serviceUnavailable } from '../errors.ts';
import type { ProxyTarget } from '../node-connector.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import type { Services } from '../services.ts';

/** Where `[scheme:]name[:port]` of a resource points to. Throws ApiError. */
export function proxyTarget(services: Services, def: ResourceDef, namespace: string, text: string): ProxyTarget {
  const { scheme, name, port } = splitName(text);
  const object = services.store.get(storageKey(def, namespace, name))?.value;
  if (!object) throw notFound(def.groupResource, name);
  if (def.resource === 'services') return { kind: 'service', service: object, port, scheme };
  if (def.resource === 'nodes') return { kind: 'node', node: object, port, scheme };
  return { kind: 'pod', pod: object, port: podPort(object, port), scheme };
}

function podPort(object: KubeObject, port: string): number {
  const { spec, status } = object as unknown as Pod;
  if (!status.podIP) throw badRequest('address not allowed');
  const number = port === '' ? spec.containers.flatMap(({ ports }) => ports ?? [])[0]?.containerPort ?? 80 : Number(port);
  if (!Number.isInteger(number)) throw badRequest(`invalid port ${JSON.stringify(port)}`);
  return number;
}

function splitName(text: string): { scheme: 'http' | 'https'; name: string; port: string } {
  const parts = text.split(':');
  if (parts.length === 1) return { scheme: 'http', name: text, port: '' };
  if (parts.length === 2) return { scheme: 'http', name: parts[0]!, port: parts[1]! };
  if (parts.length === 3 && (parts[0] === 'http' || parts[0] === 'https')) return { scheme: parts[0], name: parts[1]!, port: parts[2]! };
  throw badRequest(`invalid request ${JSON.stringify(text)}`);
}

/** The 503 for a target that does not answer. */
export const proxyFailed = (why: string) => serviceUnavailable(why);
