/** One node in a cluster without a scheduler: store, API, runtime and kubelet on a clock that the test moves. */
import { KubeApi } from '../../src/api/kube-api.ts';
import type { ApiPort, Outcome, Write } from '../../src/api/port.ts';
import { ManualClock } from '../../src/clock/manual-clock.ts';
import { LegacyEventRecorder } from '../../src/controllers/events/legacy-event-recorder.ts';
import { Kubelet } from '../../src/controllers/kubelet/kubelet.ts';
import { fastLatencies, type KubeletLatencies } from '../../src/controllers/kubelet/latencies.ts';
import { PodSource, type PodObject } from '../../src/controllers/kubelet/pod-source.ts';
import { nodeObject } from '../../src/controllers/node-object.ts';
import { Prng } from '../../src/lib/prng.ts';
import type { Event, PodStatus } from '../../src/schema/core/v1.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { ScriptedRuntime } from './scripted-runtime.ts';

export const nodeName = 'node-1';
const startMs = Date.parse('2026-01-01T00:00:00Z');

export interface Seen {
  /** Seconds since the start. */
  readonly t: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly pod: PodObject;
}

export class KubeletHarness {
  readonly clock = new ManualClock({ startMs, timersPerMoveMax: 1_000_000 });
  readonly random = new Prng(1);
  readonly runtime = new ScriptedRuntime(this.clock);
  readonly api: KubeApi;
  readonly user: ApiPort;
  readonly kubelet: Kubelet;
  readonly seen: Seen[] = [];

  constructor(latencies: KubeletLatencies = fastLatencies) {
    const tokens = { sign: () => 'token', verify: () => undefined, jwks: () => ({}) };
    this.api = new KubeApi({ store: new MemoryStore<KubeObject>(), clock: this.clock, random: this.random, nodes: undefined, tokens });
    this.user = this.api.ports.as('test');
    this.do({ verb: 'create', resource: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' }, automountServiceAccountToken: false };
    this.do({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', object: account });
    const node = nodeObject({ name: nodeName, ip: '192.168.0.1', cpu: '4', memory: '8Gi', pods: '110' }, { machineId: 'm', bootId: 'b' }, []);
    this.do({ verb: 'create', resource: 'nodes', object: node as KubeObject });
    const { allocatable, addresses } = node.status;
    const patch = { status: { allocatable, addresses } };
    this.do({ verb: 'patch', resource: 'nodes', name: nodeName, subresource: 'status', patchType: 'merge', patch });
    this.user.onChange('pods', ({ object, previous }) => {
      const type = !object ? 'DELETED' : previous ? 'MODIFIED' : 'ADDED';
      this.seen.push({ t: (this.clock.now() - startMs) / 1000, type, pod: (object ?? previous) as PodObject });
    });
    const port = submitting(this.api.ports.as('kubelet'));
    this.kubelet = new Kubelet({
      nodeName, port, pods: new PodSource(port), runtime: this.runtime, clock: this.clock, random: this.random, latencies,
      recorder: new LegacyEventRecorder(port, this.clock, this.random, { component: 'kubelet', host: nodeName }),
      signToken: () => 'token',
    });
    this.kubelet.start();
  }

  /** Submits a write that has to succeed. */
  do(write: Write): KubeObject {
    let outcome: Outcome | undefined;
    this.user.submit(write, (result) => { outcome = result; });
    if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
    return outcome.object as unknown as KubeObject;
  }

  /** Creates a Pod that is bound to the node already. */
  createPod(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): void {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', ...metadata }, spec: { nodeName, ...spec } };
    this.do({ verb: 'create', resource: 'pods', namespace: 'default', object });
  }

  deletePod(name = 'p', gracePeriodSeconds?: number): void {
    this.do({ verb: 'delete', resource: 'pods', namespace: 'default', name, ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }) });
  }

  pod(name = 'p'): PodObject | undefined {
    return this.user.lister<PodObject>('pods').get('default', name);
  }

  status(name = 'p'): PodStatus {
    return this.pod(name)!.status;
  }

  /** Moves time on by seconds. */
  run(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }

  /** `Pulled Container image …`, with the count when it is not one. */
  events(): string[] {
    return this.user.lister<Event & KubeObject>('events').list('default')
      .toSorted((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1))
      .map(({ reason, message, count }) => `${reason} ${message}${count === 1 ? '' : ` ×${count}`}`);
  }

  /** What each change of a Pod showed: time, phase and the state of each container. */
  story(name = 'p'): string[] {
    return this.seen.filter(({ pod }) => pod.metadata.name === name).map(({ t, type, pod }) => {
      const { phase, conditions = [], initContainerStatuses = [], containerStatuses = [] } = pod.status;
      const ready = conditions.find((c) => c.type === 'Ready')?.status ?? '-';
      const states = [...initContainerStatuses, ...containerStatuses].map(({ name: container, state, restartCount }) => {
        const [kind = '-'] = Object.keys(state ?? {});
        const detail = state?.waiting?.reason ?? state?.terminated?.reason;
        return `${container}:${kind}${detail === undefined ? '' : `(${detail})`}${restartCount === 0 ? '' : `#${restartCount}`}`;
      });
      return [t, type === 'MODIFIED' ? '' : type, pod.metadata.deletionTimestamp ? 'deleting' : '', phase, `Ready=${ready}`, ...states]
        .filter((word) => word !== '').join(' ');
    });
  }
}

/** A write of the kubelet that nobody waits for has to be made all the same. */
const submitting = (port: ApiPort): ApiPort => ({ ...port, submit: (write, done = () => {}) => port.submit(write, done) });
