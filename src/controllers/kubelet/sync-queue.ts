/**
 * Pods that are to be synced later, each at most once; a new time replaces the old one (kubelet/util/queue). The sync
 * loop looks at it once per tick, and no timer runs while it is empty.
 */
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import { Heap } from '../../lib/heap.ts';
import { tickAtOrAfter, type Ticks } from './ticks.ts';

interface Item {
  readonly uid: string;
  readonly at: Millis;
}

export class SyncQueue {
  readonly #clock: Clock;
  readonly #ticks: Ticks;
  readonly #onDue: (uid: string) => void;
  readonly #dueAt = new Map<string, Millis>();
  readonly #heap = new Heap<Item>((a, b) => a.at < b.at);
  #timer: Timer | undefined;

  constructor(clock: Clock, ticks: Ticks, onDue: (uid: string) => void) {
    this.#clock = clock;
    this.#ticks = ticks;
    this.#onDue = onDue;
  }

  /** Syncs the Pod at the first tick that is `delayMs` or more from now. */
  enqueue(uid: string, delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    this.#dueAt.set(uid, at);
    this.#heap.push({ uid, at });
    this.#arm();
  }

  /** As `enqueue`, but a time that comes sooner stays. */
  enqueueUnlessSooner(uid: string, delayMs: number): void {
    const at = this.#dueAt.get(uid);
    if (at === undefined || at > this.#clock.now() + delayMs) this.enqueue(uid, delayMs);
  }

  remove(uid: string): void {
    this.#dueAt.delete(uid);
  }

  close(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#dueAt.clear();
  }

  #arm(): void {
    for (let top = this.#heap.peek(); top && this.#dueAt.get(top.uid) !== top.at; top = this.#heap.peek()) this.#heap.pop();
    const next = this.#heap.peek();
    const tick = next && tickAtOrAfter(this.#ticks, next.at);
    if (this.#timer && this.#timer.at === tick) return;
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = tick === undefined ? undefined : this.#clock.after(tick - this.#clock.now(), 'kubelet sync loop', () => this.#tick());
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let top = this.#heap.peek(); top && top.at <= now; top = this.#heap.peek()) {
      this.#heap.pop();
      if (this.#dueAt.get(top.uid) !== top.at) continue;
      this.#dueAt.delete(top.uid);
      this.#onDue(top.uid);
    }
    this.#arm();
  }
}
