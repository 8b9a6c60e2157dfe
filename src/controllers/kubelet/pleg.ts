/**
 * The Pod lifecycle event generator: the kubelet's look at the runtime (pleg/generic.go). It keeps the view of each Pod
 * as of the last look, tells when containers or sandboxes started or stopped, and lets workers wait for a look that is
 * newer than their last sync. Looks are made only where the runtime said that something happened or somebody waits; the
 * others would find nothing.
 */
import type { Clock, Millis, Timer } from '../../clock/clock.ts';
import type { Container, RuntimeEvent, Sandbox } from '../../runtime/runtime.ts';
import { emptyView, type PodView } from './pod-view.ts';
import type { KubeletRuntime } from './scope.ts';
import { tickAfter, tickAtOrAfter, lastTick, type Ticks } from './ticks.ts';

export interface PlegOptions {
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly ticks: Ticks;
  /** From a requested look at one Pod to the look. */
  readonly podRelistMs: number;
  /** The text to show for an exited container: its own message or, where the spec asks for it, the end of its log. */
  readonly terminationMessage: (container: Container) => string | undefined;
  /** Something of the Pod started or stopped; `died` lists containers. */
  readonly onChange: (podUid: string, died: readonly string[]) => void;
}

/** A point in the sequence of looks. */
export interface Moment {
  readonly at: Millis;
  readonly relists: number;
}

interface Record {
  view: PodView;
  readonly states: Map<string, string>;
  /** Looks at this Pod alone. */
  relists: number;
  relistTimer: Timer | undefined;
  /** Report the Pod at the next look even if nothing started or stopped. */
  reinspect: boolean;
}

interface Waiter {
  readonly podUid: string;
  readonly after: Millis;
  readonly done: () => void;
}

export class Pleg {
  readonly #options: PlegOptions;
  readonly #records = new Map<string, Record>();
  readonly #dirty = new Set<string>();
  #waiters: Waiter[] = [];
  #timer: Timer | undefined;
  #open = true;

  constructor(options: PlegOptions) {
    this.#options = options;
    for (const podUid of options.runtime.podUids()) this.#update(podUid);
  }

  /** To be called with every event of the runtime. */
  observe(event: RuntimeEvent): void {
    this.markChanged(event.podUid);
  }

