/**
 * Carries out what a sync decides (kubelet.go SyncPod, SyncTerminatingPod, SyncTerminatedPod). Each method runs from top to
 * bottom and waits for every step, so that what one sync does shows at the next one.
 */
import type { Container as SpecContainer, Pod, PodStatus } from '../../schema/core/v1.ts';
import type { Clock, Millis } from '../../clock/clock.ts';
import type { Sandbox } from '../../runtime/runtime.ts';
import type { Allocation } from './allocation.ts';
import type { ContainerStarter, StartContext, StartOutcome } from './container-starter.ts';
import type { Killer } from './killing.ts';
import { memoryLimit } from './memory-limits.ts';
import type { PodMemory, WaitingReason } from './memory.ts';
import type { PodActions } from './pod-actions.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import type { PodEvents } from './pod-events.ts';
import { deadlineMessage, podStatus, type GeneratedStatus } from './pod-status.ts';
import { newestInstance, type PodView } from './pod-view.ts';
import type { Prober } from './prober.ts';
import { sandboxConfig } from './sandbox-config.ts';
import type { KubeletRuntime } from './scope.ts';
import type { StatusManager } from './status-manager.ts';
import { step } from './step.ts';
import { wait, type Task } from '../task.ts';
import type { Volumes } from './volumes.ts';

export interface SyncerOptions {
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly events: PodEvents;
  readonly statuses: StatusManager;
  readonly prober: Prober;
  readonly volumes: Volumes;
  readonly killer: Killer;
  readonly starter: ContainerStarter;
  readonly allocation: Allocation;
  readonly volumeUnmountMs: number;
  readonly roundMs: number;
  /** All that is known of a Pod but what its worker keeps. */
  readonly memory: (pod: Pod, kept: PodNotes) => PodMemory;
  /** The Pod as the runtime shows it at this moment. */
  readonly viewNow: (podUid: string) => PodView;
  /** Has the Pod looked at again although nothing starts or stops. */
  readonly requestReinspect: (podUid: string) => void;
}

/** What a worker keeps between syncs for the syncer. */
export interface PodNotes {
  readonly waitingReasons: Map<string, WaitingReason>;
  /** The restart count that the next instance has when the runtime knows none, by container. */
  readonly nextAttempt: Map<string, number>;
}

export interface SyncResult {
  /** The Pod has ended by itself. */
  readonly ended: boolean;
  /** Something was started or stopped: look at the runtime again. */
  readonly acted: boolean;
  /** Sync again at once. */
  readonly again: boolean;
  /** Something failed and is to be tried again; `retryAt` is set when that is known. */
  readonly failed: boolean;
  readonly retryAt?: Millis;
}

const done: SyncResult = { ended: false, acted: false, again: false, failed: false };

export class PodSyncer {
  readonly #options: SyncerOptions;

  constructor(options: SyncerOptions) {
    this.#options = options;
  }

