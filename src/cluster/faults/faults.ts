/**
 * The faults of a cluster: rules that users add, and what they make of requests. Time in them is the cluster's: a client
 * that is delayed on a manual clock is answered when the clock moves. Without a rule nobody comes by here.
 */
import type { ApiRequest, ApiResponse } from '../../api/kube-api.ts';
import type { Outcome } from '../../api/port.ts';
import type { Registry } from '../../api/registry.ts';
import type { Services } from '../../api/services.ts';
import type { Clock } from '../../clock/clock.ts';
import { Prng } from '../../lib/prng.ts';
import { checkerOf } from '../../schema/fakelet/check.ts';
import { Fault, type FaultEffect, type FaultMatch, type FaultState, type WatchesBroken } from '../../schema/fakelet/fault.ts';
import { drawMs } from '../rule-durations.ts';
import { RuleBook } from '../rule-book.ts';
import { RuleError } from '../rule-error.ts';
import type { ComponentFaults, FaultyWrite } from './component-ports.ts';
import { expire } from './expire.ts';
import { faultError } from './fault-error.ts';
import { concerns, faultFor, isHit, type FaultEntry } from './matching.ts';
import { factsOfRequest, factsOfWrite, type RequestFacts } from './request-facts.ts';
import { StaleStore } from './stale-store.ts';
import { WatchLine } from './watch-line.ts';

/** What faults need of the cluster they are in. */
export interface FaultyServer {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly store: Services['store'];
  /** Answers a request, with other services than usual if they are given. */
  perform(request: ApiRequest, services?: Partial<Services>): ApiResponse;
  /** The answer for an error. */
  refuse(request: ApiRequest, error: ReturnType<typeof faultError>): ApiResponse;
}

/** Tells the client, and the journal, which fault hit a request. */
export const faultHeader = 'x-fakelet-fault';
const componentEffects = new Set(['delay', 'error', 'afterwards']);

export class Faults extends RuleBook<Fault, FaultEntry, FaultState> implements ComponentFaults {
  readonly #server: FaultyServer;
  readonly #watches = new Set<WatchLine>();
  #random: Prng;

  constructor(server: FaultyServer, random: Prng) {
    super({
      what: 'fault', check: checkerOf(Fault),
      compile: (name, rule) => {
        tryOut(rule);
        return { name, rule, matched: 0, hit: 0 };
      },
      state: ({ name, rule, matched, hit }) => ({ ...rule, name, matched, hit }),
      matched: ({ matched }) => matched,
      onAdd: (entry) => this.#disturbOpen(entry),
    });
    this.#server = server;
    this.#random = random;
  }

  /** Forgets all rules and watches; chance is drawn from `random` from here on. */
  reset(random: Prng): void {
    this.clear();
    this.#watches.clear();
    this.#random = random;
  }

  get hitsComponents(): boolean {
    return this.newestFirst.some(({ rule }) => rule.match?.from === 'components');
  }

