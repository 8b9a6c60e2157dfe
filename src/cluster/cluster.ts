/**
 * One whole cluster without a socket: clock, store, API, nodes and controllers, wired. It answers requests
 * synchronously, can be moved in time and put back to its start, and knows nothing of HTTP servers.
 */
import { KubeApi, type ApiRequest, type ApiResponse } from '../api/kube-api.ts';
import { unauthorized } from '../api/errors.ts';
import { SwitchableClock } from '../clock/switchable-clock.ts';
import { Prng } from '../lib/prng.ts';
import { limits } from '../limits.ts';
import type { Options } from '../options.ts';
import type { ImageRule } from '../runtime/images.ts';
import type { Scenario } from '../schema/fakelet/scenario.ts';
import type { KubeObject } from '../schema/objects.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { authenticate } from './authenticator.ts';
import { Behaviors } from './behaviors/behaviors.ts';
import { ClusterControls } from './cluster-controls.ts';
import type { EmulatorControls } from './controls.ts';
import { Compactor, firstRevision } from './compactor.ts';
import { componentPorts } from './faults/component-ports.ts';
import { Faults, faultHeader, type FaultyServer } from './faults/faults.ts';
import { ControlPlane } from './control-plane.ts';
import { load } from './direct-writes.ts';
import { Journal } from './journal.ts';
import { MetricsApi } from './metrics-api.ts';
import { Nodes } from './nodes.ts';
import { Scenarios } from './scenarios/scenarios.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';

export interface ClusterOptions {
  readonly options: Options;
  /** Version of this program. */
  readonly version: string;
  /** PEM of the authority that clients must trust; absent without TLS. */
  readonly ca?: string;
  /** Image catalogue in addition to the built-in one. */
  readonly images?: readonly ImageRule[];
  /** Hears of failures inside the emulator. */
  readonly onError?: (text: string) => void;
  /** Objects to create at start. */
  readonly manifests: readonly unknown[];
  /** Scenarios to start with. */
  readonly scenarios?: readonly Scenario[];
}

/** What a reset replaces. */
interface Parts {
  readonly store: MemoryStore<KubeObject>;
  readonly api: KubeApi;
  readonly nodes: Nodes;
  readonly controlPlane: ControlPlane;
  readonly compactor: Compactor;
  readonly scenarios: Scenarios;
  readonly startMs: number;
}

const manualStart = Date.parse('2026-01-01T00:00:00Z');

export class Cluster {
  readonly clock: SwitchableClock;
  readonly journal = new Journal(limits.journalEntriesMax);
  readonly behaviors: Behaviors;
  readonly faults: Faults;
  readonly controls: EmulatorControls;
  readonly settings: ClusterOptions;
  readonly #tokens = new ServiceAccountTokens();
  /** `method status` → answers. */
  readonly #requests = new Map<string, number>();
  #parts: Parts;

