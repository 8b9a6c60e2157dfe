/**
 * Writes Pod statuses (status/status_manager.go): it keeps the last status of each Pod, sends what differs from the API
 * a moment later, puts back what others changed in the kubelet's members at the next reconcile, and sends the final
 * delete of a Pod that has ended. It refuses to decide what a status says.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Pod, PodStatus } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { equal } from '../../lib/json.ts';
import { formatTime } from '../../schema/values/time.ts';
import { condition, containersReady, podReady } from './conditions.ts';
import { unlocated } from './container-status.ts';
import { podStatusInOrder } from './member-order.ts';
import { isStaticPod, isTerminalPhase } from './phase.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { mergedStatus, normalized, replaceOrAppend, revivesContainer, sameByKubelet, withTransitionTimes } from './status-merge.ts';
import { tickAfter } from './ticks.ts';

export const reconcilePeriodMs = 10_000;

export interface StatusManagerOptions {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly writeDelayMs: number;
  /** Where the reconciles lie within their period. */
  readonly reconcilePhaseMs: number;
  readonly couldHaveRunningContainers: (podUid: string) => boolean;
  /** The Pod object at the API that shows the status of `pod`: its mirror for a static Pod. */
  readonly apiPod: (pod: Pod) => Pod | undefined;
}

interface Entry {
  pod: Pod;
  status: PodStatus;
  /** The worker is done with the Pod: it may be deleted. */
  finished: boolean;
}

export class StatusManager {
  readonly #options: StatusManagerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #unsent = new Set<string>();
  /** Pods whose status at the API is not what it should be. */
  readonly #drifted = new Set<string>();
  /** The Pod whose status is being written: what comes back of that is no news. */
  #writing: string | undefined;
  #writeTimer: Timer | undefined;
  #reconcileTimer: Timer | undefined;

  constructor(options: StatusManagerOptions) {
    this.#options = options;
  }

  /** The status last set, or undefined when none was. */
  get(podUid: string): PodStatus | undefined {
    return this.#entries.get(podUid)?.status;
  }

  /** A new status from a sync. */
  set(pod: Pod, status: PodStatus): void {
    const generation = pod.metadata.generation;
    this.#update(pod, generation === undefined || status.observedGeneration !== undefined ? status : { observedGeneration: generation, ...status }, pod.metadata.deletionTimestamp !== undefined, false);
  }

  /** PodReadyToStartContainers turned True, before the rest of the sync is done (kubelet.go OnPodSandboxReady). */
  setSandboxReady(pod: Pod): void {
    const status = this.get(pod.metadata.uid!) ?? pod.status;
    const conditions = [...(status.conditions ?? [])];
    replaceOrAppend(conditions, condition('PodReadyToStartContainers', { status: 'True' }, pod.metadata.generation));
    this.set(pod, { ...status, conditions });
  }

