/**
 * One run of a kubelet process, from its start to its end: it routes what happens (changes at the API, looks at the
 * runtime, probe results, ticks) to the workers of the Pods (kubelet.go syncLoopIteration). All its memory ends with it.
 */
import type { Millis } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { RuntimeEvent } from '../../runtime/runtime.ts';
import type { Pod } from '../../schema/core/v1.ts';
import { timeToMs } from '../../schema/values/time.ts';
import type { AllocationCheckpoint } from './allocation.ts';
import type { Rejection } from './admission.ts';
import { readinessOutdated } from './conditions.ts';
import { Eviction, type Pressure } from './eviction.ts';
import { KubeletParts, type KubeletHooks } from './kubelet-parts.ts';
import type { KubeletOptions } from './kubelet.ts';
import { NodeShutdown, type ShutdownGrace } from './node-shutdown.ts';
import { isStaticPod, isTerminalPhase } from './phase.ts';
import type { PodObject } from './pod-source.ts';
import { pastDeadline } from './pod-status.ts';
import { PodWorker, type Kill } from './pod-worker.ts';
import type { ProbeUpdate } from './probe-results.ts';
import { run } from '../task.ts';
import { isMirrorPod, StaticPods, type StaticManifest } from './static-pods.ts';

const orphanGraceSeconds = 1;

export class KubeletRun implements KubeletHooks {
  readonly #options: KubeletOptions;
  readonly #parts: KubeletParts;
  readonly #pods = new Map<string, PodObject>();
  readonly #workers = new Map<string, PodWorker>();
  readonly #static: StaticPods;
  readonly #eviction: Eviction;
  readonly #shutdown: NodeShutdown;
  #stop: (() => void) | undefined;