  constructor(settings: ClusterOptions) {
    this.settings = settings;
    this.clock = makeClock(settings.options, (error) => this.#report(error));
    this.behaviors = new Behaviors(new Prng(settings.options.seed).stream('behaviors'));
    this.faults = new Faults(this.#faultyServer(), new Prng(settings.options.seed).stream('faults'));
    this.#parts = this.#build();
    this.controls = new ClusterControls(this);
    // What must be there from the start (system namespaces, their accounts) is there before the first request.
    this.settle();
    this.#startScenarios();
    follow(this.clock, settings.options);
  }

  get api(): KubeApi {
    return this.#parts.api;
  }

  get store(): MemoryStore<KubeObject> {
    return this.#parts.store;
  }

  get scenarios(): Scenarios {
    return this.#parts.scenarios;
  }

  get nodes(): Nodes {
    return this.#parts.nodes;
  }

  /** Clock time at which the cluster came up. */
  get startMs(): number {
    return this.#parts.startMs;
  }

  handle(request: ApiRequest): ApiResponse {
    const { options } = this.settings;
    const user = authenticate(request.headers, options.token, this.#tokens, this.clock.now());
    const { method, path, query, headers, body } = request;
    const response = user
      ? this.faults.answer({ method, path, query, headers, body, user })
      : this.api.refuse(request, unauthorized());
    if ('deferred' in response) return { ...response, deferred: (done) => response.deferred((final) => done(this.#record(request, final))) };
    return this.#record(request, response);
  }

  #record(request: ApiRequest, response: ApiResponse): ApiResponse {
    const { method, path, headers } = request;
    const asked = `${method} ${response.status}`;
    this.#requests.set(asked, (this.#requests.get(asked) ?? 0) + 1);
    const fault = response.headers[faultHeader];
    this.journal.add({
      at: this.clock.now(), kind: 'request', method, path, status: response.status, userAgent: headers['user-agent'] ?? '',
      ...(typeof fault === 'string' ? { fault } : {}),
    });
    return response;
  }

  /** Figures for whoever watches the emulator itself. */
  measure() {
    const { registry } = this.api.services;
    const objects = new Map<string, number>();
    for (const { group, versions } of registry.groups()) {
      for (const { name, prefix } of versions.flatMap((version) => registry.resources(group, version))) objects.set(name, this.store.count(prefix));
    }
    return {
      revision: this.store.revision, pendingTimers: this.clock.pending().count, clockSeconds: this.clock.now() / 1000,
      objects, requests: this.#requests,
    };
  }

  /** Runs what became due at this instant; a clock that follows the host does so by itself. */
  settle(): void {
    this.clock.runDue();
  }

  /** Back to the start state: every object, timer and watch ends; a manual clock keeps its time. */
  reset(): void {
    this.#closeParts();
    this.journal.clear();
    this.behaviors.reset(new Prng(this.settings.options.seed).stream('behaviors'));
    this.faults.reset(new Prng(this.settings.options.seed).stream('faults'));
    this.#parts = this.#build();
    this.settle();
    this.#startScenarios();
  }

  close(): void {
    this.#closeParts();
    this.clock.stop();
  }

  #build(): Parts {
    const { options, ca, images = [], manifests } = this.settings;
    const random = new Prng(options.seed);
    const store = new MemoryStore<KubeObject>(firstRevision);
    store.watch('/', store.revision, (event) => this.journal.addWrite(this.clock.now(), event));
    const nodes = new Nodes({ options, clock: this.clock, random, images, tokens: this.#tokens, scripts: this.behaviors });
    const api = new KubeApi({
      store, clock: this.clock, random: random.stream('api'), nodes: options.mode === 'envtest' ? undefined : nodes.connector,
      tokens: this.#tokens,
      aggregated: options.mode === 'envtest' ? [] : [new MetricsApi({ clock: this.clock, nodes, port: () => this.api.ports.as('metrics-server') })],
    });
    const ports = componentPorts(api.ports, this.faults);
    const controlPlane = new ControlPlane({ options, clock: this.clock, random, ports, ca });
    const startMs = this.clock.now();
    controlPlane.start();
    nodes.start(ports);
    for (const manifest of manifests) load(api, manifest);
    return { store, api, nodes, controlPlane, compactor: new Compactor(this.clock, store), scenarios: new Scenarios(this, random.stream('scenarios')), startMs };
  }

  #startScenarios(): void {
    const { scenarios = [] } = this.settings;
    if (scenarios.length === 0) return;
    for (const scenario of scenarios) this.scenarios.start(scenario);
    this.settle();
  }

  /** What faults need of this cluster, whose parts change with every reset. */
  #faultyServer(): FaultyServer {
    const api = () => this.#parts.api;
    return {
      clock: this.clock,
      get registry() { return api().services.registry; },
      get store() { return api().services.store; },
      perform: (request, services) => api().handle(request, services),
      refuse: (request, error) => api().refuse(request, error),
    };
  }

  /** A controller or kubelet failed: that is a bug of ours, told loudly, but not the end of everybody's cluster. */
  #report(error: unknown): void {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    this.journal.add({ at: this.clock.now(), kind: 'emulator', text });
    this.settings.onError?.(text);
  }

  #closeParts(): void {
    const { api, nodes, controlPlane, compactor, scenarios } = this.#parts;
    scenarios.close();
    compactor.close();
    controlPlane.close();
    nodes.close();
    api.close();
  }
}

/** A standing clock; `follow` lets it go. */
function makeClock({ startTime, clock }: Options, onError: (error: unknown) => void): SwitchableClock {
  const startMs = startTime === 'now' || (startTime === '' && clock !== 'manual') ? SwitchableClock.hostNow()
    : startTime === '' ? manualStart : Date.parse(startTime);
  return new SwitchableClock({ startMs, timersPerMoveMax: limits.timersPerMoveMax, onError });
}

function follow(clock: SwitchableClock, { clock: mode }: Options): void {
  if (mode !== 'manual') clock.follow(mode === 'real' ? 1 : Number(mode.slice('scaled:'.length)));
}
