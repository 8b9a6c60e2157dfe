/**
 * What the Pods of a node were given of its resources, and what their running containers really have: admission and
 * in-place resize (allocation/allocation_manager.go). With the emulated node's configuration (no swap, no static CPU or
 * memory manager) a resize is never Infeasible: one beyond the node is refused by the API, one beyond what is free now is Deferred.
 */
import type { Clock } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { Container, Node, Pod, PodCondition } from '../../schema/core/v1.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { podInfo, type HostPort } from '../scheduler/pod-info.ts';
import { addAmounts, noAmounts, type Amounts } from '../scheduler/resources.ts';
import { admissionRejection, type NodeUsage, type Rejection } from './admission.ts';
import { shrinkRefusal } from './memory-limits.ts';
import { PendingResizes } from './pending-resizes.ts';
import type { PodEvents } from './pod-events.ts';
import { equalResources, greaterResources, resourcesOf, resourcesSummary, withResources, type PodResources } from './pod-resources.ts';
import { runningContainers, type PodView } from './pod-view.ts';
import { resizeCondition } from './resize-condition.ts';

export interface AllocationOptions {
  readonly clock: Clock;
  readonly events: PodEvents;
  readonly checkpoint: AllocationCheckpoint;
  readonly node: () => Node | undefined;
  /** The Pod as it is now at the API. */
  readonly pod: (podUid: string) => Pod | undefined;
  /** The Pod got another size, or waits for one for another reason. */
  readonly onResize: (podUid: string) => void;
}

interface Checkpoint {
  allocated: PodResources;
  /** What instances were started with or resized to. */
  actuated: PodResources;
}

/** The node's files about its Pods, by uid; they outlive the kubelet process. */
export type AllocationCheckpoint = Map<string, Checkpoint>;

interface Entry {
  readonly kept: Checkpoint;
  /** What counts as used on the node; undefined once the Pod has ended. */
  held: { readonly requests: Amounts; readonly hostPorts: readonly HostPort[] } | undefined;
  pending?: PodCondition;
  inProgress?: PodCondition;
}

/** What a resize in place did. */
export interface Actuation {
  /** Those that have other resources now. */
  readonly containers: readonly Container[];
  readonly changed: boolean;
  readonly failed: boolean;
}

const unchanged: Actuation = { containers: [], changed: false, failed: false };
const nothing: PodResources = { pod: undefined, containers: new Map() };

export class Allocation {
  readonly #options: AllocationOptions;
  readonly #entries = new Map<string, Entry>();
  /** The sum of what is held. */
  readonly #used: Amounts = noAmounts();
  #pods = 0;
  readonly #hostPorts = new Set<HostPort>();
  readonly #resizes: PendingResizes;

