/** What the kubelet last saw of a Pod in the runtime: a snapshot that does not change until the next look. */
import type { Container as SpecContainer, Pod } from '../../schema/core/v1.ts';
import type { Container, Sandbox } from '../../runtime/runtime.ts';

export interface PodView {
  /** Newest first. */
  readonly sandboxes: readonly Sandbox[];
  /** All instances, newest first; what the sync of one container looks at is the first of its name. */
  readonly containers: readonly Container[];
  /** Addresses of the ready sandbox; those of the last one when none is ready. */
  readonly ips: readonly string[];
}

export const emptyView: PodView = { sandboxes: [], containers: [], ips: [] };

/** The newest instance of a container, or undefined when the runtime has none. */
export function newestInstance(view: PodView, name: string): Container | undefined {
  return view.containers.find((container) => container.config.name === name);
}

/** Init containers, sidecars and regular containers of the spec that run. */
export function runningContainers({ spec }: Pod, view: PodView): SpecContainer[] {
  const running = new Set(view.containers.filter(({ state }) => state === 'running').map(({ config }) => config.name));
  return [...spec.initContainers ?? [], ...spec.containers].filter(({ name }) => running.has(name));
}

export interface SandboxChange {
  readonly createSandbox: boolean;
  readonly attempt: number;
  /** The sandbox to work with or to replace; undefined when there never was one. */
  readonly sandboxId: string | undefined;
}

/** Whether the Pod needs a new sandbox (kuberuntime/util PodSandboxChanged). */
export function sandboxChange(pod: Pod, view: PodView): SandboxChange {
  const newest = view.sandboxes[0];
  if (!newest) return { createSandbox: true, attempt: 0, sandboxId: undefined };
  const ready = view.sandboxes.filter((sandbox) => sandbox.state === 'ready').length;
  const lostNetwork = !pod.spec.hostNetwork && newest.ips.length === 0;
  if (ready > 1 || newest.state !== 'ready' || lostNetwork) {
    return { createSandbox: true, attempt: newest.attempt + 1, sandboxId: newest.id };
  }
  return { createSandbox: false, attempt: newest.attempt, sandboxId: newest.id };
}

/** Whether a regular container of the current sandbox exists, dead or alive. */
export function hasActiveRegularContainer(pod: Pod, view: PodView): boolean {
  const newest = view.sandboxes[0];
  if (newest?.state !== 'ready') return false;
  return view.containers.some((c) => c.sandboxId === newest.id && pod.spec.containers.some((main) => main.name === c.config.name));
}

/** Whether a regular container was ever created, in whatever sandbox. */
export function hasAnyRegularContainerCreated(pod: Pod, view: PodView): boolean {
  return pod.spec.containers.some((container) => newestInstance(view, container.name) !== undefined);
}
