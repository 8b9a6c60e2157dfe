/** The parts of a cluster that a reset replaces, wired: store, API, nodes and controllers around one clock. */
import { KubeApi } from '../api/kube-api.ts';
import type { SwitchableClock } from '../clock/switchable-clock.ts';
import { Prng } from '../lib/prng.ts';
import { limits } from '../limits.ts';
import type { KubeObject } from '../schema/objects.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Behaviors } from './behaviors/behaviors.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { Compactor, firstRevision } from './compactor.ts';
import { ControlPlane } from './control-plane.ts';
import { componentPorts } from './faults/component-ports.ts';
import type { Faults } from './faults/faults.ts';
import type { Journal } from './journal.ts';
import { MetricsApi } from './metrics-api.ts';
import { Nodes } from './nodes.ts';
import { quotaOf } from './quota.ts';
import { Recording } from './recording.ts';
import { Scenarios } from './scenarios/scenarios.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { clusterOptionNames } from './snapshot.ts';
import { StartWrites } from './start-writes.ts';

/** What outlives a reset. */
export interface Foundation {
  readonly cluster: Cluster;
  readonly clock: SwitchableClock;
  readonly settings: ClusterOptions;
  readonly journal: Journal;
  readonly behaviors: Behaviors;
  readonly faults: Faults;
  readonly tokens: ServiceAccountTokens;
  /** The same start may come again: its time is not the host's. */
  readonly isRepeatable: boolean;
}

export class Parts {
  readonly store: MemoryStore<KubeObject>;
  readonly api: KubeApi;
  readonly nodes: Nodes;
  readonly scenarios: Scenarios;
  readonly recording: Recording;
  readonly #controlPlane: ControlPlane;
  readonly #compactor: Compactor;
  readonly #startWrites: StartWrites;

  constructor({ cluster, clock, settings, journal, behaviors, faults, tokens, isRepeatable }: Foundation) {
    const { options, ca, images = [] } = settings;
    const random = new Prng(options.seed);
    this.recording = new Recording(clock.now(), limits.recordingBytesMax);
    this.store = new MemoryStore<KubeObject>(firstRevision);
    this.store.watch('/', this.store.revision, (event) => journal.addWrite(clock.now(), event));
    const quota = quotaOf(options);
    this.nodes = new Nodes({ options, nodesMax: quota.nodes, clock, random, images, tokens, scripts: behaviors });
    this.api = new KubeApi({
      store: this.store, clock, random: random.stream('api'), nodes: options.mode === 'envtest' ? undefined : this.nodes.connector, tokens, objectsMax: quota.objects,
      aggregated: options.mode === 'envtest' ? [] : [new MetricsApi({ clock, nodes: this.nodes, port: () => this.api.ports.as('metrics-server') })],
    });
    this.#startWrites = new StartWrites({ key: isRepeatable ? startKey(settings, clock.now()) : undefined, store: this.store, random: this.api.services.random });
    const ports = componentPorts(this.#startWrites.ports(this.api.ports), faults);
    this.#controlPlane = new ControlPlane({ options, clock, random, ports, ca });
    this.#controlPlane.start();
    this.nodes.start(ports);
    this.#compactor = new Compactor(clock, this.store);
    this.scenarios = new Scenarios(cluster, random.stream('scenarios'));
  }

  /** What comes from now on is no part of the start. */
  started(): void {
    this.#startWrites.end();
  }

  close(): void {
    // All watches end at once, so that the others have little to undo.
    this.api.close();
    this.scenarios.close();
    this.#compactor.close();
    this.#controlPlane.close();
    this.nodes.close();
  }
}

/** All that the start of a cluster follows from. */
function startKey({ options, ca, images = [], version }: ClusterOptions, startMs: number): string {
  return JSON.stringify([version, clusterOptionNames.map((name) => options[name]), ca, images, startMs]);
}