  constructor(options: AllocationOptions) {
    this.#options = options;
    this.#resizes = new PendingResizes({
      clock: options.clock, pod: options.pod, onChange: options.onResize,
      increases: (pod) => this.#increases(pod),
      attempt: (pod) => this.#attempt(pod),
      pendingSince: (podUid) => {
        const since = this.#entries.get(podUid)?.pending?.lastTransitionTime;
        return since ? timeToMs(since) : undefined;
      },
    });
  }

  /** Takes a Pod in, with what an earlier kubelet gave it, or says why not. */
  admit(pod: Pod): Rejection | undefined {
    const { checkpoint, node } = this.#options;
    const uid = pod.metadata.uid!;
    const kept = checkpoint.get(uid) ?? { allocated: resourcesOf(pod), actuated: nothing };
    const given = withResources(pod, kept.allocated);
    const rejection = admissionRejection(given, node(), this.#usage());
    if (rejection) return rejection;
    checkpoint.set(uid, kept);
    const entry: Entry = { kept, held: undefined };
    this.#entries.set(uid, entry);
    this.#hold(entry, given);
    return undefined;
  }

  /** All Pods of an earlier kubelet have been taken in: goes on with their resizes, and drops what it kept of others. */
  resume(pods: ReadonlyMap<string, Pod>): void {
    const now = this.#options.clock.now();
    for (const uid of this.#options.checkpoint.keys()) if (!pods.has(uid)) this.forget(uid);
    for (const [uid, pod] of pods) {
      const entry = this.#entries.get(uid);
      if (!entry) continue;
      const shown = (type: string) => pod.status.conditions?.find((c) => c.type === type);
      const [pending, inProgress] = [shown('PodResizePending'), shown('PodResizeInProgress')];
      if (pending) entry.pending = resizeCondition(pending.type, now, pending);
      if (inProgress) entry.inProgress = resizeCondition(inProgress.type, now, inProgress);
      if (this.allocatedPod(pod) !== pod) this.#resizes.push(uid);
    }
    if (this.#resizes.waiting) this.#resizes.retry();
  }

  /** The Pod with the resources that it was given, which are not yet those of its spec while a resize is pending. */
  allocatedPod<P extends Pod>(pod: P): P {
    const entry = this.#entries.get(pod.metadata.uid!);
    return entry && !equalResources(entry.kept.allocated, resourcesOf(pod)) ? withResources(pod, entry.kept.allocated) as P : pod;
  }

  /** A Pod has changed: tries to give it what its spec asks for now. */
  resize(before: Pod, now: Pod): void {
    const entry = this.#entries.get(now.metadata.uid!);
    if (!entry || equalResources(resourcesOf(before), resourcesOf(now))) return;
    if (this.allocatedPod(now) === now) {
      delete entry.pending;
      return;
    }
    this.#resizes.push(now.metadata.uid!);
    this.#resizes.retry();
  }

  conditions(podUid: string): PodCondition[] {
    const entry = this.#entries.get(podUid);
    return [entry?.pending, entry?.inProgress].filter((c) => c !== undefined);
  }

  /** What running containers really have. */
  actuated(podUid: string): PodResources {
    return this.#entries.get(podUid)?.kept.actuated ?? nothing;
  }

  /** A container starts with what was allocated. */
  started(pod: Pod, container: Container): void {
    const kept = this.#entries.get(pod.metadata.uid!)?.kept;
    if (!kept) return;
    kept.actuated = { pod: pod.spec.resources, containers: new Map(kept.actuated.containers).set(container.name, container.resources ?? {}) };
  }

  /** Whether the container runs with other resources than it was given. */
  differs(pod: Pod, container: Container): boolean {
    const actuated = this.actuated(pod.metadata.uid!).containers.get(container.name);
    return actuated !== undefined && !equal(actuated, container.resources ?? {});
  }

  /** Whether what differs can only be given to a new instance. */
  needsRestart(pod: Pod, container: Container): boolean {
    if (!this.differs(pod, container)) return false;
    const before = this.actuated(pod.metadata.uid!).containers.get(container.name)!;
    return (container.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer'
      && (['requests', 'limits'] as const).some((side) => before[side]?.[resourceName] !== container.resources?.[side]?.[resourceName]));
  }

  /** Resizes the Pod and its running containers in place, unless they use more memory than they are to have (`usage`, bytes by container). */
  actuate(pod: Pod, view: PodView, usage: () => ReadonlyMap<string, number>): Actuation {
    if (!this.#isOutdated(pod, view)) return unchanged;
    const entry = this.#entries.get(pod.metadata.uid!)!;
    const { kept } = entry;
    const containers = runningContainers(pod, view).filter((c) => this.differs(pod, c) && !this.needsRestart(pod, c));
    const refusal = shrinkRefusal(pod, kept.actuated, containers, usage);
    if (refusal !== undefined) {
      this.#fail(pod, entry, refusal);
      return { ...unchanged, failed: true };
    }
    const podDiffers = !equal(kept.actuated.pod, pod.spec.resources);
    for (const container of containers) this.started(pod, container);
    kept.actuated = { ...kept.actuated, pod: pod.spec.resources };
    return { ...unchanged, containers, changed: podDiffers || containers.length > 0 };
  }

  /** Begins or ends PodResizeInProgress as the running containers show it. */
  observe(pod: Pod, view: PodView): void {
    const uid = pod.metadata.uid!;
    const entry = this.#entries.get(uid);
    if (!entry) return;
    if (this.#isOutdated(pod, view)) {
      entry.inProgress ??= resizeCondition('PodResizeInProgress', this.#options.clock.now(), { observedGeneration: pod.metadata.generation ?? 0 });
      return;
    }
    if (!entry.inProgress) return;
    const generation = entry.inProgress.observedGeneration ?? 0;
    delete entry.inProgress;
    this.#options.events.pod(pod, 'Normal', 'ResizeCompleted', `Pod resize completed: ${resourcesSummary(pod, generation)}`);
    if (!entry.held) return;
    const { cpu, memory } = entry.held.requests;
    this.#free(entry);
    this.#hold(entry, withResources(pod, entry.kept.allocated));
    const now = entry.held!.requests;
    if (this.#resizes.waiting && (now.cpu < cpu || now.memory < memory)) this.#resizes.retry();
  }

  /** The Pod has ended: what it held is free again, and others that wait for more may get it. */
  release(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (entry) this.#free(entry);
    if (this.#resizes.waiting) this.#resizes.retry();
  }

  /** A Pod that has ended is no longer resized. */
  clearConditions(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (!entry) return;
    delete entry.pending;
    delete entry.inProgress;
  }

  forget(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (entry) this.#free(entry);
    this.#entries.delete(podUid);
    this.#options.checkpoint.delete(podUid);
  }

  /** Whether something runs with other resources than it was given. */
  #isOutdated(pod: Pod, view: PodView): boolean {
    const running = runningContainers(pod, view);
    const podLevel = running.length > 0 && pod.spec.resources !== undefined && !equal(this.actuated(pod.metadata.uid!).pod, pod.spec.resources);
    return podLevel || running.some((container) => this.differs(pod, container));
  }

  #increases(pod: Pod): boolean {
    const [wanted, given] = [podInfo(pod).requests, podInfo(this.allocatedPod(pod)).requests];
    return wanted.cpu > given.cpu || wanted.memory > given.memory;
  }

  /** Tries to grant what the spec asks for; true when that is to wait (handlePodResourcesResize). */
  #attempt(pod: Pod): boolean {
    const { clock, events, node } = this.#options;
    const entry = this.#entries.get(pod.metadata.uid!);
    if (!entry?.held) return false;
    const observedGeneration = pod.metadata.generation ?? 0;
    const given = this.allocatedPod(pod);
    if (given === pod) {
      delete entry.pending;
      return false;
    }
    this.#free(entry);
    const rejection = admissionRejection(pod, node(), this.#usage());
    if (!rejection) {
      // Until the containers have less, they count with what they have.
      this.#hold(entry, withResources(pod, greaterResources(resourcesOf(pod), entry.kept.actuated)));
      entry.kept.allocated = resourcesOf(pod);
      delete entry.pending;
      entry.inProgress = resizeCondition('PodResizeInProgress', this.#options.clock.now(), { observedGeneration });
      events.pod(pod, 'Normal', 'ResizeStarted', `Pod resize started: ${resourcesSummary(pod, observedGeneration)}`);
      return false;
    }
    this.#hold(entry, given);
    const before = entry.pending;
    entry.pending = resizeCondition('PodResizePending', clock.now(), { observedGeneration, reason: 'Deferred', message: rejection.message }, before);
    if (before?.reason !== 'Deferred' || before.observedGeneration !== observedGeneration) {
      events.pod(pod, 'Warning', 'ResizeDeferred', `Pod resize ${rejection.reason}: ${resourcesSummary(pod, observedGeneration, rejection.message)}`);
    }
    return true;
  }

  /** A resize goes on, but not now; told once for each reason (kubelet.go SyncPod, SetPodResizeInProgressCondition). */
  #fail(pod: Pod, entry: Entry, message: string): void {
    const { clock, events } = this.#options;
    const before = entry.inProgress;
    if (before?.reason === 'Error' && before.message === message) return;
    const observedGeneration = before?.observedGeneration ?? pod.metadata.generation ?? 0;
    entry.inProgress = resizeCondition('PodResizeInProgress', clock.now(), { observedGeneration, reason: 'Error', message }, before);
    events.pod(pod, 'Warning', 'ResizeError', `Pod resize error: ${resourcesSummary(pod, observedGeneration, message)}`);
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
}
