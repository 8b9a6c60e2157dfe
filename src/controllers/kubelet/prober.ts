/** The probe workers of all Pods of a node (prober/prober_manager.go). */
import type { Pod, PodStatus } from '../../schema/core/v1.ts';
import type { Clock, Millis } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import type { ProbeKind, ProbeState } from './memory.ts';
import { probedContainersOf } from './pod-containers.ts';
import type { ProbeResults } from './probe-results.ts';
import type { ProbeRunner } from './probe-runner.ts';
import { hasEndedForGood, ProbeWorker } from './probe-worker.ts';

export interface ProberOptions {
  readonly clock: Clock;
  readonly random: Prng;
  /** The start of the kubelet. */
  readonly startedAt: Millis;
  readonly runner: ProbeRunner;
  readonly roundMs: number;
  readonly results: ProbeResults;
  /** The Pod as it is now at the API. */
  readonly pod: (podUid: string) => Pod | undefined;
  readonly status: (podUid: string) => PodStatus | undefined;
}

const kinds: readonly ProbeKind[] = ['startup', 'readiness', 'liveness'];
const specOf = { startup: 'startupProbe', readiness: 'readinessProbe', liveness: 'livenessProbe' } as const;

export class Prober {
  readonly #options: ProberOptions;
  readonly #workers = new Map<string, Map<string, ProbeWorker>>();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /**
   * Starts the workers of a Pod; where one runs already, that one and those behind it stay as they are (AddPod). A worker
   * leaves a container that has ended for good, and its last word asks for a sync, which starts the next worker: such a
   * Pod is synced at every look at the runtime, as the BackOff events of its other containers show.
   */
  addPod(pod: Pod): void {
    const uid = pod.metadata.uid!;
    const status = this.#options.status(uid);
    for (const container of probedContainersOf(pod)) {
      const roundMs = status && hasEndedForGood(container, pod, status) ? this.#options.roundMs : 0;
      for (const kind of kinds) {
        const spec = container[specOf[kind]];
        if (!spec) continue;
        if (this.#workers.get(uid)?.has(`${kind}/${container.name}`)) return;
        const { clock, random, runner, results, startedAt } = this.#options;
        const periodMs = (spec.periodSeconds ?? 10) * 1000;
        const isFresh = periodMs > clock.now() - startedAt;
        const key = `${kind}/${container.name}`;
        const worker = new ProbeWorker({
          clock, kind, container, spec, results,
          kubeletStartedAt: startedAt,
          firstDelayMs: isFresh ? random.below(periodMs) : roundMs,
          pod: () => this.#options.pod(uid) ?? pod,
          status: () => this.#options.status(uid),
          probe: (now, status, containerId, done) => runner.run(kind, now, container, spec, status, containerId, done),
          onStop: () => this.#remove(uid, key),
        });
        let workers = this.#workers.get(uid);
        if (!workers) this.#workers.set(uid, (workers = new Map()));
        workers.set(key, worker);
      }
    }
  }

  /** Runs a readiness probe now. */
  trigger(podUid: string, containerName: string): void {
    this.#workers.get(podUid)?.get(`readiness/${containerName}`)?.trigger();
  }

  /** A Pod terminates: its regular containers are no longer restarted, but their readiness still counts. */
  stopLivenessAndStartup(pod: Pod): void {
    for (const { name } of pod.spec.containers) {
      for (const kind of ['liveness', 'startup']) this.#workers.get(pod.metadata.uid!)?.get(`${kind}/${name}`)?.stop();
    }
  }

  removePod(podUid: string): void {
    for (const worker of this.#workers.get(podUid)?.values() ?? []) worker.stop();
  }

  close(): void {
    for (const podUid of this.#workers.keys()) this.removePod(podUid);
  }

  /** What the pure functions may know of a Pod's probes. */
  state(podUid: string): ProbeState {
    return {
      result: (kind, containerId) => this.#options.results.get(kind, containerId.replace('containerd://', '')),
      probed: (kind, name) => this.#workers.get(podUid)?.has(`${kind}/${name}`) ?? false,
    };
  }

  #remove(podUid: string, key: string): void {
    const workers = this.#workers.get(podUid);
    workers?.delete(key);
    if (workers?.size === 0) this.#workers.delete(podUid);
  }
}
