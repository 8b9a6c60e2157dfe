/** How long failed Pods of DaemonSets are left alone (client-go flowcontrol.Backoff): a second at first, twice as long each time, at most 15 minutes. */
import type { Millis } from '../../clock/clock.ts';

const firstMs = 1000;
const mostMs = 15 * 60_000;

interface Pause { readonly since: Millis; readonly ms: number }

/** Kept in memory as upstream does: a controller that starts again begins at a second. */
export class FailedPodBackoff {
  readonly #pauses = new Map<string, Map<string, Pause>>();

  /** Milliseconds that are left of the pause of a node. */
  remainingMs(set: string, node: string, now: Millis): number {
    const pause = this.#pauses.get(set)?.get(node);
    return pause && now - pause.since < pause.ms ? pause.ms : 0;
  }

  /** Begins the next pause. One that is long over is forgotten. */
  next(set: string, node: string, now: Millis): void {
    const nodes = this.#pauses.get(set) ?? new Map<string, Pause>();
    const before = nodes.get(node);
    const fresh = !before || now - before.since > mostMs * 2;
    nodes.set(node, { since: now, ms: fresh ? firstMs : Math.min(before.ms * 2, mostMs) });
    this.#pauses.set(set, nodes);
  }

  forget(set: string): void {
    this.#pauses.delete(set);
  }
}
