/**
 * Graceful shutdown of a node (nodeshutdown/nodeshutdown_manager.go): when the machine is about to go off, the kubelet
 * takes no more Pods and ends those that it has, critical ones last. Nothing calls a shutdown off.
 */
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Pod, PodStatus } from '../../schema/core/v1.ts';
import { isCriticalPod, type Rejection } from './admission.ts';
import { endedByKubelet } from './eviction.ts';
import type { Kill } from './pod-worker.ts';

/** As `shutdownGracePeriod` and `shutdownGracePeriodCriticalPods` of a KubeletConfiguration: the second is a part of the first. */
export interface ShutdownGrace {
  readonly seconds: number;
  readonly criticalPodsSeconds: number;
}

export interface NodeShutdownOptions {
  readonly clock: Clock;
  /** Pods that have not ended. */
  readonly activePods: () => readonly Pod[];
  readonly kill: (podUid: string, kill: Kill) => void;
}

/** The kubelet has let go of the machine, which goes off this much later. */
const powerOffMs = 1000;
const reason = 'Terminated';
const message = 'Pod was terminated in response to imminent node shutdown.';

export class NodeShutdown {
  readonly #options: NodeShutdownOptions;
  #active = false;
  /** The Pods that the shutdown waits for. */
  readonly #ending = new Set<string>();
  #timer: Timer | undefined;
  #next: () => void = () => undefined;

  constructor(options: NodeShutdownOptions) {
    this.#options = options;
  }

  /** Why no Pod is taken any more. */
  get rejection(): Rejection | undefined {
    return this.#active ? { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' } : undefined;
  }

  /** Ends the node's Pods, then calls `powerOff`. */
  begin({ seconds, criticalPodsSeconds }: ShutdownGrace, powerOff: () => void): void {
    if (this.#active) return;
    this.#active = true;
    const pods = this.#options.activePods();
    const end = () => { this.#options.clock.after(powerOffMs, 'node power-off', powerOff); };
    const endCritical = () => this.#endPods(pods.filter(isCriticalPod), criticalPodsSeconds, end);
    this.#endPods(pods.filter((pod) => !isCriticalPod(pod)), seconds - criticalPodsSeconds, endCritical);
  }

  /** A Pod has ended and given back what it held. */
  finished(podUid: string): void {
    if (this.#ending.delete(podUid) && this.#ending.size === 0) this.#proceed();
  }

  /** Ends Pods side by side; `next` follows when all have ended, at the latest after `graceSeconds`. */
  #endPods(pods: readonly Pod[], graceSeconds: number, next: () => void): void {
    if (pods.length === 0) return next();
    const { clock, kill } = this.#options;
    this.#next = next;
    this.#timer = clock.after(graceSeconds * 1000, 'node shutdown grace', () => this.#proceed());
    for (const pod of pods) {
      const uid = pod.metadata.uid!;
      this.#ending.add(uid);
      const ofPod = pod.spec.terminationGracePeriodSeconds ?? graceSeconds;
      kill(uid, { graceSeconds: Math.min(ofPod, graceSeconds), status: (status) => terminated(pod, status) });
    }
  }

  #proceed(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#ending.clear();
    this.#next();
  }
}

/** A Pod that has Succeeded meanwhile stays so. */
function terminated(pod: Pod, status: PodStatus): PodStatus {
  const ended = endedByKubelet(pod, status, reason, message);
  return status.phase === 'Succeeded' ? { ...ended, phase: status.phase } : ended;
}