  /** Answers a request of a client, as faults have it. */
  answer(request: ApiRequest): ApiResponse {
    if (this.newestFirst.length === 0) return this.#follow(request, this.#server.perform(request));
    const facts = factsOfRequest(this.#server.registry, request);
    const entry = faultFor(this.newestFirst, facts, this.#random);
    if (!entry) return this.#follow(request, this.#server.perform(request));
    const { effect } = entry.rule;
    const delayMs = effect.delay === undefined ? 0 : drawMs(effect.delay, 'delay', this.#random);
    if (delayMs === 0) return this.#hit(request, facts, entry);
    return {
      status: 200, headers: {},
      deferred: (done) => {
        if (delayMs !== Infinity) this.#server.clock.after(delayMs, `fault ${entry.name}`, () => done(this.#hit(request, facts, entry)));
      },
    };
  }

  /** Carries out a write of a component, or fails it. */
  readonly write: FaultyWrite = (manager, write, perform, done) => {
    const facts = factsOfWrite(manager, write);
    const entry = faultFor(this.newestFirst, facts, this.#random);
    if (!entry) return perform(done);
    const { delay, error, afterwards } = entry.rule.effect;
    const run = (): void => {
      if (!error) return perform(done);
      const outcome: Outcome = { ok: false, status: faultError(error, facts).status };
      if (afterwards) perform(() => done?.(outcome));
      else done?.(outcome);
    };
    const delayMs = delay === undefined ? 0 : drawMs(delay, 'delay', this.#random);
    if (delayMs === 0) run();
    else if (delayMs !== Infinity) this.#server.clock.after(delayMs, `fault ${entry.name}`, run);
  };

  /** The open watches that match lose their connection, once. */
  breakWatches(match: FaultMatch): WatchesBroken {
    const lines = [...this.#watches].filter((line) => concerns(match, line.facts));
    for (const line of lines) line.break();
    return { watches: lines.length };
  }

  #hit(request: ApiRequest, facts: RequestFacts, { name, rule }: FaultEntry): ApiResponse {
    const response = this.#carryOut(request, facts, rule.effect);
    response.headers[faultHeader] = name;
    return response;
  }

  #carryOut(request: ApiRequest, facts: RequestFacts, { error, reset, afterwards, stale, expired, compact, clockSkew, watch }: FaultEffect): ApiResponse {
    const server = this.#server;
    const { clock, store } = server;
    if (compact) store.compact(store.revision);
    if (error || reset) {
      if (afterwards) server.perform(request);
      return error ? server.refuse(request, faultError(error, facts)) : { status: 0, headers: {}, broken: true };
    }
    const skewMs = clockSkew === undefined ? undefined : skewOf(clockSkew, this.#random);
    const services: Partial<Services> = {
      ...(stale === undefined ? {} : { store: new StaleStore(store, stale) }),
      ...(skewMs === undefined ? {} : { clock: { now: () => clock.now() + skewMs, after: clock.after.bind(clock), cancel: clock.cancel.bind(clock) } }),
    };
    const response = server.perform(expired ? expire(request) : request, services);
    return this.#follow(request, response, (line) => { if (watch) line.disturb(watch); });
  }

  /** Keeps hold of a watch, so that faults can reach it while it runs. */
  #follow(request: ApiRequest, response: ApiResponse, then: (line: WatchLine) => void = () => {}): ApiResponse {
    if (!('stream' in response) && !('upgrade' in response)) return response;
    const facts = factsOfRequest(this.#server.registry, request);
    if (facts.verb !== 'watch') return response;
    const line = new WatchLine(facts, this.#server.clock, this.#random, (closed) => this.#watches.delete(closed));
    this.#watches.add(line);
    then(line);
    if ('stream' in response) return { ...response, stream: line.through(response.stream) };
    if ('upgrade' in response && response.upgrade.kind === 'watch') {
      return { ...response, upgrade: { ...response.upgrade, stream: line.through(response.upgrade.stream) } };
    }
    return response;
  }

  /** A fault of watches hits those that are open, too. */
  #disturbOpen(entry: FaultEntry): void {
    const { match = {}, effect } = entry.rule;
    if (!effect.watch) return;
    for (const line of this.#watches) if (concerns(match, line.facts) && isHit(entry, this.#random)) line.disturb(effect.watch);
  }
}

const skewOf = (text: string, random: Prng): number => (text.startsWith('-') ? -drawMs(text.slice(1), 'clockSkew', random) : drawMs(text, 'clockSkew', random));

/** Refuses durations that the schema lets pass: ranges that are upside down, and what no clock can count. */
function checkDurations({ delay, clockSkew, watch }: FaultEffect): void {
  const trial = new Prng(0);
  if (delay !== undefined) drawMs(delay, 'effect.delay', trial);
  if (clockSkew !== undefined) drawMs(clockSkew.replace('-', ''), 'effect.clockSkew', trial);
  if (watch?.after !== undefined) drawMs(watch.after, 'effect.watch.after', trial);
  if (watch?.for !== undefined) drawMs(watch.for, 'effect.watch.for', trial);
}

/** What no schema can state. */
function tryOut({ match = {}, effect }: Fault): void {
  const { afterwards, error, reset } = effect;
  if (afterwards && !error && !reset) throw new RuleError('effect.afterwards', 'it needs error or reset: otherwise the answer is not lost');
  if (error && reset) throw new RuleError('effect', 'error and reset exclude each other');
  checkDurations(effect);
  if (effect.watch && match.verbs && !match.verbs.includes('watch')) throw new RuleError('match.verbs', "effect.watch is about the verb 'watch'");
  const beyond = Object.keys(effect).filter((name) => !componentEffects.has(name));
  if (match.from === 'components' && beyond.length > 0) throw new RuleError(`effect.${beyond[0]!}`, 'components only know delay, error and afterwards');
}
