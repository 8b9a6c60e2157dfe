/** Ports of containers, and the host ports that must not clash. */
import type { Container, ContainerPort, PodSpec } from '../../../schema/core/v1.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { portName, portNum } from '../names.ts';
import { invalidForEach } from '../rules.ts';
import type { PodOptions } from './options.ts';

export const protocols = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(ports: readonly ContainerPort[] | undefined, path: string, errors: FieldError[]): void {
  const names = new Set<string>();
  ports?.forEach((port, i) => {
    const at = `${path}[${i}]`;
    if (port.name) validatePortName(port.name, names, `${at}.name`, errors);
    if (!port.containerPort) errors.push(required(`${at}.containerPort`));
    else invalidForEach(portNum(port.containerPort), port.containerPort, `${at}.containerPort`, errors);
    if (port.hostPort) invalidForEach(portNum(port.hostPort), port.hostPort, `${at}.hostPort`, errors);
    if (!port.protocol) errors.push(required(`${at}.protocol`));
    else if (!protocols.includes(port.protocol)) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols));
  });
}

function validatePortName(name: string, names: Set<string>, path: string, errors: FieldError[]): void {
  const texts = portName(name);
  invalidForEach(texts, name, path, errors);
  if (texts.length > 0) return;
  if (names.has(name)) errors.push(duplicate(path, name));
  names.add(name);
}

/** Host ports must be unique among containers that run together. */
export function validateHostPortConflicts(containers: readonly Container[], path: string, errors: FieldError[]): void {
  const taken = new Set<string>();
  containers.forEach((container, i) => container.ports?.forEach((port, j) => {
    if (!port.hostPort) return;
    const hostPort = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`;
    if (taken.has(hostPort)) errors.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, hostPort));
    taken.add(hostPort);
  }));
}

/** On the host's network a port is a host port; in a template it may still be left to defaulting. */
export function validateHostNetworkPorts(spec: PodSpec, path: string, errors: FieldError[], options: PodOptions): void {
  if (!spec.hostNetwork) return;
  spec.containers?.forEach((container, i) => container.ports?.forEach((port, j) => {
    const hostPort = port.hostPort ?? 0;
    if ((options.resourceIsPod || hostPort !== 0) && hostPort !== port.containerPort) {
      errors.push(invalid(`${path}.containers[${i}].ports[${j}].hostPort`, hostPort,
        'must match `containerPort` when `hostNetwork` is true'));
    }
  }));
}
