/**
 * Eviction of Pods from a node under pressure (eviction/eviction_manager.go): one Pod per pass, the least important that
 * asks for least, never a critical one. The emulated node measures nothing, so messages name no usage.
 */
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Pod, PodStatus } from '../../schema/core/v1.ts';
import { isCriticalPod } from './admission.ts';
import { condition } from './conditions.ts';
import type { PodEvents } from './pod-events.ts';
import type { Kill } from './pod-worker.ts';
import { replaceOrAppend } from './status-merge.ts';

/** What the node is short of. */
export type Pressure = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

const monitorPeriodMs = 10_000;
/** A hard threshold leaves containers no more than this. */
const graceSeconds = 1;
const shortages: Readonly<Record<Pressure, { readonly resource: string; readonly threshold: string; readonly available: string }>> = {
  MemoryPressure: { resource: 'memory', threshold: '100Mi', available: '50Mi' },
  DiskPressure: { resource: 'ephemeral-storage', threshold: '10%', available: '5%' },
  PIDPressure: { resource: 'pids', threshold: '100', available: '50' },
};

export interface EvictionOptions {
  readonly clock: Clock;
  readonly events: PodEvents;
  /** Pods that have not ended. */
  readonly activePods: () => readonly Pod[];
  readonly kill: (podUid: string, kill: Kill) => void;
}

export class Eviction {
  readonly #options: EvictionOptions;
  readonly #pressures = new Set<Pressure>();
  #timer: Timer | undefined;

  constructor(options: EvictionOptions) {
    this.#options = options;
  }

  set(pressure: Pressure, on: boolean): void {
    if (on) this.#pressures.add(pressure);
    else this.#pressures.delete(pressure);
    this.#arm();
  }

  /** One look at the node per period, while there is something to see. */
  #arm(): void {
    if (this.#timer || this.#pressures.size === 0) return;
    this.#timer = this.#options.clock.after(monitorPeriodMs, 'kubelet eviction', () => {
      this.#timer = undefined;
      const [pressure] = this.#pressures;
      if (pressure) this.#evictOne(pressure);
      this.#arm();
    });
  }

  #evictOne(pressure: Pressure): void {
    const { activePods, events, kill } = this.#options;
    const [victim] = rankedForEviction(activePods(), shortages[pressure].resource);
    if (!victim) return;
    const message = evictionMessage(pressure);
    events.pod(victim, 'Warning', 'Evicted', message, { annotations: { starved_resource: shortages[pressure].resource } });
    kill(victim.metadata.uid!, { graceSeconds, status: (status) => endedByKubelet(victim, status, 'Evicted', message) });
  }
}

export function evictionMessage(pressure: Pressure): string {
  const { resource, threshold, available } = shortages[pressure];
  return `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `;
}

/** Those that may go, the first to go first: without a request for what is short, then by priority, then by name. */
export function rankedForEviction(pods: readonly Pod[], resource: string): Pod[] {
  const asks = (pod: Pod) => pod.spec.containers.some(({ resources }) => resources?.requests?.[resource] !== undefined);
  return pods.filter((pod) => !isCriticalPod(pod)).sort((a, b) =>
    Number(asks(a)) - Number(asks(b))
    || (a.spec.priority ?? 0) - (b.spec.priority ?? 0)
    || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}

/** The status of a Pod that the kubelet ended for the sake of its node. */
export function endedByKubelet(pod: Pod, status: PodStatus, reason: string, message: string): PodStatus {
  const conditions = [...(status.conditions ?? [])];
  const target = condition('DisruptionTarget', { status: 'True', reason: 'TerminationByKubelet', message }, pod.metadata.generation);
  replaceOrAppend(conditions, target);
  return { ...status, phase: 'Failed', reason, message, conditions };
}
