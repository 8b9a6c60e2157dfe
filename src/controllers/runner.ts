/**
 * The work queue of a controller: keys that may need work, each at most once, handed to `reconcile` one after another.
 * What fails comes back after a growing pause. Upstream: client-go util/workqueue with its default limiter.
 *
 * A key is worked on by one look at a time. A look that writes is a task, which lasts until its writes are answered; who
 * asks for the key meanwhile gets another look afterwards. So a controller need not expect its own writes: they are in
 * what the next look reads, however late the answers are. Looks at other keys go on meanwhile.
 *
 * Work never runs inside the change handler that asked for it: it runs in a timer of its own, so a request has ended
 * before anybody reacts to it, and a controller sees the last of several quick changes only.
 */
import type { ApiPort, ObjectKey, Outcome, Write } from '../api/port.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import { answer, run, type Task } from './task.ts';

const defaultRetries = { baseMs: 5, maxMs: 1_000_000 };
/** So many keys are worked on before others get their turn. */
const keysPerTurn = 64;

export interface ReconcileResult {
  /** Look at the key again so much later, whatever happens until then. */
  readonly requeueAfterMs?: number;
}

/** Brings one object a step closer to what it should be: a task, unless it writes nothing. */
export type Reconcile = (key: ObjectKey) => Task<ReconcileResult | void> | ReconcileResult | void;

/** The first pause after a failure and the longest, and how many failures in a row are tried again (all of them by default). */
export interface Retries { readonly baseMs: number; readonly maxMs: number; readonly most?: number }

/** Upstream's maxRetries of some controllers. */
export const fifteenRetries: Retries = { ...defaultRetries, most: 15 };

interface Keys {
  readonly ready: Set<ObjectKey>;
  readonly delayed: Map<ObjectKey, Timer>;
  readonly failures: Map<ObjectKey, number>;
  /** Keys that are worked on, and whether somebody has asked for them meanwhile. */
  readonly working: Map<ObjectKey, boolean>;
}

export class WorkQueue {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #reconcile: Reconcile;
  readonly #retries: Retries;
  /** Most queues of a small cluster never see a key. */
  #made: Keys | undefined;
  #turn: Timer | undefined;
  #closed = false;

  /** `name` labels the timers: `namespace-controller`. */
  constructor(clock: Clock, name: string, reconcile: Reconcile, retries = defaultRetries) {
    this.#clock = clock;
    this.#name = name;
    this.#reconcile = reconcile;
    this.#retries = retries;
  }

  /** Asks for a look at `key` as soon as possible. */
  add(key: ObjectKey): void {
    if (this.#closed) return;
    const { ready, working } = this.#keys;
    if (working.has(key)) return void working.set(key, true);
    ready.add(key);
    this.#turn ??= this.#clock.after(0, this.#name, () => this.#work());
  }

  /** Asks for a look `delayMs` from now; of several such wishes the earliest counts. */
  addAfter(key: ObjectKey, delayMs: number): void {
    if (this.#closed) return;
    if (delayMs <= 0) return this.add(key);
    const { delayed } = this.#keys;
    const before = delayed.get(key);
    if (before && before.at <= this.#clock.now() + delayMs) return;
    if (before) this.#clock.cancel(before);
    delayed.set(key, this.#clock.after(delayMs, `${this.#name}: ${key}`, () => {
      delayed.delete(key);
      this.add(key);
    }));
  }

  /** Asks for another look after the back-off of `key`: 5 ms, doubled at every failure, at most 1000 s, unless `retries` says otherwise. */
  retry(key: ObjectKey): void {
    const { failures } = this.#keys;
    const before = failures.get(key) ?? 0;
    if (before >= (this.#retries.most ?? Infinity)) return this.forget(key);
    failures.set(key, before + 1);
    this.addAfter(key, Math.min(this.#retries.baseMs * 2 ** before, this.#retries.maxMs));
  }

  /** Ends the back-off of `key`. */
  forget(key: ObjectKey): void {
    this.#made?.failures.delete(key);
  }

  /** A refused write brings `key` back after its back-off, unless its object is gone. */
  settle(key: ObjectKey, outcome: Outcome): void {
    if (outcome.ok || outcome.status.code === 404) this.forget(key);
    else this.retry(key);
  }

  /** Writes for `key`, and settles it. */
  *write(port: ApiPort, key: ObjectKey, write: Write): Task<Outcome> {
    const outcome = yield* answer(port, write);
    this.settle(key, outcome);
    return outcome;
  }

  close(): void {
    this.#closed = true;
    if (this.#turn) this.#clock.cancel(this.#turn);
    for (const timer of this.#made?.delayed.values() ?? []) this.#clock.cancel(timer);
    this.#made = undefined;
  }

  get #keys(): Keys {
    return this.#made ??= { ready: new Set(), delayed: new Map(), failures: new Map(), working: new Map() };
  }

  #work(): void {
    this.#turn = undefined;
    const { ready } = this.#keys;
    for (const key of nextOf(ready)) {
      ready.delete(key);
      this.#look(key);
    }
    if (ready.size > 0 && !this.#closed) this.#turn ??= this.#clock.after(0, this.#name, () => this.#work());
  }

  #look(key: ObjectKey): void {
    const { working } = this.#keys;
    const end = (result: ReconcileResult | void): void => {
      if (result?.requeueAfterMs !== undefined) this.addAfter(key, result.requeueAfterMs);
      const again = working.get(key);
      working.delete(key);
      if (again) this.add(key);
    };
    working.set(key, false);
    const work = this.#reconcile(key);
    if (work && 'next' in work) run(work, end);
    else end(work);
  }
}

/** Only keys that were ready when the turn began: one that its own work makes ready again waits for the next turn. */
function nextOf(ready: ReadonlySet<ObjectKey>): ObjectKey[] {
  const keys: ObjectKey[] = [];
  for (const key of ready) {
    keys.push(key);
    if (keys.length === keysPerTurn) break;
  }
  return keys;
}
