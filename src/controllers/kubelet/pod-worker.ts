/**
 * The worker of one Pod (pod_workers.go): it runs one sync after the other, never two at once. However many things
 * happen meanwhile, one more sync follows. A Pod goes through three states and never back: it is synced, then terminated,
 * then finished. Each sync waits for a look at the runtime that is newer than the sync before it.
 */
import type { Pod, PodStatus } from '../../schema/core/v1.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { isTerminalPhase } from './phase.ts';
import type { Moment, Pleg } from './pleg.ts';
import type { PodNotes, PodSyncer } from './pod-syncer.ts';
import { run, wait, type Task } from '../task.ts';

const retryMs = 10_000;
/** The longest wait for a retry, before the random factor. */
const resyncMs = 60_000;
/** Retries take up to half as long again, so that they do not come all at once. */
const jitterFactor = 0.5;

export interface WorkerOptions {
  readonly clock: Clock;
  readonly random: Prng;
  readonly pleg: Pleg;
  readonly syncer: PodSyncer;
  readonly retryIn: (podUid: string, delayMs: number) => void;
  /** The Pod's resources have been given back. */
  readonly onFinished: (podUid: string) => void;
}

/** A reason to end a Pod that is not in its spec: eviction, preemption, node shutdown, an object that is gone. */
export interface Kill {
  readonly graceSeconds?: number;
  readonly status?: (status: PodStatus) => PodStatus;
}

export class PodWorker {
  readonly notes: PodNotes = { waitingReasons: new Map(), nextAttempt: new Map() };
  readonly #options: WorkerOptions;
  readonly #uid: string;
  #pending: Pod | undefined;
  #working = false;
  /** Set while the next round of work has yet to begin. */
  #wake: Timer | undefined;
  #state: 'syncing' | 'terminating' | 'terminated' | 'finished' = 'syncing';
  #graceSeconds: number | undefined;
  #statusOverride: ((status: PodStatus) => PodStatus) | undefined;
  #lastSync: Moment | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: WorkerOptions, pod: Pod) {
    this.#options = options;
    this.#uid = pod.metadata.uid!;
    const hasContainers = options.pleg.view(this.#uid).containers.some(({ state }) => state === 'running');
    if (isTerminalPhase(pod.status.phase) && !hasContainers) this.#state = 'terminated';
  }

  /** Containers may still run. */
  get couldHaveRunningContainers(): boolean {
    return this.#state === 'syncing' || this.#state === 'terminating';
  }

  get terminating(): boolean {
    return this.#state !== 'syncing';
  }

  get finished(): boolean {
    return this.#state === 'finished';
  }

  /** Something about the Pod changed, of which the worker hears after `delayMs`; `kill` ends it. */
  update(pod: Pod, delayMs: number, kill?: Kill): void {
    if (this.#state === 'finished') return;
    const begins = this.#state === 'syncing' && (kill || pod.metadata.deletionTimestamp !== undefined || isTerminalPhase(pod.status.phase));
    if (begins) this.#state = 'terminating';
    if (kill?.status) this.#statusOverride = kill.status;
    const shortened = this.#state === 'terminating' && this.#shortenGrace(pod, kill);
    this.#pending = pod;
    if (!this.#working) this.#wakeIn(delayMs);
    if (begins || shortened) this.#cancel?.();
  }

  #wakeIn(delayMs: number): void {
    const { clock } = this.#options;
    if (this.#wake && this.#wake.at <= clock.now() + delayMs) return;
    if (this.#wake) clock.cancel(this.#wake);
    this.#wake = clock.after(delayMs, 'kubelet pod sync', () => {
      this.#wake = undefined;
      this.#working = true;
      run(this.#work(), () => {});
    });
  }

  /** The smallest grace period that was asked for counts, at least a second (calculateEffectiveGracePeriod). */
  #shortenGrace(pod: Pod, kill: Kill | undefined): boolean {
    const before = this.#graceSeconds;
    const asked = [before, pod.metadata.deletionGracePeriodSeconds, kill?.graceSeconds].filter((s) => s !== undefined);
    const grace = asked.length > 0 ? Math.min(...asked) : pod.spec.terminationGracePeriodSeconds ?? 1;
    this.#graceSeconds = Math.max(1, grace);
    return before !== undefined && before !== this.#graceSeconds;
  }

  *#work(): Task<void> {
    const { clock, pleg } = this.#options;
    for (let pod = this.#take(); pod; pod = this.#take()) {
      // What is to be done is settled before the wait: a deletion that comes meanwhile has its turn after one more sync.
      const state = this.#state;
      yield* wait<void>((done) => pleg.waitNewer(this.#uid, this.#lastSync, done));
      if (state === 'terminating') yield* this.#terminate(pod);
      else if (state === 'terminated') yield* this.#finish(pod);
      else yield* this.#sync(pod);
      // Statuses that are due now are written before the next sync, even where no step takes time.
      if (this.#pending) yield* wait<void>((done) => { clock.after(0, 'kubelet next sync', done); });
    }
    this.#working = false;
  }

  #take(): Pod | undefined {
    const pod = this.#pending;
    this.#pending = undefined;
    return this.finished ? undefined : pod;
  }

  *#sync(pod: Pod): Task<void> {
    const { syncer, pleg } = this.#options;
    const result = yield* syncer.sync(pod, pleg.view(this.#uid), this.notes, (cancel) => { this.#cancel = cancel; });
    this.#cancel = undefined;
    this.#lastSync = pleg.moment(this.#uid);
    if (result.acted && result.failed) pleg.markChanged(this.#uid);
    else if (result.acted) pleg.requestRelist(this.#uid);
    if (result.ended) {
      this.#state = 'terminating';
      this.#shortenGrace(pod, undefined);
      this.#pending ??= pod;
    } else if (result.again) {
      this.#pending ??= pod;
    } else if (result.failed) {
      this.#retry(result.retryAt);
    }
  }

  #retry(at: number | undefined): void {
    const { clock, random, retryIn } = this.#options;
    const delayMs = at === undefined ? retryMs : Math.min(Math.max(at - clock.now(), 0), resyncMs);
    retryIn(this.#uid, Math.round(delayMs * (1 + jitterFactor * random.fraction())));
  }

  *#terminate(pod: Pod): Task<void> {
    const { syncer, pleg } = this.#options;
    yield* syncer.terminate(pod, pleg.view(this.#uid), this.notes, this.#graceSeconds ?? 1, this.#statusOverride);
    this.#lastSync = pleg.moment(this.#uid);
    this.#state = 'terminated';
    this.#statusOverride = undefined;
    this.#pending ??= pod;
  }

  *#finish(pod: Pod): Task<void> {
    const { syncer, pleg, onFinished } = this.#options;
    yield* syncer.finish(pod, pleg.view(this.#uid), this.notes);
    this.#state = 'finished';
    onFinished(this.#uid);
  }
}
