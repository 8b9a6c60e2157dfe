/**
 * One run of a kubelet process, from its start to its end: it wires the parts of this folder together and routes what
 * happens (changes at the API, looks at the runtime, probe results, ticks) to the workers of the Pods. All its memory
 * ends with it.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Millis } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { equal } from '../../lib/json.ts';
import type { RuntimeEvent } from '../../runtime/runtime.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { readinessOutdated } from './conditions.ts';
import { ContainerStarter } from './container-starter.ts';
import type { NodeFacts } from './downward-api.ts';
import { Images } from './images.ts';
import { Killer } from './killing.ts';
import type { KubeletLatencies } from './latencies.ts';
import type { PodMemory } from './memory.ts';
import { isTerminalPhase } from './phase.ts';
import { Pleg } from './pleg.ts';
import { PodEvents } from './pod-events.ts';
import type { PodObject, PodSource } from './pod-source.ts';
import { pastDeadline } from './pod-status.ts';
import { PodSyncer, type PodNotes } from './pod-syncer.ts';
import { PodWorker, type Kill, type WorkerOptions } from './pod-worker.ts';
import { ProbeResults, type ProbeUpdate } from './probe-results.ts';
import { ProbeRunner } from './probe-runner.ts';
import { Prober } from './prober.ts';
import { Scope } from './scope.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { reconcilePeriodMs, StatusManager } from './status-manager.ts';
import { SyncQueue } from './sync-queue.ts';
import { terminationMessage } from './termination-message.ts';
import { Volumes } from './volumes.ts';
import type { KubeletOptions } from './kubelet.ts';

export class KubeletRun {
  readonly #nodeName: string;
  readonly #port: ApiPort;
  readonly #random: Prng;
  readonly #latencies: KubeletLatencies;
  readonly #scope: Scope;
  readonly #startedAt: Millis;
  readonly #pods = new Map<string, PodObject>();
  readonly #workers = new Map<string, PodWorker>();
  readonly #events: PodEvents;
  readonly #pleg: Pleg;
  readonly #statuses: StatusManager;
  readonly #results: ProbeResults;
  readonly #prober: Prober;
  readonly #images: Images;
  readonly #volumes: Volumes;
  readonly #starter: ContainerStarter;
  readonly #syncer: PodSyncer;
  readonly #retries: SyncQueue;
  readonly #deadlines: SyncQueue;
  readonly #stops: (() => void)[] = [];

  constructor(options: KubeletOptions) {
    const { nodeName, port, clock, random, runtime, latencies, recorder } = options;
    this.#nodeName = nodeName;
    this.#port = port;
    this.#random = random;
    this.#latencies = latencies;
    this.#scope = new Scope(clock, runtime);
    this.#startedAt = clock.now();
    this.#events = new PodEvents(recorder);
    this.#pleg = this.#makePleg();
    this.#statuses = this.#makeStatusManager();
    this.#results = new ProbeResults((update) => this.#onProbe(update));
    this.#prober = this.#makeProber();
    this.#images = new Images(this.#scope.clock, this.#scope.runtime, this.#events);
    this.#volumes = this.#makeVolumes();
    const killer = new Killer({ ...this.#parts(), sandboxStopMs: latencies.sandboxStopMs });
    this.#starter = new ContainerStarter({
      ...this.#parts(), port, images: this.#images, volumes: this.#volumes, killer, node: () => this.#node(),
    });
    this.#syncer = new PodSyncer({
      ...this.#parts(), statuses: this.#statuses, prober: this.#prober, volumes: this.#volumes, killer, starter: this.#starter,
      volumeUnmountMs: latencies.volumeUnmountMs,
      memory: (pod, notes) => this.#memory(pod, notes),
      viewNow: (podUid) => this.#pleg.viewNow(podUid),
    });
    const ticks = { periodMs: latencies.syncLoopPeriodMs, phaseMs: latencies.syncLoopPhaseMs };
    this.#retries = new SyncQueue(this.#scope.clock, ticks, (podUid) => this.#trigger(podUid));
    this.#deadlines = new SyncQueue(this.#scope.clock, ticks, (podUid) => this.#onDeadline(podUid));
  }

  /** Takes up the node's Pods and follows their changes. */
  start(pods: PodSource): void {
    this.#stops.push(pods.subscribe(this.#nodeName, (now, before) => this.#onPod(now, before)));
  }

  observe(event: RuntimeEvent): void {
    this.#pleg.observe(event);
  }

  /** Ends a Pod for a reason of the node: eviction, preemption, shutdown. */
  kill(podUid: string, kill: Kill): void {
    const pod = this.#pods.get(podUid);
    if (pod) this.#workers.get(podUid)?.update(pod, kill);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#scope.close();
    this.#pleg.close();
    this.#statuses.close();
  }

  // --- What happens

  #onPod(now: PodObject | undefined, before: PodObject | undefined): void {
    if (!now) return this.#onGone(before!);
    const uid = now.metadata.uid!;
    const known = this.#pods.get(uid);
    this.#pods.set(uid, now);
    if (!known) return this.#onNew(now);
    this.#statuses.observe(now);
    this.#watchDeadline(now);
    if (changesSync(known, now) || readinessOutdated(now)) this.#workers.get(uid)?.update(now);
  }

  #onNew(pod: PodObject): void {
    const worker = new PodWorker(this.#workerOptions(), pod);
    this.#workers.set(pod.metadata.uid!, worker);
    this.#watchDeadline(pod);
    worker.update(pod);
  }

  /** A Pod that was deleted by force, or whose final delete this kubelet has sent. */
  #onGone(pod: PodObject): void {
    const uid = pod.metadata.uid!;
    const known = this.#pods.get(uid);
    this.#pods.delete(uid);
    const worker = this.#workers.get(uid);
    if (!worker || worker.finished) return this.#forget(uid);
    worker.update(known ?? pod, {});
  }

  #onProbe({ kind, podUid, containerId, result }: ProbeUpdate): void {
    if (kind === 'readiness') this.#statuses.setContainerReady(podUid, containerId, result === 'success');
    if (kind === 'startup') this.#statuses.setContainerStarted(podUid, containerId, result === 'success');
    if (kind !== 'liveness' || result === 'failure') this.#trigger(podUid);
  }

  /** Something of the Pod was seen to start or stop in the runtime. */
  #onRuntimeChange(podUid: string, died: readonly string[]): void {
    this.#trigger(podUid);
    this.#removeDead(podUid, died);
  }

  #onDeadline(podUid: string): void {
    const pod = this.#pods.get(podUid);
    if (!pod || this.#workers.get(podUid)?.finished) return;
    const status = this.#statuses.get(podUid) ?? pod.status;
    if (pastDeadline(pod, status, this.#scope.clock.now())) this.#trigger(podUid);
    else this.#watchDeadline(pod);
  }

  #onFinished(podUid: string): void {
    if (!this.#pods.has(podUid)) this.#forget(podUid);
  }

  #trigger(podUid: string): void {
    const pod = this.#pods.get(podUid);
    if (pod) this.#workers.get(podUid)?.update(pod);
  }

  // --- Housekeeping

  #watchDeadline(pod: Pod): void {
    const { activeDeadlineSeconds } = pod.spec;
    const startTime = (this.#statuses.get(pod.metadata.uid!) ?? pod.status).startTime;
    if (activeDeadlineSeconds === undefined || !startTime || isTerminalPhase(pod.status.phase)) return;
    this.#deadlines.enqueue(pod.metadata.uid!, Math.max(0, timeToMs(startTime) + activeDeadlineSeconds * 1000 - this.#scope.clock.now()));
  }

  /** One dead instance of each container is kept. */
  #removeDead(podUid: string, died: readonly string[]): void {
    const { containers } = this.#pleg.view(podUid);
    const names = new Set(containers.filter(({ id }) => died.includes(id)).map(({ config }) => config.name));
    for (const name of names) {
      const dead = containers.filter(({ config, state }) => config.name === name && state === 'exited');
      for (const { id } of dead.slice(1)) this.#scope.runtime.removeContainer(id);
    }
  }

  #forget(podUid: string): void {
    this.#workers.delete(podUid);
    this.#prober.removePod(podUid);
    this.#statuses.forget(podUid);
    this.#images.forget(podUid);
    this.#starter.forget(podUid);
    this.#volumes.unmount(podUid);
    this.#retries.remove(podUid);
    this.#deadlines.remove(podUid);
    this.#pleg.forget(podUid);
    for (const { id } of this.#scope.runtime.containers(podUid)) this.#scope.runtime.removeContainer(id);
    for (const { id } of this.#scope.runtime.sandboxes(podUid)) this.#scope.runtime.removeSandbox(id);
  }

  // --- Parts

  #parts() {
    return { clock: this.#scope.clock, runtime: this.#scope.runtime, events: this.#events };
  }

  #makePleg(): Pleg {
    const { relistPeriodMs, relistPhaseMs, podRelistMs } = this.#latencies;
    return new Pleg({
      ...this.#parts(), podRelistMs,
      ticks: { periodMs: relistPeriodMs, phaseMs: relistPhaseMs },
      terminationMessage: (instance) => terminationMessage(this.#scope.runtime, this.#pods.get(instance.config.podUid), instance),
      onChange: (podUid, died) => this.#onRuntimeChange(podUid, died),
    });
  }

  #makeStatusManager(): StatusManager {
    return new StatusManager({
      port: this.#port, clock: this.#scope.clock, writeDelayMs: this.#latencies.statusWriteMs,
      reconcilePhaseMs: this.#startedAt % reconcilePeriodMs,
      couldHaveRunningContainers: (podUid) => this.#workers.get(podUid)?.couldHaveRunningContainers ?? false,
      apiPod: (pod) => {
        const { namespace = '', name = '', uid } = pod.metadata;
        const found = this.#port.lister<PodObject>('pods').get(namespace, name);
        return found?.metadata.uid === uid ? found : undefined;
      },
    });
  }

  #makeProber(): Prober {
    return new Prober({
      clock: this.#scope.clock, random: this.#random, results: this.#results,
      runner: new ProbeRunner(this.#scope.runtime, this.#events),
      pod: (podUid) => this.#pods.get(podUid),
      status: (podUid) => this.#statuses.get(podUid),
    });
  }

  #makeVolumes(): Volumes {
    return new Volumes({
      ...this.#parts(), port: this.#port, mountMs: this.#latencies.volumeMountMs,
      tokens: new ServiceAccountTokens(this.#scope.clock, this.#random),
      node: () => this.#node(),
      podIPs: (podUid) => this.#pleg.view(podUid).ips,
    });
  }

  #workerOptions(): WorkerOptions {
    return {
      clock: this.#scope.clock, random: this.#random, pleg: this.#pleg, syncer: this.#syncer, podSyncMs: this.#latencies.podSyncMs,
      retryIn: (podUid, delayMs) => this.#retries.enqueue(podUid, delayMs),
      onFinished: (podUid) => this.#onFinished(podUid),
    };
  }

  #memory(pod: Pod, notes: PodNotes): PodMemory {
    const uid = pod.metadata.uid!;
    return {
      status: this.#statuses.get(uid) ?? pod.status,
      waitingReasons: notes.waitingReasons,
      probes: this.#prober.state(uid),
      resizeConditions: [],
      actuated: new Map(),
      hostIPs: this.#node().hostIPs,
      kubeletStartedAt: this.#startedAt,
    };
  }

  #node(): NodeFacts {
    const node = this.#port.lister<Node & KubeObject>('nodes').get('', this.#nodeName);
    const hostIPs = (node?.status.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
    return { hostIPs, allocatable: node?.status.allocatable ?? {} };
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
