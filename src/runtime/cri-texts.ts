/** containerd's words for what it refuses. */
import type { Container, SandboxConfig } from './runtime.ts';

export function notFound(id: string): string {
  return `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`;
}

export function notRunning(container: Container | undefined, id: string): string {
  if (!container) return notFound(id);
  return `rpc error: code = Unknown desc = container is in ${criState(container)} state`;
}

/** `id` is the container that would join the processes of `target`. */
export function targetNotRunning(id: string, target: Container): string {
  return `failed to generate container "${id}" spec: failed to apply OCI options: invalid target container: container "${target.id}" is not running - in state ${criState(target)}`;
}

/** CRI's name for the state of a container that does not run. */
const criState = ({ state }: Container): string => (state === 'exited' ? 'CONTAINER_EXITED' : 'CONTAINER_CREATED');

export function noAddress(config: SandboxConfig, cidr: string): string {
  return `rpc error: code = Unknown desc = failed to setup network for sandbox of pod "${config.name}_${config.namespace}": failed to allocate for range 0: no IP addresses available in range set: ${cidr}`;
}
