/**
 * One whole cluster without a socket: clock, store, API, nodes and controllers, wired. It answers requests
 * synchronously, can be moved in time, put back to its start or to a snapshot, and knows nothing of HTTP servers. It comes
 * up at its first use, so that a cluster nobody uses costs nothing.
 */
import type { KubeApi, ApiRequest, ApiResponse } from '../api/kube-api.ts';
import { unauthorized } from '../api/errors.ts';
import type { User } from '../api/services.ts';
import { TooManyTimers } from '../clock/clock.ts';
import { SwitchableClock } from '../clock/switchable-clock.ts';
import { Prng } from '../lib/prng.ts';
import { limits } from '../limits.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { MemoryStore } from '../store/memory-store.ts';
import { authenticate } from './authenticator.ts';
import { Behaviors } from './behaviors/behaviors.ts';
import { rateOf, startOf } from './clock-options.ts';
import { ClockMover } from './clock-mover.ts';
import { ClusterControls } from './cluster-controls.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { EmulatorControls } from './controls.ts';
import { Faults, type FaultyServer } from './faults/faults.ts';
import { Journal } from './journal.ts';
import { loadManifests } from './manifests.ts';
import type { Nodes } from './nodes.ts';
import { OpenStreams } from './open-streams.ts';
import { Parts } from './parts.ts';
import { recordControls } from './recorded-controls.ts';
import type { Input, Recording } from './recording.ts';
import { replay } from './replay.ts';
import { RequestLog } from './request-log.ts';
import type { Scenarios } from './scenarios/scenarios.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { recordSessions } from './session-recorder.ts';
import { Snapshots, unplayable, type ClusterState } from './snapshot.ts';

export class Cluster {
  readonly journal = new Journal(limits.journalEntriesMax);
  readonly behaviors: Behaviors;
  readonly faults: Faults;
  readonly snapshots = new Snapshots(this);
  readonly controls: EmulatorControls;
  readonly streams: OpenStreams;
  readonly #clock: SwitchableClock;
  readonly #mover: ClockMover;
  #settings: ClusterOptions;
  readonly #tokens = new ServiceAccountTokens();
  readonly #requests: RequestLog;
  #parts: Parts | undefined;
  #sessions = 0;
  /** The rate at which the clock follows the host once the cluster is up; undefined when it stands. */
  #rate: number | undefined;
  #startMs: number;
  /** What an input brings about is no input. */
  #isInInput = false;

