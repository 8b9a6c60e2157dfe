/** The parts of one run of a kubelet, wired together. What happens in them is reported to `KubeletHooks`. */
import type { ApiPort } from '../../api/port.ts';
import type { Millis } from '../../clock/clock.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { Allocation, type AllocationCheckpoint } from './allocation.ts';
import { ContainerStarter } from './container-starter.ts';
import type { NodeFacts } from './downward-api.ts';
import { Images } from './images.ts';
import type { KubeletOptions } from './kubelet.ts';
import { Killer } from './killing.ts';
import type { PodMemory } from './memory.ts';
import { Pleg } from './pleg.ts';
import { PodEvents } from './pod-events.ts';
import type { PodObject } from './pod-source.ts';
import { PodSyncer, type PodNotes } from './pod-syncer.ts';
import { ProbeResults, type ProbeUpdate } from './probe-results.ts';
import { ProbeRunner } from './probe-runner.ts';
import { Prober } from './prober.ts';
import { Scope } from './scope.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { reconcilePeriodMs, StatusManager } from './status-manager.ts';
import { SyncQueue } from './sync-queue.ts';
import { terminationMessage } from './termination-message.ts';
import { Volumes } from './volumes.ts';

/** A Pod is looked at again about this often; only Pods whose volumes are out of date need it. */
const resyncMs = 90_000;
/** The sync loop tidies up at every second of its ticks (kubelet.go housekeepingPeriod). */
const housekeepingTicks = 2;

export interface KubeletHooks {
  /** The Pod as it is now at the API. */
  pod(podUid: string): PodObject | undefined;
  couldHaveRunningContainers(podUid: string): boolean;
  /** The Pod object at the API that shows the status of `pod`. */
  apiPod(pod: Pod): PodObject | undefined;
  onProbe(update: ProbeUpdate): void;
  onRuntimeChange(podUid: string, died: readonly string[]): void;
  onResize(podUid: string): void;
  onRetry(podUid: string): void;
  onDeadline(podUid: string): void;
  onOrphan(podUid: string): void;
}

export class KubeletParts {
  readonly scope: Scope;
  readonly startedAt: Millis;
  readonly events: PodEvents;
  readonly pleg: Pleg;
  readonly statuses: StatusManager;
  readonly prober: Prober;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly killer: Killer;
  readonly starter: ContainerStarter;
  readonly allocation: Allocation;
  readonly syncer: PodSyncer;
  readonly retries: SyncQueue;
  readonly deadlines: SyncQueue;
  /** Pods that still run though their object is gone, until the sync loop tidies up. */
  readonly orphans: SyncQueue;
  readonly #port: ApiPort;
  readonly #nodeName: string;
  #facts: (NodeFacts & { readonly node: Node | undefined }) | undefined;

