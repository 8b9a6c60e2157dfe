/**
 * Mounts and unmounts the volumes of Pods (the volume manager and its reconciler): hands files to the runtime, retries
 * what cannot be mounted with FailedMount events, and rewrites files whose source has changed when the Pod is synced.
 */
import type { Container, PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../schema/core/v1.ts';
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import type { RuntimeMount } from '../../runtime/runtime.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { asSeen, type NodeFacts } from './downward-api.ts';
import { expandSubPath } from './expansion.ts';
import { HostPaths } from './host-paths.ts';
import type { PodEvents } from './pod-events.ts';
import type { PodSource } from './pod-source.ts';
import { claimNameOf } from '../volumes/pod-claims.ts';
import type { KubeletRuntime } from './scope.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { wait, type Task } from '../task.ts';
import { tickAtOrAfter } from './ticks.ts';
import { downwardItems, downwardText, MountError, volumeFiles } from './volume-files.ts';
import { volumeOptions } from './volume-options.ts';

const retryInitialMs = 500;
const retryMaxMs = 122_000;
/** How long a sync waits for volumes before it gives up and is retried as a whole. */
const waitTimeoutMs = 123_000;

export interface VolumeOptions {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly events: PodEvents;
  readonly tokens: ServiceAccountTokens;
  readonly node: () => NodeFacts;
  readonly podIPs: (podUid: string) => readonly string[];
  readonly objects: Pick<PodSource, 'watchObject'>;
  /** A mounted volume's source has changed: the Pod should be synced some time. */
  readonly onOutdated: (podUid: string) => void;
  /** From a new Pod to the first attempt. */
  readonly mountMs: number;
  /** Period in which a waiting sync looks whether all is there. */
  readonly pollMs: number;
}

/** Why a wait for volumes ended. */
export type MountOutcome = 'mounted' | 'timeout' | 'cancelled';

interface PodVolumes {
  pod: Pod;
  readonly seenAt: Millis;
  readonly mounted: Set<string>;
  /** Objects that the files were made from, by volume. */
  readonly sources: Map<string, Map<string, KubeObject | undefined>>;
  /** What the files tell of the Pod itself, by volume. */
  readonly downward: Map<string, string>;
  readonly timers: Map<string, Timer>;
  readonly waiters: Set<() => void>;
  /** By `resource/name`. */
  readonly watches: Map<string, () => void>;
}

export class Volumes {
  readonly #options: VolumeOptions;
  readonly #hostPaths = new HostPaths();
  readonly #pods = new Map<string, PodVolumes>();

  constructor(options: VolumeOptions) {
    this.#options = options;
  }

  /** Waits until all volumes of the Pod are there. `onCancel` is given what ends the wait early. */
  *waitMounted(pod: Pod, onCancel: (cancel: () => void) => void): Task<MountOutcome> {
    const { clock, pollMs } = this.#options;
    const startedAt = clock.now();
    const state = this.#state(pod);
    if (this.#allMounted(state)) {
      this.#refresh(state);
      return 'mounted';
    }
    const outcome = yield* wait<MountOutcome>((done) => {
      const finish = (result: MountOutcome) => {
        state.waiters.delete(onMounted);
        clock.cancel(timeout);
        done(result);
      };
      const onMounted = () => finish('mounted');
      const timeout = clock.after(waitTimeoutMs, 'kubelet volume wait', () => finish('timeout'));
      state.waiters.add(onMounted);
      onCancel(() => { if (state.waiters.has(onMounted)) finish('cancelled'); });
    });
    if (outcome === 'mounted') {
      const look = tickAtOrAfter({ periodMs: pollMs, phaseMs: startedAt }, clock.now());
      yield* wait<void>((done) => { clock.after(look - clock.now(), 'kubelet volume poll', done); });
    }
    return outcome;
  }

  /** The mounts of one container. */
  mountsOf(pod: Pod, container: Container, env: ReadonlyMap<string, string>): RuntimeMount[] {
    return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false, subPath, subPathExpr }) => {
      const path = subPathExpr ? expandSubPath(subPathExpr, env) : subPath;
      const volume = pod.spec.volumes?.find((v) => v.name === name);
      const volumeId = volume ? this.#volumeId(pod, volume) : `${pod.metadata.uid}/${name}`;
      return { path: mountPath, readOnly, volumeId, ...(path ? { subPath: path } : {}) };
    });
  }

  unmount(podUid: string): void {
    const state = this.#pods.get(podUid);
    if (!state) return;
    for (const timer of state.timers.values()) this.#options.clock.cancel(timer);
    for (const stop of state.watches.values()) stop();
    for (const volume of state.pod.spec.volumes ?? []) {
      const id = this.#volumeId(state.pod, volume);
      if (id.startsWith(`${podUid}/`)) this.#options.runtime.removeVolume(id);
    }
    this.#options.tokens.forget(podUid);
    this.#pods.delete(podUid);
  }

  close(): void {
    for (const state of this.#pods.values()) for (const stop of state.watches.values()) stop();
    this.#pods.clear();
  }

  #state(pod: Pod): PodVolumes {
    const uid = pod.metadata.uid!;
    let state = this.#pods.get(uid);
    if (state) {
      state.pod = pod;
      return state;
    }
    state = { pod, seenAt: this.#options.clock.now(), mounted: new Set(), sources: new Map(), downward: new Map(), timers: new Map(), waiters: new Set(), watches: new Map() };
    this.#pods.set(uid, state);
    for (const volume of pod.spec.volumes ?? []) this.#mountLater(state, volume, this.#options.mountMs, retryInitialMs);
    return state;
  }

  #allMounted(state: PodVolumes): boolean {
    return (state.pod.spec.volumes ?? []).every(({ name }) => state.mounted.has(name));
  }

  #mountLater(state: PodVolumes, volume: Volume, delayMs: number, nextDelayMs: number): void {
    const timer = this.#options.clock.after(delayMs, 'kubelet volume mount', () => {
      state.timers.delete(volume.name);
      try {
        this.#mount(state, volume);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
        const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`;
        this.#options.events.pod(state.pod, 'Warning', 'FailedMount', message);
        return this.#mountLater(state, volume, nextDelayMs, Math.min(2 * nextDelayMs, retryMaxMs));
      }
      state.mounted.add(volume.name);
      if (this.#allMounted(state)) for (const waiter of state.waiters) waiter();
    });
    state.timers.set(volume.name, timer);
  }

  #mount(state: PodVolumes, volume: Volume): void {
    if (volume.hostPath) this.#hostPaths.check(volume.hostPath.path, volume.hostPath.type);
    const { port, tokens, runtime } = this.#options;
    const objects = new Map<string, KubeObject | undefined>();
    const facts = this.#facts(state, volume);
    const files = volumeFiles(volume, {
      port, tokens,
      onRead: (resource, name, object) => {
        objects.set(`${resource}/${name}`, object);
        this.#watch(state, resource, name);
      },
      ...facts,
    });
    state.sources.set(volume.name, objects);
    if (tellsOfPod(volume)) state.downward.set(volume.name, downwardText(volume, facts));
    runtime.writeVolume(this.#volumeId(state.pod, volume), files, volumeOptions(volume, state.pod));
  }

  #facts({ pod, seenAt }: PodVolumes, volume: Volume) {
    const { node, podIPs } = this.#options;
    return { pod: showsAnnotations(volume) ? asSeen(pod, seenAt) : pod, podIPs: podIPs(pod.metadata.uid!), node: node() };
  }

  #watch(state: PodVolumes, resource: 'configmaps' | 'secrets', name: string): void {
    const key = `${resource}/${name}`;
    if (state.watches.has(key)) return;
    const { namespace = '', uid = '' } = state.pod.metadata;
    const { objects, onOutdated } = this.#options;
    state.watches.set(key, objects.watchObject(resource, namespace, name, () => { if (this.#allMounted(state)) onOutdated(uid); }));
  }

  /** Volumes of the same data have the same id, across Pods where Kubernetes shares them. */
  #volumeId(pod: Pod, volume: Volume): string {
    if (volume.hostPath) return `host:${volume.hostPath.path}`;
    const claimName = claimNameOf(pod, volume);
    if (claimName === undefined) return `${pod.metadata.uid}/${volume.name}`;
    const { namespace = '' } = pod.metadata;
    const claim = this.#options.port.lister<PersistentVolumeClaim>('persistentvolumeclaims').get(namespace, claimName);
    const bound = this.#options.port.lister<PersistentVolume>('persistentvolumes').get('', claim?.spec.volumeName ?? '');
    if (bound?.spec.hostPath) return `host:${bound.spec.hostPath.path}`;
    return bound ? `volume:${bound.metadata.name}` : `claim:${namespace}/${claimName}`;
  }

  /** Rewrites what has changed at its source; a source that is gone leaves the old files. */
  #refresh(state: PodVolumes): void {
    const namespace = state.pod.metadata.namespace ?? '';
    for (const volume of state.pod.spec.volumes ?? []) {
      const objects = state.sources.get(volume.name);
      const outdated = objects && [...objects].some(([key, object]) => {
        const [resource, name] = key.split('/') as [string, string];
        return this.#options.port.lister(resource).get(namespace, name) !== object;
      });
      if (!outdated && !(tellsOfPod(volume) && downwardText(volume, this.#facts(state, volume)) !== state.downward.get(volume.name))) continue;
      try {
        this.#mount(state, volume);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
      }
    }
  }
}

const tellsOfPod = (volume: Volume): boolean => downwardItems(volume).length > 0;

const showsAnnotations = (volume: Volume): boolean =>
  downwardItems(volume).some(({ fieldRef }) => fieldRef?.fieldPath.startsWith('metadata.annotations'));