  constructor(settings: ClusterOptions) {
    this.#settings = settings;
    this.#rate = rateOf(settings.options);
    this.#startMs = startOf(settings.options, this.#rate === undefined);
    this.#clock = new SwitchableClock({ startMs: this.#startMs, timersPerMoveMax: limits.timersPerMoveMax, timersPerInstantMax: limits.timersPerInstantMax, onError: (error) => this.#report(error) });
    this.#requests = new RequestLog(this.journal, this.#clock);
    this.behaviors = new Behaviors(this.#random('behaviors'));
    this.faults = new Faults(this.#faultyServer(), this.#random('faults'));
    this.#mover = new ClockMover(this, settings.options.clock === 'auto');
    this.streams = new OpenStreams(() => this.#mover.pace());
    this.controls = recordControls(new ClusterControls(this, this.#mover), (input, run) => this.#enter(input, run));
  }

  get settings(): ClusterOptions {
    return this.#settings;
  }

  get clock(): SwitchableClock {
    this.start();
    return this.#clock;
  }

  get api(): KubeApi {
    return this.#live.api;
  }

  get store(): MemoryStore<KubeObject> {
    return this.#live.store;
  }

  get scenarios(): Scenarios {
    return this.#live.scenarios;
  }

  get nodes(): Nodes {
    return this.#live.nodes;
  }

  /** What came in from outside since the start. */
  get recording(): Recording {
    return this.#live.recording;
  }

  /** `method status` → answers. */
  get requests(): ReadonlyMap<string, number> {
    return this.#requests.counts;
  }

  /** Clock time at which the cluster came up. */
  get startMs(): number {
    return this.#startMs;
  }

  /** Whether anybody has used it since its start. */
  get isUp(): boolean {
    return this.#parts !== undefined;
  }

  handle(request: ApiRequest): ApiResponse {
    const user = authenticate(request.headers, this.settings.options.token, this.#tokens, this.clock.now());
    return user ? this.handleAs(user, request) : this.#requests.note(request, this.api.refuse(request, unauthorized()));
  }

  /** Answers a request of a user. */
  handleAs(user: User, { method, path, query, headers, body }: ApiRequest): ApiResponse {
    return this.clock.turn(() => {
      const request = { method, path, query, headers, body, user };
      const input = { kind: 'request', ...request } as const;
      const isWrite = method !== 'GET' && method !== 'HEAD';
      if (isWrite || this.faults.newestFirst.length > 0) {
        const number = this.#record(input);
        return this.streams.track(request, this.#followed(this.#within(() => this.#answer(request)), number));
      }
      const response = this.#answer(request);
      const isRead = !('upgrade' in response) && !('deferred' in response);
      return this.streams.track(request, isRead ? response : this.#followed(response, this.#record(input)));
    });
  }

  #answer(request: ApiRequest): ApiResponse {
    const response = this.faults.answer(request);
    if ('deferred' in response) return { ...response, deferred: (done) => response.deferred((final) => done(this.#requests.note(request, final))) };
    return this.#requests.note(request, response);
  }

  /** What clients do in the sessions that the answer opens is input too. */
  #followed(response: ApiResponse, input: number): ApiResponse {
    if (!('upgrade' in response)) return response;
    const recorder = { next: () => ++this.#sessions, enter: <T>(call: Input, run: () => T) => this.#enter(call, run) };
    return { ...response, upgrade: recordSessions(response.upgrade, input, recorder) };
  }

  /** Runs what became due at this instant; a clock that follows the host does so by itself. */
  settle(): void {
    try {
      this.#clock.runDue();
    } catch (error) {
      if (!(error instanceof TooManyTimers)) throw error;
      // Whoever settles has its answer already.
      this.#report(error);
    }
  }

  /** Brings the cluster up if nobody has used it yet. */
  start(): void {
    void this.#live;
  }

  /** Back to the start state, in every part and in time; what clients follow ends. A clock that stands keeps standing. */
  reset(): void {
    if (this.settings.snapshot) return this.restore(this.settings.snapshot);
    const rate = this.#parts ? this.#clock.rate : this.#rate;
    this.#end();
    this.#restartClock(startOf(this.settings.options, rate === undefined));
    this.#rate = rate;
  }

  /** Becomes what the snapshot was taken of. Throws EmulatorError for one that cannot be played; the cluster is then as after a reset. */
  restore(state: ClusterState): void {
    const before = this.#settings;
    try {
      this.#play(state);
    } catch (error) {
      this.#end();
      this.#settings = before;
      this.#restartClock(startOf(before.options, true));
      throw unplayable(error);
    }
  }

  #play({ settings, startMs, at, sequence, rate, inputs }: ClusterState): void {
    this.#end();
    this.#settings = { ...this.#settings, ...settings, options: { ...this.#settings.options, ...settings.options } };
    this.behaviors.reset(this.#random('behaviors'));
    this.faults.reset(this.#random('faults'));
    this.#restartClock(startMs);
    this.#rate = undefined;
    this.start();
    replay(this, inputs);
    this.#clock.advanceTo(at);
    this.journal.continueFrom(sequence);
    if (rate !== undefined) this.#clock.follow(rate);
  }

  close(): void {
    this.#end();
    this.#clock.stop();
  }

  get #live(): Parts {
    if (this.#parts) return this.#parts;
    if (this.#rate !== undefined) this.#restartClock(startOf(this.settings.options, false));
    const parts = new Parts({
      cluster: this, clock: this.#clock, settings: this.settings, journal: this.journal, behaviors: this.behaviors, faults: this.faults, tokens: this.#tokens,
      isRepeatable: this.#rate === undefined,
    });
    this.#parts = parts;
    // What must be there from the start (system namespaces, their accounts) is there before the first request.
    this.settle();
    parts.started();
    this.#fill(parts);
    if (this.#rate !== undefined) this.#clock.follow(this.#rate);
    return parts;
  }

  /** Puts in what the settings name. */
  #fill({ api, nodes, scenarios }: Parts): void {
    const { manifests, options, scenarios: started = [] } = this.settings;
    try {
      loadManifests({ api, nodes, hasMachines: options.mode === 'full', settle: () => this.settle() }, manifests);
      for (const scenario of started) scenarios.start(scenario);
    } catch (error) {
      this.#end();
      throw error;
    }
    this.settle();
  }

  #restartClock(startMs: number): void {
    this.#startMs = startMs;
    this.#clock.restart(startMs);
  }

  #random(name: string): Prng {
    return new Prng(this.settings.options.seed).stream(name);
  }

  /** Runs what comes from outside, at one instant, and notes it. */
  #enter<T>(input: Input, run: () => T): T {
    return this.clock.turn(() => {
      this.#record(input);
      return this.#within(run);
    });
  }

  #within<T>(run: () => T): T {
    const before = this.#isInInput;
    this.#isInInput = true;
    try {
      return run();
    } finally {
      this.#isInInput = before;
    }
  }

  /** Answers the number of the input. */
  #record(input: Input): number {
    const { recording } = this.#live;
    if (!this.#isInInput && !this.#clock.isMoving) recording.add({ at: this.#clock.now(), sequence: this.journal.sequence, ...input });
    return recording.length - 1;
  }

  /** What faults need of this cluster, whose parts change with every reset. */
  #faultyServer(): FaultyServer {
    const api = () => this.api;
    return {
      clock: this.#clock,
      get registry() { return api().services.registry; },
      get store() { return api().services.store; },
      perform: (request, services) => api().handle(request, services),
      refuse: (request, error) => api().refuse(request, error),
    };
  }

  /** A controller or kubelet failed: that is a bug of ours, told loudly, but not the end of everybody's cluster. */
  #report(error: unknown): void {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    this.journal.add({ at: this.#clock.now(), kind: 'emulator', text });
    this.settings.onError?.(text);
  }

  #end(): void {
    this.streams.close();
    this.#mover.endWaits();
    this.#parts?.close();
    this.#parts = undefined;
    this.#sessions = 0;
    this.journal.clear();
    this.behaviors.reset(this.#random('behaviors'));
    this.faults.reset(this.#random('faults'));
  }
}
