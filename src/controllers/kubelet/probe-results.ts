/** What the probes of all containers have found, by instance (prober/results). */
import type { ProbeKind, ProbeResult } from './memory.ts';

export interface ProbeUpdate {
  readonly kind: ProbeKind;
  readonly podUid: string;
  readonly containerId: string;
  readonly result: ProbeResult;
}

export class ProbeResults {
  readonly #results = new Map<string, ProbeResult>();
  readonly #onUpdate: (update: ProbeUpdate) => void;

  constructor(onUpdate: (update: ProbeUpdate) => void) {
    this.#onUpdate = onUpdate;
  }

  get(kind: ProbeKind, containerId: string): ProbeResult | undefined {
    return this.#results.get(`${kind}/${containerId}`);
  }

  /** Tells the kubelet when the result is new or another one. */
  set(update: ProbeUpdate): void {
    const key = `${update.kind}/${update.containerId}`;
    if (this.#results.get(key) === update.result) return;
    this.#results.set(key, update.result);
    this.#onUpdate(update);
  }

  remove(kind: ProbeKind, containerId: string): void {
    this.#results.delete(`${kind}/${containerId}`);
  }
}