  constructor(options: KubeletOptions, hooks: KubeletHooks, since: Millis, checkpoint: AllocationCheckpoint) {
    const { nodeName, port, clock: outerClock, random, runtime: outerRuntime, latencies, recorder, signToken } = options;
    this.#port = port;
    this.#nodeName = nodeName;
    this.scope = new Scope(outerClock, outerRuntime);
    this.startedAt = since;
    const { clock, runtime } = this.scope;
    const events = this.events = new PodEvents(recorder);
    const pleg = this.pleg = new Pleg({
      clock, runtime, podRelistMs: latencies.podRelistMs,
      ticks: { periodMs: latencies.relistPeriodMs, phaseMs: latencies.relistPhaseMs },
      terminationMessage: (instance) => terminationMessage(runtime, hooks.pod(instance.config.podUid), instance),
      onChange: (podUid, died) => hooks.onRuntimeChange(podUid, died),
    });
    const statuses = this.statuses = new StatusManager({
      port, clock, writeDelayMs: latencies.statusWriteMs, reconcilePhaseMs: outerClock.now() % reconcilePeriodMs,
      couldHaveRunningContainers: (podUid) => hooks.couldHaveRunningContainers(podUid),
      apiPod: (pod) => hooks.apiPod(pod),
    });
    const results = new ProbeResults((update) => hooks.onProbe(update));
    const prober = this.prober = new Prober({
      clock, random, results, startedAt: since, roundMs: latencies.roundMs, runner: new ProbeRunner(clock, runtime, events),
      pod: (podUid) => hooks.pod(podUid), status: (podUid) => statuses.get(podUid),
    });
    const images = this.images = new Images(clock, runtime, events);
    const node = () => this.#nodeFacts();
    const volumes = this.volumes = new Volumes({
      port, clock, runtime, events, node, mountMs: latencies.volumeMountMs, pollMs: latencies.volumePollMs,
      tokens: new ServiceAccountTokens(signToken, clock, random), podIPs: (podUid) => pleg.view(podUid).ips,
      objects: options.pods, onOutdated: (podUid) => this.retries.enqueueUnlessSooner(podUid, random.below(resyncMs)),
    });
    const killer = this.killer = new Killer({ clock, runtime, events, sandboxStopMs: latencies.sandboxStopMs });
    const starter = this.starter = new ContainerStarter({
      port, clock, runtime, events, images, volumes, killer, node, createMs: latencies.containerCreateMs,
    });
    const allocation = this.allocation = new Allocation({
      clock, events, checkpoint, node: () => this.#node(), pod: (podUid) => hooks.pod(podUid), onResize: (podUid) => hooks.onResize(podUid),
    });
    this.syncer = new PodSyncer({
      clock, runtime, events, statuses, prober, volumes, killer, starter, allocation, volumeUnmountMs: latencies.volumeUnmountMs, roundMs: latencies.roundMs,
      memory: (pod, notes) => this.#memory(pod, notes),
      viewNow: (podUid) => pleg.viewNow(podUid),
      requestReinspect: (podUid) => pleg.requestReinspect(podUid),
    });
    const ticks = { periodMs: latencies.syncLoopPeriodMs, phaseMs: latencies.syncLoopPhaseMs };
    this.retries = new SyncQueue(clock, ticks, (podUid) => hooks.onRetry(podUid));
    this.deadlines = new SyncQueue(clock, ticks, (podUid) => hooks.onDeadline(podUid));
    this.orphans = new SyncQueue(clock, { ...ticks, periodMs: housekeepingTicks * ticks.periodMs }, (podUid) => hooks.onOrphan(podUid));
  }

  /** Drops all that is kept of a Pod, and what is left of it in the runtime. */
  forget(podUid: string): void {
    this.prober.removePod(podUid);
    this.statuses.forget(podUid);
    this.images.forget(podUid);
    this.starter.forget(podUid);
    this.volumes.unmount(podUid);
    this.allocation.forget(podUid);
    this.retries.remove(podUid);
    this.deadlines.remove(podUid);
    this.orphans.remove(podUid);
    this.pleg.forget(podUid);
    const { runtime } = this.scope;
    for (const { id } of runtime.containers(podUid)) runtime.removeContainer(id);
    for (const { id } of runtime.sandboxes(podUid)) runtime.removeSandbox(id);
  }

  close(): void {
    this.scope.close();
    this.volumes.close();
    this.pleg.close();
    this.statuses.close();
  }

  #memory(pod: Pod, notes: PodNotes): PodMemory {
    const uid = pod.metadata.uid!;
    return {
      status: this.statuses.get(uid) ?? pod.status,
      waitingReasons: notes.waitingReasons,
      probes: this.prober.state(uid),
      resizeConditions: this.allocation.conditions(uid),
      actuated: this.allocation.actuated(uid),
      hostIPs: this.#nodeFacts().hostIPs,
      kubeletStartedAt: this.startedAt,
    };
  }

  #node(): Node | undefined {
    return this.#port.lister<Node & KubeObject>('nodes').get('', this.#nodeName);
  }

  #nodeFacts(): NodeFacts {
    const node = this.#node();
    if (!this.#facts || this.#facts.node !== node) {
      const hostIPs = (node?.status.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
      this.#facts = { node, hostIPs, allocatable: node?.status.allocatable ?? {} };
    }
    return this.#facts;
  }
}
