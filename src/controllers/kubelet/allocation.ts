/**
 * What the Pods of a node were given of its resources, and what their running containers really have: admission and
 * in-place resize (allocation/allocation_manager.go).
 */
import type { Clock } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { Container, Node, Pod, PodCondition, ResourceRequirements } from '../../schema/core/v1.ts';
import { formatTime } from '../../schema/values/time.ts';
import { podInfo, type HostPort } from '../scheduler/pod-info.ts';
import { addAmounts, noAmounts, type Amounts } from '../scheduler/resources.ts';
import { admissionRejection, outOfResources, type NodeUsage, type Rejection } from './admission.ts';
import { initContainersOf } from './pod-containers.ts';
import type { PodEvents } from './pod-events.ts';
import { withResources } from './pod-resources.ts';
import type { PodView } from './pod-view.ts';

export interface AllocationOptions {
  readonly clock: Clock;
  readonly events: PodEvents;
  readonly node: () => Node | undefined;
}

type Resources = ReadonlyMap<string, ResourceRequirements>;

interface Entry {
  allocated: Resources;
  /** What counts as used on the node; undefined once the Pod has ended. */
  held: { readonly requests: Amounts; readonly hostPorts: readonly HostPort[] } | undefined;
  /** By container; what an instance was started with or resized to. */
  readonly actuated: Map<string, ResourceRequirements>;
  pending?: PodCondition;
  inProgress?: PodCondition;
}

export class Allocation {
  readonly #options: AllocationOptions;
  readonly #entries = new Map<string, Entry>();
  /** The sum of what is held. */
  readonly #used: Amounts = noAmounts();
  #pods = 0;
  readonly #hostPorts = new Set<HostPort>();

  constructor(options: AllocationOptions) {
    this.#options = options;
  }

