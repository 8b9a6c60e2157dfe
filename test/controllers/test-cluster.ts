/** An API with a clock that stands still and the controllers that a test asks for. */
import { KubeApi } from '../../src/api/kube-api.ts';
import type { ApiPort, Outcome, Write } from '../../src/api/port.ts';
import { SwitchableClock } from '../../src/clock/switchable-clock.ts';
import { Bootstrap, systemObjects } from '../../src/controllers/bootstrap.ts';
import type { Controller, ControllerContext } from '../../src/controllers/controller.ts';
import { LegacyEventRecorder } from '../../src/controllers/events/legacy-event-recorder.ts';
import { controllers, eventComponent } from '../../src/controllers/index.ts';
import { Scheduler } from '../../src/controllers/scheduler/scheduler.ts';
import { NodeHeartbeats } from '../../src/controllers/node-heartbeat.ts';
import { Prng } from '../../src/lib/prng.ts';
import type { Lease } from '../../src/schema/coordination/v1.ts';
import type * as core from '../../src/schema/core/v1.ts';
import type { EndpointSlice } from '../../src/schema/discovery/v1.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import type { PodDisruptionBudget } from '../../src/schema/policy/v1.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';

/** Types of the resources that tests look at. */
interface Kinds {
  configmaps: core.ConfigMap;
  endpoints: core.Endpoints;
  'endpointslices.discovery.k8s.io': EndpointSlice;
  'leases.coordination.k8s.io': Lease;
  namespaces: core.Namespace;
  nodes: core.Node;
  persistentvolumeclaims: core.PersistentVolumeClaim;
  'poddisruptionbudgets.policy': PodDisruptionBudget;
  pods: core.Pod;
  resourcequotas: core.ResourceQuota;
  services: core.Service;
}

/** A type with all its members set, however deep. */
export type Whole<T> = T extends (infer Item)[] ? Whole<Item>[] : T extends object ? { [K in keyof T]-?: Whole<NonNullable<T[K]>> } : T;

export const startMs = Date.parse('2026-01-01T00:00:00Z');

export class TestCluster {
  readonly clock = new SwitchableClock({ startMs, timersPerMoveMax: 10_000_000 });
  readonly store = new MemoryStore<KubeObject>();
  readonly random = new Prng(1);
  readonly api: KubeApi;
  /** Writes as a user would. */
  readonly port: ApiPort;
  readonly #running = new Map<string, Controller>();

  constructor() {
    const tokens = { sign: () => '', verify: () => undefined } as never;
    this.api = new KubeApi({ store: this.store, clock: this.clock, random: this.random.stream('api'), nodes: undefined, tokens });
    this.port = this.api.ports.as('test');
    this.#start('bootstrap', new Bootstrap({ port: this.api.ports.as('kube-apiserver'), clock: this.clock }, systemObjects));
    this.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
  }

  /** Starts controllers by name. */
  run(...names: string[]): this {
    for (const name of names) {
      const port = this.api.ports.as('kube-controller-manager');
      const random = this.random.stream(name);
      const recorder = new LegacyEventRecorder(port, this.clock, random, { component: eventComponent(name) });
      const context: ControllerContext = { port, clock: this.clock, random, recorder, profile: { bindMs: 0, provisionMs: 0 }, rootCertificate: 'PEM' };
      this.#start(name, new controllers[name]!(context));
    }
    return this;
  }

  /** Ends a controller, with all that it remembers, and starts it again. */
  restart(name: string): void {
    this.#running.get(name)!.close();
    this.run(name);
  }

  runScheduler(bindMs = 0): this {
    this.#start('scheduler', new Scheduler({
      port: this.api.ports.as('kube-scheduler'), clock: this.clock, random: this.random.stream('scheduler'), profile: { bindMs, provisionMs: 0 },
    }));
    return this;
  }

  heartbeats(): NodeHeartbeats {
    return new NodeHeartbeats({ port: this.api.ports.as('kubelet'), clock: this.clock, random: this.random.stream('kubelet') });
  }

  /** Writes and lets everything due now happen. A refusal is an error. */
  submit(write: Write): KubeObject {
    let outcome: Outcome | undefined;
    this.port.submit(write, (result) => outcome = result);
    if (!outcome?.ok) throw new Error(`${write.verb}: ${outcome?.status.message}`);
    this.clock.runDue();
    return outcome.object as KubeObject;
  }

  create(resource: string, object: object): KubeObject {
    const namespace = (object as KubeObject).metadata.namespace;
    return this.submit({ verb: 'create', resource, object: object as KubeObject, ...(namespace === undefined ? {} : { namespace }) });
  }

  /** Creates a Node without the taint that every new one has until the node lifecycle controller finds it ready. */
  addNode(object: object): void {
    const { metadata, spec } = object as KubeObject;
    this.create('nodes', object);
    this.patch('nodes', '', metadata.name ?? '', { spec: { taints: (spec as { taints?: object[] }).taints ?? null } });
  }

  patch(resource: string, namespace: string, name: string, patch: unknown, subresource?: string): KubeObject {
    return this.submit({ verb: 'patch', resource, namespace, name, patchType: 'merge', patch, ...(subresource === undefined ? {} : { subresource }) });
  }

  delete(resource: string, namespace: string, name: string, options: { gracePeriodSeconds?: number; propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' } = {}): void {
    this.submit({ verb: 'delete', resource, namespace, name, ...options });
  }

  /** The object as it is now; the type says that every part is there, the test is to say so. */
  get<R extends keyof Kinds>(resource: R, namespace: string, name: string): Whole<Kinds[R]> {
    return this.port.lister(resource).get(namespace, name) as Whole<Kinds[R]>;
  }

  names(resource: string, namespace?: string): string[] {
    return this.port.lister(resource).list(namespace).map(({ metadata }) => metadata.name ?? '');
  }

  /** Events about an object, oldest first: `Normal Scheduled: message (×count)`. */
  events(name: string): string[] {
    return this.port.lister('events').list()
      .filter((event) => (event['involvedObject'] as { name?: string }).name === name)
      .sort((a, b) => String(a['eventTime'] ?? a['firstTimestamp']).localeCompare(String(b['eventTime'] ?? b['firstTimestamp'])))
      .map((event) => `${event['type']} ${event['reason']}: ${event['message']}`);
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  close(): void {
    for (const controller of this.#running.values()) controller.close();
    this.api.close();
  }

  #start(name: string, controller: Controller): void {
    controller.start();
    this.#running.set(name, controller);
    this.clock.runDue();
  }
}
