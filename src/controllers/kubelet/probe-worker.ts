/**
 * One probe of one container: when to run it and what its results mean (prober/worker.go). It runs at a fixed phase from
 * the moment the Pod is first synced, and at once when the kubelet wants to know.
 */
import type { Container, ContainerStatus, Pod, PodStatus, Probe } from '../../schema/core/v1.ts';
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import { timeToMs } from '../../schema/values/time.ts';
import type { ProbeKind, ProbeResult } from './memory.ts';
import { isTerminalPhase } from './phase.ts';
import type { ProbeResults } from './probe-results.ts';
import { restartingAllContainers, shouldRestartAfterExit } from './restart-policy.ts';
import { isSidecar } from './pod-containers.ts';

/** A result, or undefined when the probe itself went wrong: then nothing changes. */
export type ProbeRun = (pod: Pod, status: PodStatus, containerId: string, done: (result: ProbeResult | undefined) => void) => void;

export interface ProbeWorkerOptions {
  readonly clock: Clock;
  readonly kind: ProbeKind;
  readonly container: Container;
  readonly spec: Probe;
  readonly results: ProbeResults;
  readonly kubeletStartedAt: Millis;
  /** Before the first run; spreads the probes of a kubelet that has just started. */
  readonly firstDelayMs: number;
  readonly pod: () => Pod;
  readonly status: () => PodStatus | undefined;
  readonly probe: ProbeRun;
  readonly onStop: () => void;
}

const initialResult = { readiness: 'failure', liveness: 'success', startup: 'unknown' } as const;
/** A container that runs this long before the kubelet keeps the readiness that the API shows. */
const restartGraceMs = 10_000;

export class ProbeWorker {
  readonly #options: ProbeWorkerOptions;
  readonly #periodMs: number;
  #timer: Timer | undefined;
  #containerId = '';
  #lastResult: ProbeResult | undefined;
  #resultRun = 0;
  /** Waits for a new instance: the last one has been judged. */
  #onHold = false;
  #probing = false;
  /** A turn came while the probe ran: one is kept. */
  #missedTurn = false;
  #missedTrigger = false;
  #stopped = false;

  constructor(options: ProbeWorkerOptions) {
    this.#options = options;
    this.#periodMs = (options.spec.periodSeconds ?? 10) * 1000;
    this.#timer = options.clock.after(options.firstDelayMs, this.#label, () => this.#turn());
  }

  /** Runs now, and from now on at this phase. */
  trigger(): void {
    if (this.#stopped) return;
    if (this.#probing) this.#missedTrigger = true;
    else this.#turn();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    if (this.#containerId !== '') this.#options.results.remove(this.#options.kind, this.#containerId);
    this.#options.onStop();
  }

  get #label(): string {
    return `${this.#options.kind} probe`;
  }

  /** Sets the ticker anew and probes. */
  #turn(): void {
    this.#tickIn(this.#periodMs);
    this.#probe();
  }

  #tickIn(delayMs: number): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = this.#options.clock.after(delayMs, this.#label, () => {
      this.#tickIn(this.#periodMs);
      if (this.#probing) this.#missedTurn = true;
      else this.#probe();
    });
  }

  #probe(): void {
    this.#probing = true;
    this.#judge((keepGoing) => {
      this.#probing = false;
      if (this.#stopped) return;
      if (!keepGoing) return this.stop();
      if (this.#missedTurn) {
        this.#missedTurn = false;
        this.#probe();
      } else if (this.#missedTrigger) {
        this.#missedTrigger = false;
        this.#turn();
      }
    });
  }

  /** One turn; `done(false)` ends the worker. */
  #judge(done: (keepGoing: boolean) => void): void {
    const { kind, container, spec, clock } = this.#options;
    const pod = this.#options.pod();
    const status = this.#options.status();
    if (!status) return done(true);
    if (isTerminalPhase(status.phase)) return done(false);
    const current = findStatus(status, container.name);
    if (!current?.containerID) return done(true);
    if (current.containerID !== `containerd://${this.#containerId}`) this.#follow(current);
    if (this.#onHold) return done(true);
    if (!current.state?.running) {
      this.#set('failure');
      return done(!hasEndedForGood(container, pod, status));
    }
    if (pod.metadata.deletionTimestamp !== undefined && kind !== 'readiness') {
      this.#set('success');
      return done(false);
    }
    const runsSince = timeToMs(current.state.running.startedAt);
    if (Math.floor((clock.now() - runsSince) / 1000) < (spec.initialDelaySeconds ?? 0)) return done(true);
    // Until the container has started only the startup probe runs, and afterwards only the others.
    if ((current.started === true) === (kind === 'startup')) return done(true);
    this.#options.probe(pod, status, this.#containerId, (result) => {
      if (result !== undefined && !this.#stopped) this.#count(result);
      done(true);
    });
  }

  /** A new instance: its result begins as its kind does. */
  #follow(current: ContainerStatus): void {
    const { kind, container, results, kubeletStartedAt } = this.#options;
    if (this.#containerId !== '') results.remove(kind, this.#containerId);
    this.#containerId = current.containerID!.replace('containerd://', '');
    this.#onHold = false;
    const running = current.state?.running;
    const ranBefore = running !== undefined && timeToMs(running.startedAt) < kubeletStartedAt - restartGraceMs;
    if (kind === 'startup' && isSidecar(container) && current.started === true) this.#set('success');
    if (!ranBefore) this.#set(initialResult[kind]);
  }

  #count(result: ProbeResult): void {
    const { kind, spec } = this.#options;
    if (this.#lastResult === result) this.#resultRun++;
    else {
      this.#lastResult = result;
      this.#resultRun = 1;
    }
    const threshold = result === 'failure' ? spec.failureThreshold ?? 3 : spec.successThreshold ?? 1;
    if (this.#resultRun < threshold) return;
    this.#set(result);
    if (kind === 'startup' || (kind === 'liveness' && result === 'failure')) {
      this.#onHold = true;
      this.#resultRun = 0;
    }
  }

  #set(result: ProbeResult): void {
    const { kind, results } = this.#options;
    results.set({ kind, podUid: this.#options.pod().metadata.uid!, containerId: this.#containerId, result });
  }
}

/** Whether the last instance of a container has ended and nothing starts another one. */
export function hasEndedForGood(container: Container, pod: Pod, status: PodStatus): boolean {
  const end = findStatus(status, container.name)?.state?.terminated;
  return end !== undefined && !shouldRestartAfterExit(container, pod.spec, end.exitCode) && !restartingAllContainers(pod, undefined, status);
}

/** Regular containers first, then init containers, where they have an instance. */
function findStatus(status: PodStatus, name: string): ContainerStatus | undefined {
  const named = (s: ContainerStatus) => s.name === name && s.containerID !== undefined;
  return status.containerStatuses?.find(named) ?? status.initContainerStatuses?.find(named);
}
