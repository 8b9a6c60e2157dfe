/**
 * The Pods whose resize the node has not granted yet (allocation/allocation_manager.go podsWithPendingResizes): whenever
 * room may have come free, and every three minutes, all of them are tried again in the order of their claims.
 */
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import type { Pod } from '../../schema/core/v1.ts';

const retryMs = 180_000;

export interface PendingResizesOptions {
  readonly clock: Clock;
  readonly pod: (podUid: string) => Pod | undefined;
  /** Whether the resize takes more than the Pod has. */
  readonly increases: (pod: Pod) => boolean;
  /** Since when the resize is deferred; undefined for one that has not been tried. */
  readonly pendingSince: (podUid: string) => Millis | undefined;
  /** Tries to grant a resize; true when it is still to wait. */
  readonly attempt: (pod: Pod) => boolean;
  /** The resize was granted, or what is told of it is new. */
  readonly onChange: (podUid: string) => void;
}

export class PendingResizes {
  readonly #options: PendingResizesOptions;
  #queue: string[] = [];
  #timer: Timer | undefined;

  constructor(options: PendingResizesOptions) {
    this.#options = options;
  }

  get waiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Puts a Pod in its place among those that wait. */
  push(podUid: string): void {
    if (this.#queue.includes(podUid)) return;
    this.#queue = [...this.#queue, podUid]
      .flatMap((uid) => this.#options.pod(uid) ?? [])
      .map((pod) => ({ uid: pod.metadata.uid!, claim: this.#claimOf(pod) }))
      .sort((a, b) => compareClaims(a.claim, b.claim))
      .map(({ uid }) => uid);
  }

  /** Tries all that wait, the best claim first. */
  retry(): void {
    const { clock, pod: podOf, attempt, onChange } = this.#options;
    if (this.#timer) clock.cancel(this.#timer);
    this.#timer = undefined;
    const tried = this.#queue.flatMap((uid) => podOf(uid) ?? []);
    this.#queue = tried.filter((pod) => attempt(pod)).map(({ metadata }) => metadata.uid!);
    if (this.#queue.length > 0) this.#timer = clock.after(retryMs, 'kubelet resize retry', () => this.retry());
    for (const { metadata } of tried) onChange(metadata.uid!);
  }

  /** The less, the better: what takes nothing, then priority, Guaranteed Pods, and who has waited longest (sortPendingResizes). */
  #claimOf(pod: Pod): readonly number[] {
    const { increases, pendingSince } = this.#options;
    return [
      increases(pod) ? 1 : 0, -(pod.spec.priority ?? 0), pod.status.qosClass === 'Guaranteed' ? 0 : 1,
      pendingSince(pod.metadata.uid!) ?? Number.MAX_SAFE_INTEGER,
    ];
  }
}

function compareClaims(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
