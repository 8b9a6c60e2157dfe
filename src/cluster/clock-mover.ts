/**
 * Moves a cluster's clock on behalf of users. A long move is cut into turns, so that sockets are served and watchers
 * keep up meanwhile; moves asked for at the same time follow one another. At pace `auto` the clock also moves by itself,
 * for as long as somebody waits.
 */
import { TooManyTimers } from '../clock/clock.ts';
import type * as own from '../schema/fakelet/v1.ts';
import { DurationError, parseDuration } from '../schema/values/duration.ts';
import { limits } from '../limits.ts';
import type { Cluster } from './cluster.ts';
import { EmulatorError } from './emulator-error.ts';
import { waitedObjects } from './waited-objects.ts';

export class ClockMover {
  readonly #cluster: Cluster;
  #last: Promise<unknown> = Promise.resolve();
  /** Ends the moves that are under way; there is none when nobody has asked for one. */
  #ending: AbortController | undefined;
  #isAuto: boolean;
  #isPacing = false;
  #autoEnd = 0;

  constructor(cluster: Cluster, isAuto: boolean) {
    this.#cluster = cluster;
    this.#isAuto = isAuto;
  }

  get isAuto(): boolean {
    return this.#isAuto;
  }

  /** Lets the clock follow the host at `rate`, or stand. */
  set(rate: number | undefined, isAuto: boolean): void {
    this.#isAuto = isAuto;
    if (rate === undefined) this.#cluster.clock.hold();
    else this.#cluster.clock.follow(rate);
    this.pace();
  }

  advance(request: own.ClockAdvance): Promise<own.ClockAdvanced> {
    const { duration, to, untilIdle } = request;
    if ([duration, to, untilIdle].filter((part) => part !== undefined).length !== 1) {
      throw new EmulatorError(400, "Failed to advance the clock: give one of duration, to and untilIdle, for example {\"duration\":\"10m\"}.");
    }
    this.#mustStand();
    return this.#inTurn(async (ended) => {
      const { clock } = this.#cluster;
      const now = clock.now();
      const end = to === undefined ? now + milliseconds(duration ?? untilIdle!) : Date.parse(to);
      if (end < now) throw new EmulatorError(400, `Failed to advance the clock: ${to} has passed, it is ${iso(now)}. Give a later time.`);
      let timers = await this.#run(end, () => ended.aborted);
      mustGoOn(ended, 'advance the clock');
      if (untilIdle === undefined) timers += clock.advanceTo(end).timers;
      return { now: iso(clock.now()), timers };
    });
  }

  /** `gone` tells that nobody waits for the answer any more. */
  wait(request: own.WaitRequest, gone?: AbortSignal): Promise<own.WaitResult> {
    const { api, clock } = this.#cluster;
    const waited = waitedObjects(request, api.ports.as('fakelet'), api.services.registry);
    const timeout = request.timeout ?? '5m';
    const timeoutMs = milliseconds(timeout);
    return this.#inTurn(async (ended) => {
      const end = clock.now() + timeoutMs;
      const stop = () => ended.aborted || gone?.aborted === true || waited.met();
      if (clock.rate === undefined) await this.#run(end, stop);
      else await this.#follow(end, stop, [ended, ...(gone ? [gone] : [])]);
      mustGoOn(ended, 'wait');
      if (!waited.met()) {
        const { object, objects } = waited.state();
        throw new EmulatorError(408, `Failed to wait for ${waited.what}: it was not after ${timeout} (now ${iso(clock.now())}). The last state is in 'object'.`,
          object ?? objects ?? null);
      }
      return { now: iso(clock.now()), ...waited.state() } as own.WaitResult;
    });
  }

  /** Ends what is under way, as a reset does. */
  endWaits(): void {
    this.#ending?.abort();
    this.#ending = undefined;
  }

  /** At pace `auto`: goes from timer to timer while somebody waits, an hour for each at most. */
  pace(): void {
    if (!this.#isAuto || this.#cluster.streams.waiting === 0) return;
    const { clock, streams } = this.#cluster;
    this.#autoEnd = clock.now() + limits.autoMsMax;
    if (this.#isPacing) return;
    this.#isPacing = true;
    // What is waited for is asked first: the answer of the request at hand may be on its way.
    void this.#inTurn(async (ended) => {
      await nextTurn();
      await this.#run(() => this.#autoEnd, () => ended.aborted || streams.waiting === 0 || !this.#isAuto);
    }).finally(() => { this.#isPacing = false; });
  }

  /** Runs timers up to `end` in turns, stopping after the instant at which `until` holds. */
  async #run(end: number | (() => number), until: () => boolean): Promise<number> {
    const { clock } = this.#cluster;
    const endNow = () => (typeof end === 'number' ? end : end());
    let timers = clock.runDue().timers;
    let met = until();
    while (!met && clock.rate === undefined) {
      const next = clock.pending().next;
      if (!next || next.at > endNow()) break;
      let instants = 0;
      timers += clock.runUntilIdle(endNow() - clock.now(), () => (met = until()) || ++instants >= limits.instantsPerTurn).timers;
      await nextTurn();
      met ||= until();
    }
    return timers;
  }

  /** On a clock that moves by itself: looks after every write. */
  #follow(end: number, until: () => boolean, signals: readonly AbortSignal[]): Promise<void> {
    const { clock, store } = this.#cluster;
    return new Promise((resolve) => {
      if (until()) return resolve();
      const finish = () => {
        clock.cancel(timer);
        if (watched.ok) watched.watch.stop();
        for (const signal of signals) signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = clock.after(end - clock.now(), 'wait', finish);
      const watched = store.watch('/', store.revision, () => { if (until()) finish(); });
      for (const signal of signals) signal.addEventListener('abort', finish);
      return undefined;
    });
  }

  #mustStand(): void {
    if (this.#cluster.clock.rate !== undefined) {
      throw new EmulatorError(409, 'Failed to advance the clock: it follows the host. Start with --clock manual, or PUT {"mode":"manual"} to /_fakelet/v1/clock.');
    }
  }

  #inTurn<T>(move: (ended: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = (this.#ending ??= new AbortController());
    if (this.#cluster.clock.rate !== undefined) return move(signal);
    const run = () => move(signal).catch(refuseSpinning);
    const turn = this.#last.then(run, run);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function refuseSpinning(error: unknown): never {
  throw error instanceof TooManyTimers ? new EmulatorError(422, error.message) : error;
}

const nextTurn = () => new Promise<void>((resume) => { setImmediate(resume); });

function mustGoOn(ended: AbortSignal, what: string): void {
  if (ended.aborted) throw new EmulatorError(409, `Failed to ${what}: the cluster was reset, restored or closed meanwhile. Ask again.`);
}

/** A Go duration in whole milliseconds, the clock's unit. */
function milliseconds(text: string): number {
  try {
    const ms = Math.ceil(Number(parseDuration(text)) / 1e6);
    if (ms < 0 || ms > limits.advanceMsMax) throw new EmulatorError(400, `Failed to move the clock: '${text}' is negative or above the limit advanceMsMax. Give less.`);
    return ms;
  } catch (error) {
    if (error instanceof DurationError) throw new EmulatorError(400, `Failed to read the duration '${text}': ${error.message}. Write it as 90s, 10m or 1h30m.`);
    throw error;
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
