/** The variables that Services give to containers (kubelet/envvars). */
import type { Pod, Service } from '../../schema/core/v1.ts';
import type { ApiPort } from '../../api/port.ts';
import type { KubeObject } from '../../schema/objects.ts';

/** Those of the Pod's namespace, when it wants them, and always those of the API itself. */
export function serviceEnv(port: ApiPort, pod: Pod): Map<string, string> {
  const services = port.lister<Service & KubeObject>('services');
  const own = pod.spec.enableServiceLinks === false ? [] : services.list(pod.metadata.namespace);
  const api = services.get('default', 'kubernetes');
  const env = new Map<string, string>();
  for (const service of api && !own.includes(api) ? [api, ...own] : own) {
    const ip = service.spec.clusterIP;
    if (ip === undefined || ip === '' || ip === 'None') continue;
    addService(env, service, ip.includes(':') ? `[${ip}]` : ip, ip);
  }
  return env;
}

function addService(env: Map<string, string>, service: Service, urlHost: string, ip: string): void {
  const prefix = (service.metadata.name ?? '').toUpperCase().replaceAll('-', '_');
  const ports = service.spec.ports ?? [];
  const [first] = ports;
  if (!first) return;
  env.set(`${prefix}_SERVICE_HOST`, ip);
  env.set(`${prefix}_SERVICE_PORT`, String(first.port));
  for (const { name, port } of ports) {
    if (name !== undefined && name !== '') env.set(`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(port));
  }
  ports.forEach(({ protocol = 'TCP', port }, i) => {
    const lower = protocol.toLowerCase();
    const portPrefix = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    const url = `${lower}://${urlHost}:${port}`;
    if (i === 0) env.set(`${prefix}_PORT`, url);
    env.set(portPrefix, url);
    env.set(`${portPrefix}_PROTO`, lower);
    env.set(`${portPrefix}_PORT`, String(port));
    env.set(`${portPrefix}_ADDR`, ip);
  });
}
