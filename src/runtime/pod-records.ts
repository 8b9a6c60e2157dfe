/** The sandboxes and containers of a node, by id and by Pod. */
import type { ContainerState } from './container.ts';
import type { SandboxState } from './sandbox.ts';

interface PodRecord {
  sandboxes: readonly SandboxState[];
  containers: readonly ContainerState[];
}

const empty: PodRecord = { sandboxes: [], containers: [] };

export class PodRecords {
  readonly sandboxes = new Map<string, SandboxState>();
  readonly containers = new Map<string, ContainerState>();
  readonly #pods = new Map<string, PodRecord>();

  /** Newest first. */
  of(podUid: string): Readonly<PodRecord> {
    return this.#pods.get(podUid) ?? empty;
  }

  podUids(): readonly string[] {
    return [...this.#pods.keys()];
  }

  /** The container, if it runs. */
  running(containerId: string): ContainerState | undefined {
    const container = this.containers.get(containerId);
    return container?.state === 'running' ? container : undefined;
  }

  addSandbox(sandbox: SandboxState): void {
    this.sandboxes.set(sandbox.id, sandbox);
    const pod = this.of(sandbox.podUid);
    this.#set(sandbox.podUid, { ...pod, sandboxes: [sandbox, ...pod.sandboxes] });
  }

  addContainer(container: ContainerState): void {
    this.containers.set(container.id, container);
    const pod = this.of(container.config.podUid);
    this.#set(container.config.podUid, { ...pod, containers: [container, ...pod.containers] });
  }

  removeSandbox(sandbox: SandboxState): void {
    this.sandboxes.delete(sandbox.id);
    const pod = this.of(sandbox.podUid);
    this.#set(sandbox.podUid, { ...pod, sandboxes: pod.sandboxes.filter((other) => other !== sandbox) });
  }

  removeContainer(container: ContainerState): void {
    this.containers.delete(container.id);
    const pod = this.of(container.config.podUid);
    this.#set(container.config.podUid, { ...pod, containers: pod.containers.filter((other) => other !== container) });
  }

  clear(): void {
    this.sandboxes.clear();
    this.containers.clear();
    this.#pods.clear();
  }

  #set(podUid: string, pod: PodRecord): void {
    if (pod.sandboxes.length === 0 && pod.containers.length === 0) this.#pods.delete(podUid);
    else this.#pods.set(podUid, pod);
  }
}