  /** `onCancel` is given what ends the waits that a termination should not have to wait for. */
  *sync(pod: Pod, view: PodView, notes: PodNotes, onCancel: (cancel: () => void) => void): Task<SyncResult> {
    const { clock, volumes, prober, allocation } = this.#options;
    allocation.observe(pod, view);
    const decided = step(pod, view, this.#options.memory(pod, notes), clock.now(), (container) => allocation.needsRestart(pod, container));
    this.#publish(pod, decided);
    if (decided.ended) return { ...done, ended: true };
    if ((yield* volumes.waitMounted(pod, onCancel)) !== 'mounted') return { ...done, failed: true };
    onCancel(() => this.#options.runtime.cancelPulls(pod.metadata.uid!));
    prober.addPod(pod);
    const attempt = new SyncAttempt(this.#options, pod, view, notes, decided.status);
    yield* attempt.carryOut(decided.actions);
    return attempt.result(decided.restartAll && decided.actions.remove.length > 0);
  }

  /** Stops everything and shows how it ended. */
  *terminate(pod: Pod, view: PodView, notes: PodNotes, graceSeconds: number, override?: (status: PodStatus) => PodStatus): Task<void> {
    const { clock, prober, killer, allocation, viewNow } = this.#options;
    const uid = pod.metadata.uid!;
    this.#publish(pod, podStatus(pod, view, this.#options.memory(pod, notes), false, clock.now()), override);
    prober.stopLivenessAndStartup(pod);
    yield* killer.pod(pod, view, graceSeconds);
    prober.removePod(uid);
    allocation.clearConditions(uid);
    const stopped = { ...viewNow(uid), ips: view.ips };
    this.#publish(pod, podStatus(pod, stopped, this.#options.memory(pod, notes), true, clock.now()));
  }

  /** Gives back what the Pod used; afterwards it may be deleted. */
  *finish(pod: Pod, view: PodView, notes: PodNotes): Task<void> {
    const { clock, statuses, volumes, volumeUnmountMs } = this.#options;
    this.#publish(pod, podStatus(pod, view, this.#options.memory(pod, notes), true, clock.now()));
    yield* wait<void>((resume) => { clock.after(volumeUnmountMs, 'kubelet volume unmount', resume); });
    volumes.unmount(pod.metadata.uid!);
    statuses.terminate(pod);
  }

  #publish(pod: Pod, generated: GeneratedStatus, override: (status: PodStatus) => PodStatus = (status) => status): void {
    const { events, statuses, prober } = this.#options;
    if (generated.deadlineExceeded) events.pod(pod, 'Normal', 'DeadlineExceeded', deadlineMessage);
    statuses.set(pod, override(generated.status));
    for (const name of generated.probeNow) prober.trigger(pod.metadata.uid!, name);
  }
}

type SandboxResult = { readonly ok: true; readonly sandbox: Sandbox } | { readonly ok: false; readonly message: string };

/** One sync's work on the runtime (kuberuntime_manager.go SyncPod). */
class SyncAttempt {
  readonly #options: SyncerOptions;
  readonly #pod: Pod;
  readonly #view: PodView;
  readonly #notes: PodNotes;
  readonly #status: PodStatus;
  #acted = false;
  #failed = false;
  #retryAt: Millis | undefined;

  constructor(options: SyncerOptions, pod: Pod, view: PodView, notes: PodNotes, status: PodStatus) {
    this.#options = options;
    this.#pod = pod;
    this.#view = view;
    this.#notes = notes;
    this.#status = status;
  }

  result(again: boolean): SyncResult {
    return { ended: false, acted: this.#acted, again, failed: this.#failed, ...(this.#retryAt === undefined ? {} : { retryAt: this.#retryAt }) };
  }

  *carryOut(actions: PodActions): Task<void> {
    yield* this.#stop(actions);
    this.#pruneInitContainers(actions);
    let sandboxId = actions.sandboxId ?? '';
    let podIPs = this.#status.podIPs?.map(({ ip }) => ip) ?? [];
    if (actions.createSandbox) {
      const sandbox = yield* this.#createSandbox(actions.attempt);
      if (!sandbox) return;
      sandboxId = sandbox.id;
      podIPs = [...sandbox.ips];
      this.#options.statuses.setSandboxReady(this.#pod);
    }
    for (const container of actions.startEphemeral) yield* this.#start(container, sandboxId, podIPs);
    for (const container of actions.startInit) {
      const started = yield* this.#start(container, sandboxId, podIPs);
      if (!started && !isSidecar(container)) return;
    }
    this.#resize();
    for (const container of actions.start) yield* this.#start(container, sandboxId, podIPs);
  }

  #resize(): void {
    const { allocation, runtime, requestReinspect } = this.#options;
    const uid = this.#pod.metadata.uid!;
    const { containers, changed, failed } = allocation.actuate(this.#pod, this.#view, () => runtime.memoryUsage(uid));
    for (const { name, resources } of containers) runtime.limitMemory(newestInstance(this.#view, name)!.id, memoryLimit(resources));
    if (failed) this.#failed = true;
    if (!changed) return;
    this.#acted = true;
    requestReinspect(uid);
  }

  *#stop(actions: PodActions): Task<void> {
    const { killer, events, runtime, clock, roundMs } = this.#options;
    if (actions.createSandbox && actions.sandboxId !== undefined) {
      events.pod(this.#pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    }
    if (actions.killPod) {
      this.#acted = true;
      return yield* killer.pod(this.#pod, this.#view);
    }
    const podIP = this.#view.ips[0] ?? '';
    for (const kill of actions.kill) {
      this.#acted = true;
      yield* killer.container(this.#pod, kill, podIP);
    }
    for (const { container, instance } of actions.remove) {
      this.#acted = true;
      if (instance.state === 'running') yield* killer.container(this.#pod, { container, instance, message: 'killing' }, podIP, 0);
      runtime.removeContainer(instance.id);
    }
    if (actions.remove.length > 0 && roundMs > 0) yield* wait<void>((resume) => { clock.after(roundMs, 'kubelet restart of all containers', resume); });
  }

  /** A new sandbox runs all init containers again; otherwise only the newest dead instance of each is kept. */
  #pruneInitContainers(actions: PodActions): void {
    for (const { name } of initContainersOf(this.#pod)) {
      const instances = this.#view.containers.filter(({ config }) => config.name === name);
      const dead = instances.filter(({ state }) => state === 'exited');
      const purged = actions.killPod && actions.createSandbox ? instances : dead.slice(1);
      for (const { id } of purged) this.#options.runtime.removeContainer(id);
    }
  }

  *#createSandbox(attempt: number): Task<Sandbox | undefined> {
    const { runtime, events } = this.#options;
    const config = sandboxConfig(this.#pod, attempt);
    this.#acted = true;
    const result = typeof config === 'string' ? { ok: false as const, message: config }
      : yield* wait<SandboxResult>((resume) => runtime.runSandbox(config, resume));
    if (result.ok) return result.sandbox;
    this.#failed = true;
    events.pod(this.#pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${result.message}`);
    return undefined;
  }

  *#start(container: SpecContainer, sandboxId: string, podIPs: readonly string[]): Task<boolean> {
    const { name } = container;
    const context: StartContext = {
      pod: this.#pod, view: this.#view, sandboxId, podIPs, attemptWithoutInstance: this.#notes.nextAttempt.get(name) ?? 0,
    };
    this.#acted = true;
    const outcome: StartOutcome = yield* this.#options.starter.start(container, context);
    if (outcome.attempt !== undefined) {
      this.#notes.nextAttempt.set(name, outcome.attempt + 1);
      this.#options.allocation.started(this.#pod, container);
    }
    if (outcome.ok) {
      this.#notes.waitingReasons.delete(name);
      return true;
    }
    this.#notes.waitingReasons.set(name, { reason: outcome.reason, message: outcome.message });
    this.#failed = true;
    if (outcome.backoffUntil !== undefined) this.#retryAt = Math.min(this.#retryAt ?? Infinity, outcome.backoffUntil);
    return false;
  }
}