  /** Takes a new Pod in, or says why not. */
  admit(pod: Pod): Rejection | undefined {
    const rejection = admissionRejection(pod, this.#options.node(), this.#usage());
    if (rejection) return rejection;
    const entry: Entry = { allocated: resourcesOf(pod), held: undefined, actuated: new Map() };
    this.#entries.set(pod.metadata.uid!, entry);
    this.#hold(entry, pod);
    return undefined;
  }

  /** The Pod with the resources that it was given, which are not yet those of its spec while a resize is pending. */
  allocatedPod<P extends Pod>(pod: P): P {
    const entry = this.#entries.get(pod.metadata.uid!);
    return entry && !isAllocated(entry.allocated, pod) ? withResources(pod, entry.allocated) as P : pod;
  }

  /** Tries to give Pods what their specs ask for now. Returns those whose resize state has changed. */
  retryResizes(pods: Iterable<Pod>): Pod[] {
    const changed: Pod[] = [];
    for (const pod of pods) {
      const entry = this.#entries.get(pod.metadata.uid!);
      if (!entry) continue;
      if (this.allocatedPod(pod) === pod) {
        delete entry.pending;
        continue;
      }
      if (entry.held && this.#resize(pod, entry)) changed.push(pod);
    }
    return changed;
  }

  get hasPending(): boolean {
    return [...this.#entries.values()].some(({ pending }) => pending !== undefined);
  }

  conditions(podUid: string): PodCondition[] {
    const entry = this.#entries.get(podUid);
    return [entry?.pending, entry?.inProgress].filter((c) => c !== undefined);
  }

  /** What running containers really have. */
  actuated(podUid: string): Resources {
    return this.#entries.get(podUid)?.actuated ?? new Map();
  }

  /** A container starts with what was allocated. */
  started(pod: Pod, container: Container): void {
    this.#entries.get(pod.metadata.uid!)?.actuated.set(container.name, container.resources ?? {});
  }

  /** Whether the container runs with other resources than it was given. */
  differs(pod: Pod, container: Container): boolean {
    const actuated = this.actuated(pod.metadata.uid!).get(container.name);
    return actuated !== undefined && !equal(actuated, container.resources ?? {});
  }

  /** Whether what differs can only be given to a new instance. */
  needsRestart(pod: Pod, container: Container): boolean {
    if (!this.differs(pod, container)) return false;
    const before = this.actuated(pod.metadata.uid!).get(container.name)!;
    return (container.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer'
      && (['requests', 'limits'] as const).some((side) => before[side]?.[resourceName] !== container.resources?.[side]?.[resourceName]));
  }

  /** Resizes running containers in place. Returns whether any had to be. */
  actuate(pod: Pod, view: PodView): boolean {
    const running = new Set(view.containers.filter(({ state }) => state === 'running').map(({ config }) => config.name));
    const resized = [...initContainersOf(pod), ...pod.spec.containers].filter((c) => running.has(c.name) && this.differs(pod, c) && !this.needsRestart(pod, c));
    for (const container of resized) this.started(pod, container);
    return resized.length > 0;
  }

  /** Begins or ends PodResizeInProgress as the running containers show it. */
  observe(pod: Pod, view: PodView): void {
    const entry = this.#entries.get(pod.metadata.uid!);
    if (!entry) return;
    const differs = [...initContainersOf(pod), ...pod.spec.containers].some((container) => this.differs(pod, container)
      && view.containers.some(({ config, state }) => config.name === container.name && state === 'running'));
    if (differs) {
      entry.inProgress ??= this.#condition('PodResizeInProgress', pod);
    } else if (entry.inProgress) {
      const generation = entry.inProgress.observedGeneration ?? 0;
      delete entry.inProgress;
      this.#options.events.pod(pod, 'Normal', 'ResizeCompleted', `Pod resize completed: ${summary(pod, generation)}`);
    }
  }

  /** The Pod has ended: what it held is free again. */
  release(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (entry) this.#free(entry);
  }

  /** A Pod that has ended is no longer resized. */
  clearConditions(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (!entry) return;
    delete entry.pending;
    delete entry.inProgress;
  }

  forget(podUid: string): void {
    this.release(podUid);
    this.#entries.delete(podUid);
  }

  #resize(pod: Pod, entry: Entry): boolean {
    const { events, node } = this.#options;
    const generation = pod.metadata.generation ?? 0;
    const before = this.allocatedPod(pod);
    this.#free(entry);
    const rejection = node() && outOfResources(pod, node()!, this.#usage());
    this.#hold(entry, rejection ? before : pod);
    if (!rejection) {
      entry.allocated = resourcesOf(pod);
      delete entry.pending;
      entry.inProgress = this.#condition('PodResizeInProgress', pod);
      events.pod(pod, 'Normal', 'ResizeStarted', `Pod resize started: ${summary(pod, generation)}`);
      return true;
    }
    const pending = entry.pending;
    entry.pending = this.#condition('PodResizePending', pod, 'Deferred', rejection.message);
    if (pending?.observedGeneration === generation) {
      entry.pending.lastTransitionTime = pending.lastTransitionTime;
      return pending.message !== rejection.message;
    }
    events.pod(pod, 'Warning', 'ResizeDeferred', `Pod resize ${rejection.reason}: ${summary(pod, generation, rejection.message)}`);
    return true;
  }

  #usage(): NodeUsage {
    return { requests: this.#used, pods: this.#pods, hostPorts: [...this.#hostPorts] };
  }

  #hold(entry: Entry, pod: Pod): void {
    const { requests, hostPorts } = podInfo(pod);
    entry.held = { requests, hostPorts };
    addAmounts(this.#used, requests, 1);
    this.#pods++;
    for (const port of hostPorts) this.#hostPorts.add(port);
  }

  #free(entry: Entry): void {
    if (!entry.held) return;
    addAmounts(this.#used, entry.held.requests, -1);
    this.#pods--;
    for (const port of entry.held.hostPorts) this.#hostPorts.delete(port);
    entry.held = undefined;
  }

  #condition(type: string, pod: Pod, reason?: string, message?: string): PodCondition {
    const now = formatTime(this.#options.clock.now());
    return {
      type, observedGeneration: pod.metadata.generation ?? 0, status: 'True', lastProbeTime: now, lastTransitionTime: now,
      ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }),
    };
  }
}

const resourcesOf = (pod: Pod): Resources =>
  new Map([...initContainersOf(pod), ...pod.spec.containers].map(({ name, resources }) => [name, resources ?? {}]));

/** Whether a Pod's spec asks for what was allocated. */
function isAllocated(allocated: Resources, pod: Pod): boolean {
  const asked = resourcesOf(pod);
  return asked.size === allocated.size && [...asked].every(([name, resources]) => equal(resources, allocated.get(name)));
}

/** The resources of a spec, as resize events print them (kubelet/events/resize.go). */
function summary(pod: Pod, generation: number, error?: string): string {
  const of = (containers: readonly Container[]) => containers.map(({ name, resources }) => ({ name, resources: resources ?? {} }));
  const inits = initContainersOf(pod);
  return JSON.stringify({
    ...(inits.length > 0 ? { initContainers: of(inits) } : {}), containers: of(pod.spec.containers), generation, ...(error === undefined ? {} : { error }),
  });
}