  /** A readiness probe changed its mind. */
  setContainerReady(podUid: string, containerId: string, ready: boolean): void {
    this.#changeContainer(podUid, containerId, { ready }, (pod, status) => {
      const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      const conditions = [...(status.conditions ?? [])];
      const phase = status.phase ?? '';
      const generation = pod.metadata.generation;
      replaceOrAppend(conditions, condition('Ready', podReady(pod, statuses, phase, conditions), generation));
      replaceOrAppend(conditions, condition('ContainersReady', containersReady(pod, statuses, phase), generation));
      return { ...status, conditions };
    });
  }

  /** A startup probe changed its mind. */
  setContainerStarted(podUid: string, containerId: string, started: boolean): void {
    this.#changeContainer(podUid, containerId, { started }, (_pod, status) => status);
  }

  /** The worker is done: whatever was not seen to end has ended, and the Pod may be deleted (TerminatePod). */
  terminate(pod: Pod): void {
    const status = { ...(this.get(pod.metadata.uid!) ?? pod.status) };
    const state = { terminated: unlocated('ContainerStatusUnknown', 'The container could not be located when the pod was terminated') };
    if (hasInitialized(pod)) {
      status.containerStatuses = (status.containerStatuses ?? []).map((s) => (s.state?.terminated ? s : { ...s, state }));
    }
    const started = startedInits(status);
    if (started > 0) {
      status.initContainerStatuses = status.initContainerStatuses!.map((s, i) => (i >= started || s.state?.terminated ? s : { ...s, state }));
    }
    if (!isStaticPod(pod) && !isTerminalPhase(status.phase)) status.phase = 'Failed';
    this.#update(pod, status, true, true);
  }

  /** The status is to be written again, to an object that has none of it. */
  resend(podUid: string): void {
    if (this.#entries.has(podUid)) this.#send(podUid);
  }

  /** The object changed at the API: whoever it was, drift is put right at the next reconcile. */
  observe(pod: Pod): void {
    const entry = this.#entries.get(pod.metadata.uid!);
    if (!entry) return;
    entry.pod = pod;
    if (this.#unsent.has(pod.metadata.uid!) || this.#writing === pod.metadata.uid) return;
    const shown = this.#options.apiPod(pod);
    if (!shown) return;
    if (!this.#mayDelete(shown, entry) && sameByKubelet(normalized(pod, shown.status), entry.status)) return;
    this.#retryWrite(pod.metadata.uid!);
  }

  forget(podUid: string): void {
    this.#entries.delete(podUid);
    this.#unsent.delete(podUid);
    this.#drifted.delete(podUid);
  }

  close(): void {
    for (const timer of [this.#writeTimer, this.#reconcileTimer]) if (timer) this.#options.clock.cancel(timer);
    this.#entries.clear();
    this.#unsent.clear();
    this.#drifted.clear();
  }

  #changeContainer(
    podUid: string, containerId: string, change: { ready?: boolean; started?: boolean }, then: (pod: Pod, status: PodStatus) => PodStatus,
  ): void {
    const entry = this.#entries.get(podUid);
    if (!entry) return;
    const status = { ...entry.status };
    for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
      const index = status[list]?.findIndex(({ containerID }) => containerID === `containerd://${containerId}`) ?? -1;
      if (index < 0) continue;
      const old = status[list]![index]!;
      if ((change.ready ?? old.ready) === old.ready && (change.started ?? old.started) === old.started) return;
      status[list] = status[list]!.with(index, { ...old, ...change });
      this.#update(entry.pod, then(entry.pod, status), false, false);
      return;
    }
  }

  #update(pod: Pod, status: PodStatus, force: boolean, finished: boolean): void {
    const uid = pod.metadata.uid!;
    const cached = this.#entries.get(uid);
    const old = cached?.status ?? this.#options.apiPod(pod)?.status ?? pod.status;
    if (revivesContainer(pod, old, status)) return;
    const now = formatTime(this.#options.clock.now());
    const conditions = withTransitionTimes(status, old, now);
    const observedGeneration = Math.max(status.observedGeneration ?? 0, old.observedGeneration ?? 0);
    const next = normalized(pod, podStatusInOrder({
      ...status,
      ...(observedGeneration > 0 ? { observedGeneration } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
      startTime: old.startTime ?? status.startTime ?? now,
    }));
    if (cached && !force && sameByKubelet(cached.status, next)) return;
    this.#entries.set(uid, { pod: cached?.pod ?? pod, status: next, finished: finished || (cached?.finished ?? false) });
    this.#send(uid);
  }

  #send(podUid: string): void {
    this.#unsent.add(podUid);
    this.#writeTimer ??= this.#options.clock.after(this.#options.writeDelayMs, 'kubelet status write', () => this.#writeAll());
  }

  #writeAll(): void {
    this.#writeTimer = undefined;
    const uids = [...this.#unsent];
    this.#unsent.clear();
    for (const uid of uids) this.#write(uid);
  }

  #write(uid: string): void {
    this.#writing = uid;
    this.#patchOrDelete(uid);
    this.#writing = undefined;
  }

  #patchOrDelete(uid: string): void {
    const entry = this.#entries.get(uid);
    const shown = entry && this.#options.apiPod(entry.pod);
    if (!entry || !shown) return;
    const mayRun = this.#options.couldHaveRunningContainers(uid);
    const status = podStatusInOrder(mergedStatus(shown, entry.status, mayRun, formatTime(this.#options.clock.now())));
    if (equal(status, shown.status)) return this.#deleteIfDone(shown, entry);
    this.#options.port.submit({ verb: 'updateStatus', resource: 'pods', object: { ...shown, status } as KubeObject }, (outcome) => {
      if (outcome.ok) this.#deleteIfDone(outcome.object as Pod & KubeObject, entry);
      else this.#retryWrite(uid);
    });
  }

  #retryWrite(uid: string): void {
    this.#drifted.add(uid);
    this.#armReconcile();
  }

  #mayDelete(shown: Pod, entry: Entry): boolean {
    return entry.finished && shown.metadata.deletionTimestamp !== undefined && isTerminalPhase(shown.status.phase)
      && shown.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined;
  }

  #deleteIfDone(shown: Pod, entry: Entry): void {
    if (!this.#mayDelete(shown, entry)) return;
    const { namespace = '', name = '', uid = '' } = shown.metadata;
    this.#options.port.submit(
      { verb: 'delete', resource: 'pods', namespace, name, gracePeriodSeconds: 0, preconditions: { uid } },
      (outcome) => { if (outcome.ok) this.forget(entry.pod.metadata.uid!); },
    );
  }

  #armReconcile(): void {
    const { clock, reconcilePhaseMs } = this.#options;
    const next = tickAfter({ periodMs: reconcilePeriodMs, phaseMs: reconcilePhaseMs }, clock.now());
    this.#reconcileTimer ??= clock.after(next - clock.now(), 'kubelet status reconcile', () => {
      this.#reconcileTimer = undefined;
      const uids = [...this.#drifted];
      this.#drifted.clear();
      for (const uid of uids) this.#write(uid);
    });
  }
}

/** Whether regular containers may ever have been started, as far as the API tells. */
function hasInitialized(pod: Pod): boolean {
  const inits = initContainersOf(pod);
  if (inits.length === 0) return true;
  if (pod.status.containerStatuses?.some((s) => s.lastState?.terminated || !s.state?.waiting)) return true;
  const last = inits.at(-1)!;
  const status = pod.status.initContainerStatuses?.find(({ name }) => name === last.name);
  if (!status) return false;
  if (isSidecar(last)) return status.state?.running !== undefined && status.started === true;
  return status.state?.terminated?.exitCode === 0 || status.lastState?.terminated?.exitCode === 0;
}

/** How many init containers, from the first, have been started; at least one. */
function startedInits(status: PodStatus): number {
  const inits = status.initContainerStatuses ?? [];
  const last = inits.findLastIndex((s) => !s.state?.waiting || s.lastState?.terminated);
  return Math.min(inits.length, Math.max(1, last + 1));
}
