/**
 * Pods that wait for a node: those to try now (by priority, then age), those that failed and may fit again, and those
 * that only a change in the cluster can help. Upstream: pkg/scheduler/backend/queue.
 *
 * A Pod that failed backs off for 1 s to 10 s, yet whenever nothing else is to be done it is tried at once (upstream
 * pops from the back-off queue when the active one is empty). Only errors, such as a refused binding, really wait.
 */
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import { Heap } from '../../lib/heap.ts';
import type { PodInfo } from './pod-info.ts';
import { mayHelp, updateMayHelp, type ClusterEvent, type NamespaceLabels } from './queueing-hints.ts';

const backOffBaseMs = 1000;
const backOffMaxMs = 10_000;
/** A Pod that nothing has woken for so long is tried anyway, at the next look, which comes every 30 s. */
const unschedulableMaxMs = 300_000;
const flushMs = 30_000;

export interface QueuedPod {
  pod: PodInfo;
  readonly sequence: number;
  attempts: number;
  state: 'active' | 'backOff' | 'unschedulable' | 'error' | 'trying';
  /** When the current wait began, and when its back-off ends. */
  since: Millis;
  backOffUntil: Millis;
  rejectedBy: ReadonlySet<string>;
  retry: Timer | undefined;
}

const noPlugins: ReadonlySet<string> = new Set();

export interface SchedulingQueueOptions {
  readonly clock: Clock;
  readonly namespaceLabels: NamespaceLabels;
  /** Called when a Pod has become ready to be tried. */
  readonly onReady: () => void;
}

export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #namespaceLabels: NamespaceLabels;
  readonly #onReady: () => void;
  readonly #pods = new Map<string, QueuedPod>();
  readonly #unschedulable = new Set<QueuedPod>();
  /** Entries whose Pod has moved on are skipped when they come up. */
  readonly #active = new Heap<QueuedPod>(goesFirst);
  readonly #backOff = new Heap<QueuedPod>((a, b) =>
    backOffWindow(a) === backOffWindow(b) ? goesFirst(a, b) : backOffWindow(a) < backOffWindow(b));
  #sequence = 0;
  #flush: Timer | undefined;

  constructor({ clock, namespaceLabels, onReady }: SchedulingQueueOptions) {
    this.#clock = clock;
    this.#namespaceLabels = namespaceLabels;
    this.#onReady = onReady;
  }

  /** A Pod without a node is new or has changed. */
  set(pod: PodInfo): void {
    const queued = this.#pods.get(pod.key);
    if (queued && queued.pod.pod.metadata.uid === pod.pod.metadata.uid) return this.#update(queued, pod);
    if (queued) this.delete(pod.key);
    const fresh: QueuedPod = {
      pod, sequence: this.#sequence++, attempts: 0, state: 'unschedulable', since: this.#clock.now(), backOffUntil: 0,
      rejectedBy: noPlugins, retry: undefined,
    };
    this.#pods.set(pod.key, fresh);
    if (isGated(pod)) this.#unschedulable.add(fresh);
    else this.#activate(fresh);
  }

  delete(podKey: string): void {
    const queued = this.#pods.get(podKey);
    if (!queued) return;
    this.#pods.delete(podKey);
    this.#leave(queued);
  }

  /** The next Pod to try; it must come back by `putBack` or `delete`. */
  pop(): QueuedPod | undefined {
    const queued = popLive(this.#active, 'active', this.#pods) ?? popLive(this.#backOff, 'backOff', this.#pods);
    if (queued) {
      queued.state = 'trying';
      queued.attempts++;
    }
    return queued;
  }

  /** The Pod fits nowhere; events that concern `rejectedBy` wake it. */
  putBack(queued: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    if (this.#pods.get(queued.pod.key) !== queued) return;
    this.#wait(queued, rejectedBy);
    queued.state = 'unschedulable';
    this.#unschedulable.add(queued);
    this.#armFlush();
  }

  /** Something went wrong; the Pod is tried again after its back-off. */
  putBackAfterError(queued: QueuedPod): void {
    if (this.#pods.get(queued.pod.key) !== queued) return;
    this.#wait(queued, noPlugins);
    queued.state = 'error';
    queued.retry = this.#clock.after(queued.backOffUntil - this.#clock.now(), `scheduler: retry ${queued.pod.key}`, () => this.#activate(queued));
  }

  /** Something has changed in the cluster: wakes the Pods that it may help. */
  move(event: ClusterEvent): void {
    for (const queued of this.#unschedulable) {
      if (!isGated(queued.pod) && mayHelp(queued.pod, queued.rejectedBy, event, this.#namespaceLabels)) this.#wake(queued);
    }
  }

  close(): void {
    if (this.#flush) this.#clock.cancel(this.#flush);
    for (const queued of this.#pods.values()) this.#leave(queued);
    this.#pods.clear();
  }

  #update(queued: QueuedPod, pod: PodInfo): void {
    const previous = queued.pod;
    queued.pod = pod;
    if (queued.state !== 'unschedulable' || isGated(pod)) return;
    if (isGated(previous)) {
      this.#leave(queued);
      this.#activate(queued);
    } else if (updateMayHelp(queued.rejectedBy, pod, previous)) {
      this.#wake(queued);
    }
  }

  #wait(queued: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    const now = this.#clock.now();
    queued.since = now;
    queued.backOffUntil = now + Math.min(backOffBaseMs * 2 ** (queued.attempts - 1), backOffMaxMs);
    queued.rejectedBy = rejectedBy;
  }

  #wake(queued: QueuedPod): void {
    this.#leave(queued);
    if (queued.backOffUntil <= this.#clock.now()) return this.#activate(queued);
    queued.state = 'backOff';
    this.#backOff.push(queued);
    this.#onReady();
  }

  #activate(queued: QueuedPod): void {
    queued.retry = undefined;
    queued.state = 'active';
    this.#active.push(queued);
    this.#onReady();
  }

  #leave(queued: QueuedPod): void {
    this.#unschedulable.delete(queued);
    if (queued.retry) this.#clock.cancel(queued.retry);
    queued.retry = undefined;
  }

  #armFlush(): void {
    this.#flush ??= this.#clock.after(flushMs, 'scheduler: flush unschedulable pods', () => {
      this.#flush = undefined;
      for (const queued of this.#unschedulable) {
        if (!isGated(queued.pod) && this.#clock.now() - queued.since > unschedulableMaxMs) this.#wake(queued);
      }
      if (this.#unschedulable.size > 0) this.#armFlush();
    });
  }
}

/** The order in which Pods are tried. */
function goesFirst(a: QueuedPod, b: QueuedPod): boolean {
  if (a.pod.priority !== b.pod.priority) return a.pod.priority > b.pod.priority;
  return a.since !== b.since ? a.since < b.since : a.sequence < b.sequence;
}

/** Back-offs that end in the same second count as equal. */
const backOffWindow = ({ backOffUntil }: QueuedPod): number => Math.floor(backOffUntil / 1000);

/** Gated Pods are not tried at all. */
const isGated = ({ pod }: PodInfo): boolean => (pod.spec?.schedulingGates?.length ?? 0) > 0;

function popLive(heap: Heap<QueuedPod>, state: QueuedPod['state'], pods: ReadonlyMap<string, QueuedPod>): QueuedPod | undefined {
  for (let queued = heap.pop(); queued; queued = heap.pop()) {
    if (queued.state === state && pods.get(queued.pod.key) === queued) return queued;
  }
  return undefined;
}