  constructor(options: KubeletOptions, since: Millis, checkpoint: AllocationCheckpoint) {
    this.#options = options;
    this.#parts = new KubeletParts(options, this, since, checkpoint);
    const { port, nodeName } = options;
    const { clock } = this.#parts.scope;
    const activePods = () => [...this.#pods.values()].filter(({ metadata }) => !(this.#workers.get(metadata.uid!)?.terminating ?? true));
    const kill = (podUid: string, how: Kill) => this.#sync(podUid, 0, how);
    this.#eviction = new Eviction({ clock, events: this.#parts.events, activePods, kill });
    this.#shutdown = new NodeShutdown({ clock, activePods, kill });
    this.#static = new StaticPods({
      port, clock, nodeName,
      onStart: (pod) => this.#onPod(pod, undefined),
      onRemove: (pod) => this.#onGone(pod),
      onMirror: (podUid) => this.#parts.statuses.resend(podUid),
    });
  }

  /** Takes up the node's Pods and follows their changes. */
  start(manifests: Iterable<StaticManifest>): void {
    this.#stop = this.#options.pods.subscribe(this.#options.nodeName, (now, before) => {
      if (isMirrorPod((now ?? before)!)) this.#static.observe(now, before);
      else this.#onPod(now, before);
    });
    for (const manifest of manifests) this.#static.start(manifest);
    this.#parts.allocation.resume(this.#pods);
    for (const podUid of this.#parts.scope.runtime.podUids()) {
      // It was deleted by force while no kubelet ran.
      if (!this.#pods.has(podUid)) this.#killOrphan(podUid, () => this.#parts.forget(podUid));
    }
  }

  startStaticPod(manifest: StaticManifest): void {
    this.#static.start(manifest);
  }

  removeStaticPod(uid: string): void {
    this.#static.remove(uid);
  }

  observe(event: RuntimeEvent): void {
    this.#parts.pleg.observe(event);
  }

  setPressure(pressure: Pressure, on: boolean): void {
    this.#eviction.set(pressure, on);
  }

  shutDown(grace: ShutdownGrace, powerOff: () => void): void {
    this.#shutdown.begin(grace, powerOff);
  }

  close(): void {
    this.#stop?.();
    this.#parts.close();
  }

  // --- What the parts ask and tell

  pod(podUid: string): PodObject | undefined {
    return this.#pods.get(podUid);
  }

  couldHaveRunningContainers(podUid: string): boolean {
    return this.#workers.get(podUid)?.couldHaveRunningContainers ?? false;
  }

  apiPod(pod: Pod): PodObject | undefined {
    if (isStaticPod(pod)) return this.#static.mirrorOf(pod);
    const { namespace = '', name = '', uid } = pod.metadata;
    const found = this.#options.port.lister<PodObject>('pods').get(namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  }

  onProbe({ kind, podUid, containerId, result }: ProbeUpdate): void {
    const { statuses } = this.#parts;
    if (kind === 'readiness') statuses.setContainerReady(podUid, containerId, result === 'success');
    if (kind === 'startup') statuses.setContainerStarted(podUid, containerId, result === 'success');
    if (kind !== 'liveness' || result === 'failure') this.#sync(podUid);
  }

  onRuntimeChange(podUid: string, died: readonly string[]): void {
    this.#sync(podUid);
    this.#removeDead(podUid, died);
  }

  onRetry(podUid: string): void {
    this.#sync(podUid);
  }

  onResize(podUid: string): void {
    this.#sync(podUid, this.#options.latencies.podSyncMs);
  }

  /** A Pod that ends without an object has no status any more, so its probes stop (RemoveOrphanedStatuses). */
  onOrphan(podUid: string): void {
    if (!this.#pods.has(podUid)) this.#parts.statuses.forget(podUid);
  }

  onDeadline(podUid: string): void {
    const pod = this.#pods.get(podUid);
    if (!pod || this.#workers.get(podUid)?.finished) return;
    const status = this.#parts.statuses.get(podUid) ?? pod.status;
    if (pastDeadline(pod, status, this.#options.clock.now())) this.#sync(podUid);
    else this.#watchDeadline(pod);
  }

  // --- Changes at the API

  #onPod(now: PodObject | undefined, before: PodObject | undefined): void {
    if (!now) return this.#onGone(before!);
    const uid = now.metadata.uid!;
    const known = this.#pods.get(uid);
    this.#pods.set(uid, now);
    if (!known) return this.#onNew(now);
    this.#parts.statuses.observe(now);
    this.#watchDeadline(now);
    const changed = changesSync(known, now);
    if (changed) this.#parts.allocation.resize(known, now);
    // A Pod that was rejected while it was being deleted.
    if (now.metadata.deletionTimestamp !== undefined && !this.#workers.has(uid)) this.#addWorker(now);
    if (changed || readinessOutdated(now)) this.#sync(uid, this.#options.latencies.podSyncMs);
    if (isTerminalPhase(now.status.phase) && !isTerminalPhase(known.status.phase)) this.#parts.allocation.release(uid);
  }

  #onNew(pod: PodObject): void {
    const uid = pod.metadata.uid!;
    const ends = pod.metadata.deletionTimestamp !== undefined || isTerminalPhase(pod.status.phase);
    const rejection = ends ? undefined : this.#admit(pod);
    if (rejection) return this.#reject(pod, rejection);
    this.#addWorker(pod);
    this.#watchDeadline(pod);
    this.#sync(uid, this.#options.latencies.podSyncMs);
  }

  #addWorker(pod: PodObject): void {
    const { random } = this.#options;
    const { scope, pleg, syncer, retries } = this.#parts;
    this.#workers.set(pod.metadata.uid!, new PodWorker({
      clock: scope.clock, random, pleg, syncer,
      retryIn: (podUid, delayMs) => retries.enqueue(podUid, delayMs),
      onFinished: (podUid) => this.#onFinished(podUid, pod),
    }, pod));
  }

  #admit(pod: PodObject): Rejection | undefined {
    const { allocation } = this.#parts;
    const rejection = allocation.admit(pod);
    if (rejection || !this.#shutdown.rejection) return rejection;
    allocation.forget(pod.metadata.uid!);
    return this.#shutdown.rejection;
  }

  /**
   * The Pod never starts; it has neither conditions nor containers. If it ran under the kubelet before this one, its
   * containers are stopped.
   */
  #reject(pod: PodObject, { reason, message }: Rejection): void {
    this.#parts.events.pod(pod, 'Warning', reason, message);
    const { qosClass } = pod.status;
    const status = { phase: 'Failed', reason, message: `Pod was rejected: ${message}`, ...(qosClass === undefined ? {} : { qosClass }) };
    this.#parts.statuses.set(pod, status);
    this.#killOrphan(pod.metadata.uid!, () => {});
  }

  /** A Pod that was deleted by force, or whose final delete this kubelet has sent. */
  #onGone(pod: PodObject): void {
    const uid = pod.metadata.uid!;
    const known = this.#pods.get(uid) ?? pod;
    this.#pods.delete(uid);
    this.#parts.allocation.release(uid);
    const worker = this.#workers.get(uid);
    if (!worker || worker.finished) this.#forget(uid);
    else {
      worker.update(this.#parts.allocation.allocatedPod(known), this.#options.latencies.podSyncMs, {});
      this.#parts.orphans.enqueue(uid, 0);
    }
  }

  /** Stops what runs of a Pod that no worker knows (HandlePodCleanups). */
  #killOrphan(podUid: string, done: () => void): void {
    const { pleg, killer } = this.#parts;
    const pod: Pod = { metadata: { uid: podUid }, spec: { containers: [] }, status: {} };
    run(killer.pod(pod, pleg.view(podUid), orphanGraceSeconds), done);
  }

  #onFinished(podUid: string, pod: PodObject): void {
    this.#shutdown.finished(podUid);
    if (this.#pods.has(podUid)) return;
    this.#static.finished(pod);
    this.#forget(podUid);
  }

  // --- What follows

  /** Has the Pod's worker look at it: at once, or when news from the API has arrived. */
  #sync(podUid: string, delayMs = 0, kill?: Kill): void {
    const pod = this.#pods.get(podUid);
    if (pod) this.#workers.get(podUid)?.update(this.#parts.allocation.allocatedPod(pod), delayMs, kill);
  }

  #watchDeadline(pod: Pod): void {
    const { activeDeadlineSeconds } = pod.spec;
    const uid = pod.metadata.uid!;
    const startTime = (this.#parts.statuses.get(uid) ?? pod.status).startTime;
    if (activeDeadlineSeconds === undefined || !startTime || isTerminalPhase(pod.status.phase)) return;
    const deadline = timeToMs(startTime) + activeDeadlineSeconds * 1000;
    this.#parts.deadlines.enqueue(uid, Math.max(0, deadline - this.#options.clock.now()));
  }

  /** One dead instance of each container is kept. */
  #removeDead(podUid: string, died: readonly string[]): void {
    const { containers } = this.#parts.pleg.view(podUid);
    const names = new Set(containers.filter(({ id }) => died.includes(id)).map(({ config }) => config.name));
    for (const name of names) {
      const dead = containers.filter(({ config, state }) => config.name === name && state === 'exited');
      for (const { id } of dead.slice(1)) this.#parts.scope.runtime.removeContainer(id);
    }
  }

  #forget(podUid: string): void {
    this.#workers.delete(podUid);
    this.#parts.forget(podUid);
  }
}

/** Whether a change is more than one of the status (config.go podsDifferSemantically). */
function changesSync(before: Pod, now: Pod): boolean {
  const a = before.metadata;
  const b = now.metadata;
  return a.generation !== b.generation || a.deletionTimestamp !== b.deletionTimestamp
    || a.deletionGracePeriodSeconds !== b.deletionGracePeriodSeconds
    || !equal(a.labels, b.labels) || !equal(a.annotations, b.annotations);
}
