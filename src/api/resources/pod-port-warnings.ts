/** Warnings about ports that are defined twice or share a name, over all containers of a pod. */
import type { ContainerPort, PodSpec } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { containersOf } from '../validation/pod/containers-of.ts';

export function portWarnings(spec: PodSpec, specPath: string): string[] {
  const ports = [...containersOf(spec, specPath)].flatMap(([container, path]) =>
    (container.ports ?? []).map((port, i): [ContainerPort, string] => [port, `${path}.ports[${i}]`]));
  return [...definitionWarnings(ports), ...nameWarnings(ports)];
}

function definitionWarnings(ports: readonly [ContainerPort, string][]): string[] {
  const warnings: string[] = [];
  ports.forEach(([port, path], i) => {
    if (port.hostIP && !port.hostPort) warnings.push(`${path}: hostIP set without hostPort: ${goPort(port)}`);
    for (const [other, otherPath] of ports.slice(0, i)) {
      if (other.containerPort !== port.containerPort || other.protocol !== port.protocol) continue;
      const relation = relationOf(port, other);
      if (relation) warnings.push(`${path}: ${relation} port definition with ${otherPath}`);
    }
  });
  return warnings;
}

/** How two definitions of one container port get in each other's way. */
function relationOf(port: ContainerPort, other: ContainerPort): string | undefined {
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [hostIP, otherHostIP] = [port.hostIP ?? '', other.hostIP ?? ''];
  if (hostPort === otherHostPort && hostIP === otherHostIP) return 'duplicate';
  if (hostPort === 0 || otherHostPort === 0) return 'overlapping';
  return hostPort === otherHostPort && (hostIP === '') !== (otherHostIP === '') ? 'dangerously ambiguous' : undefined;
}

/** Go's `%+v` of the struct. */
function goPort({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function nameWarnings(ports: readonly [ContainerPort, string][]): string[] {
  const first = new Map<string, string>();
  return ports.flatMap(([{ name }, path]) => {
    if (!name) return [];
    const other = first.get(name);
    if (other !== undefined) {
      return [`${path}: duplicate port name ${quote(name)} with ${other}, services and probes that select ports by name will use ${other}`];
    }
    first.set(name, path);
    return [];
  });
}