  /** Something about the Pod may be different at the next look. */
  markChanged(podUid: string): void {
    if (!this.#open) return;
    this.#dirty.add(podUid);
    this.#arm();
  }

  /** The Pod as of the last look. */
  view(podUid: string): PodView {
    return this.#records.get(podUid)?.view ?? emptyView;
  }

  /** The Pod as it is, without telling anybody: for the end of a termination. */
  viewNow(podUid: string): PodView {
    return this.#snapshot(podUid);
  }

  moment(podUid: string): Moment {
    return { at: this.#options.clock.now(), relists: this.#records.get(podUid)?.relists ?? 0 };
  }

  /** Calls `done` once the view is newer than `since`; at once when it is. */
  waitNewer(podUid: string, since: Moment | undefined, done: () => void): void {
    if (!since || this.#isNewer(podUid, since)) return done();
    this.#waiters.push({ podUid, after: since.at, done });
    this.#arm();
  }

  /** Looks at one Pod soon, because a sync changed something. */
  requestRelist(podUid: string): void {
    const record = this.#record(podUid);
    record.relistTimer ??= this.#options.clock.after(this.#options.podRelistMs, 'kubelet pod relist', () => {
      record.relistTimer = undefined;
      this.#dirty.delete(podUid);
      this.#look(podUid);
      record.relists++;
      this.#resume((waiter) => waiter.podUid === podUid);
    });
  }

  /** Has the Pod reported at the next look, whatever it shows. */
  requestReinspect(podUid: string): void {
    this.#record(podUid).reinspect = true;
  }

  forget(podUid: string): void {
    const record = this.#records.get(podUid);
    if (record?.relistTimer) this.#options.clock.cancel(record.relistTimer);
    this.#records.delete(podUid);
    this.#dirty.delete(podUid);
  }

  close(): void {
    this.#open = false;
    for (const podUid of this.#records.keys()) this.forget(podUid);
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#waiters = [];
  }

  #isNewer(podUid: string, since: Moment): boolean {
    const { clock, ticks } = this.#options;
    if ((this.#records.get(podUid)?.relists ?? 0) > since.relists) return true;
    return ticks.periodMs === 0 ? !this.#dirty.has(podUid) : lastTick(ticks, clock.now()) > since.at;
  }

  /** One timer for the next look that matters. */
  #arm(): void {
    const { clock, ticks } = this.#options;
    const now = clock.now();
    const times = this.#waiters.map((waiter) => tickAfter(ticks, waiter.after));
    if (this.#dirty.size > 0) times.push(tickAtOrAfter(ticks, now));
    const next = Math.max(now, Math.min(...times));
    if (times.length === 0 || (this.#timer && this.#timer.at <= next)) return;
    if (this.#timer) clock.cancel(this.#timer);
    this.#timer = clock.after(next - now, 'kubelet relist', () => this.#relist());
  }

  #relist(): void {
    this.#timer = undefined;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const podUid of dirty) this.#look(podUid);
    const now = this.#options.clock.now();
    this.#resume((waiter) => this.#options.ticks.periodMs === 0 || waiter.after < now);
    if (this.#waiters.length > 0 || this.#dirty.size > 0) this.#arm();
  }

  #resume(isDue: (waiter: Waiter) => boolean): void {
    const due = this.#waiters.filter(isDue);
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const waiter of due) waiter.done();
  }

  /** Looks at a Pod and reports what changed. */
  #look(podUid: string): void {
    const { report, died } = this.#update(podUid);
    if (report) this.#options.onChange(podUid, died);
  }

  #update(podUid: string): { readonly report: boolean; readonly died: readonly string[] } {
    const record = this.#record(podUid);
    const view = this.#snapshot(podUid);
    const states = new Map<string, string>();
    for (const { id, state } of view.containers) states.set(id, state);
    for (const { id, state } of view.sandboxes) states.set(id, state);
    const died = view.containers.filter(({ id, state }) => state === 'exited' && record.states.get(id) !== 'exited').map(({ id }) => id);
    const vanished = [...record.states].some(([id, state]) => !states.has(id) && state !== 'exited' && state !== 'notReady');
    const changed = [...states].some(([id, state]) => state !== 'created' && record.states.get(id) !== state);
    record.view = view;
    record.states.clear();
    for (const [id, state] of states) record.states.set(id, state);
    const report = changed || vanished || record.reinspect;
    record.reinspect = false;
    return { report, died };
  }

  #snapshot(podUid: string): PodView {
    const { runtime, terminationMessage } = this.#options;
    const sandboxes = runtime.sandboxes(podUid).map(copySandbox);
    const containers = runtime.containers(podUid).map((container) =>
      copyContainer(container, container.state === 'exited' ? terminationMessage(container) : container.message));
    const ready = sandboxes[0]?.state === 'ready' ? sandboxes[0].ips : [];
    return { sandboxes, containers, ips: ready.length > 0 ? ready : this.view(podUid).ips };
  }

  #record(podUid: string): Record {
    let record = this.#records.get(podUid);
    if (!record) {
      record = { view: emptyView, states: new Map(), relists: 0, relistTimer: undefined, reinspect: false };
      this.#records.set(podUid, record);
    }
    return record;
  }
}

// The runtime's own objects change; the view must not.

const copySandbox = ({ id, podUid, attempt, state, ips, createdAt }: Sandbox): Sandbox => ({ id, podUid, attempt, state, ips: [...ips], createdAt });

const copyContainer = (container: Container, message: string | undefined): Container => {
  const { id, sandboxId, config, image, state, createdAt, startedAt, finishedAt, exitCode, reason, user } = container;
  return { id, sandboxId, config, image, state, createdAt, startedAt, finishedAt, exitCode, reason, message, user };
};
