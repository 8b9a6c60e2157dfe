/**
 * Moves a cluster's clock on behalf of users. A long move is cut into turns, so that sockets are served and watchers
 * keep up meanwhile; moves asked for at the same time follow one another.
 */
import type * as own from '../schema/fakelet/v1.ts';
import { DurationError, parseDuration } from '../schema/values/duration.ts';
import { limits } from '../limits.ts';
import type { Cluster } from './cluster.ts';
import { EmulatorError } from './emulator-error.ts';
import { parseCondition } from './wait.ts';

export class ClockMover {
  readonly #cluster: Cluster;
  #last: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  advance(request: own.ClockAdvance): Promise<own.ClockAdvanced> {
    const { duration, to, untilIdle } = request;
    if ([duration, to, untilIdle].filter((part) => part !== undefined).length !== 1) {
      throw new EmulatorError(400, "Failed to advance the clock: give one of duration, to and untilIdle, for example {\"duration\":\"10m\"}.");
    }
    this.#mustStand();
    return this.#inTurn(async () => {
      const now = this.#cluster.clock.now();
      const end = to === undefined ? now + milliseconds(duration ?? untilIdle!) : Date.parse(to);
      if (end < now) throw new EmulatorError(400, `Failed to advance the clock: ${to} has passed, it is ${iso(now)}. Give a later time.`);
      let timers = await this.#run(end, () => false);
      if (untilIdle === undefined) timers += this.#cluster.clock.advanceTo(end).timers;
      return { now: iso(this.#cluster.clock.now()), timers };
    });
  }

  wait(request: own.WaitRequest): Promise<own.WaitResult> {
    const met = parseCondition(request.for);
    const resource = request.resource ?? 'pods';
    const timeoutMs = milliseconds(request.timeout ?? '5m');
    const current = () => this.#cluster.api.ports.as('fakelet').lister(resource).get(request.namespace ?? 'default', request.name)
      ?? this.#cluster.api.ports.as('fakelet').lister(resource).get('', request.name);
    return this.#inTurn(async () => {
      const { clock } = this.#cluster;
      const end = clock.now() + timeoutMs;
      if (clock.rate === undefined) await this.#run(end, () => met(current()));
      else await this.#follow(end, () => met(current()));
      const object = current();
      if (!met(object)) {
        throw new EmulatorError(408, `Failed to wait for ${resource} ${request.name} to be '${request.for}': it was not after ${request.timeout ?? '5m'}`
          + ` (now ${iso(clock.now())}). The last state is in 'object'.`, object ?? null);
      }
      return { now: iso(clock.now()), ...(object ? { object } : {}) };
    });
  }

  /** Runs timers up to `end` in turns, stopping after the instant at which `until` holds. */
  async #run(end: number, until: () => boolean): Promise<number> {
    const { clock } = this.#cluster;
    let timers = clock.runDue().timers;
    let met = until();
    while (!met) {
      const next = clock.pending().next;
      if (!next || next.at > end) break;
      let instants = 0;
      const ran = clock.runUntilIdle(end - clock.now(), () => (met = until()) || ++instants >= limits.instantsPerTurn);
      timers += ran.timers;
      await new Promise((resume) => { setImmediate(resume); });
    }
    return timers;
  }

  /** On a clock that moves by itself: looks after every write. */
  #follow(end: number, until: () => boolean): Promise<void> {
    const { clock, store } = this.#cluster;
    return new Promise((resolve) => {
      if (until()) return resolve();
      const finish = () => {
        clock.cancel(timer);
        if (watched.ok) watched.watch.stop();
        resolve();
      };
      const timer = clock.after(end - clock.now(), 'wait', finish);
      const watched = store.watch('/', store.revision, () => { if (until()) finish(); });
      return undefined;
    });
  }

  #mustStand(): void {
    if (this.#cluster.clock.rate !== undefined) {
      throw new EmulatorError(409, 'Failed to advance the clock: it follows the host. Start with --clock manual, or PUT {"mode":"manual"} to /_fakelet/v1/clock.');
    }
  }

  #inTurn<T>(move: () => Promise<T>): Promise<T> {
    if (this.#cluster.clock.rate !== undefined) return move();
    const turn = this.#last.then(move, move);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** A Go duration in milliseconds. */
function milliseconds(text: string): number {
  try {
    const ms = Number(parseDuration(text)) / 1e6;
    if (ms < 0 || ms > limits.advanceMsMax) throw new EmulatorError(400, `Failed to move the clock: '${text}' is negative or above the limit advanceMsMax. Give less.`);
    return ms;
  } catch (error) {
    if (error instanceof DurationError) throw new EmulatorError(400, `Failed to read the duration '${text}': ${error.message}. Write it as 90s, 10m or 1h30m.`);
    throw error;
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
