/** The controls of a cluster: each method is one verb of `/_fakelet/v1`. */
import type { ApiPort } from '../api/port.ts';
import { checkerOf } from '../schema/fakelet/check.ts';
import * as own from '../schema/fakelet/v1.ts';
import type { Event, Node, Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { StaticManifest } from '../controllers/kubelet/static-pods.ts';
import { isObject } from '../lib/json.ts';
import { limits } from '../limits.ts';
import { kubernetesVersion } from '../version.ts';
import type { ClockMover } from './clock-mover.ts';
import type { Cluster } from './cluster.ts';
import { ContainerVerbs } from './container-verbs.ts';
import type { EmulatorControls, NodeVerb } from './controls.ts';
import { differences } from './differences.ts';
import { overwrite } from './direct-writes.ts';
import { EmulatorError } from './emulator-error.ts';
import { explain } from './explanation.ts';
import type { JournalEntry } from './journal.ts';
import { kubeconfig } from './kubeconfig.ts';
import { conditionPatch, withReadinessGates } from './pod-edits.ts';
import { Scenarios } from './scenarios/scenarios.ts';
import { shutdownGrace } from './shutdown-grace.ts';
import { subjectOf, textOf, transcript } from './transcript.ts';

export class ClusterControls implements EmulatorControls {
  readonly #cluster: Cluster;
  readonly #mover: ClockMover;

  readonly behaviors: EmulatorControls['behaviors'];
  readonly faults: EmulatorControls['faults'];
  readonly snapshots: EmulatorControls['snapshots'];

  constructor(cluster: Cluster, mover: ClockMover) {
    this.#cluster = cluster;
    this.#mover = mover;
    this.behaviors = cluster.behaviors;
    this.faults = cluster.faults;
    this.snapshots = cluster.snapshots;
  }

  clock(): own.ClockState {
    const { clock } = this.#cluster;
    const { count, next } = clock.pending();
    return {
      mode: clock.rate === undefined ? (this.#mover.isAuto ? 'auto' : 'manual') : clock.rate === 1 ? 'real' : 'scaled',
      ...(clock.rate === undefined ? {} : { rate: clock.rate }),
      now: iso(clock.now()),
      pendingTimers: count,
      ...(next ? { next: { at: iso(next.at), label: next.label } } : {}),
    };
  }

  setClock({ mode, rate }: own.ClockChange): own.ClockState {
    if (mode === 'scaled' && rate === undefined) throw new EmulatorError(400, "Failed to set the clock: mode 'scaled' needs a rate. Add one, for example 10.");
    this.#mover.set(mode === 'real' ? 1 : mode === 'scaled' ? rate : undefined, mode === 'auto');
    return this.clock();
  }

  advance(request: own.ClockAdvance): Promise<own.ClockAdvanced> {
    return this.#mover.advance(request);
  }

  wait(request: own.WaitRequest, gone?: AbortSignal): Promise<own.WaitResult> {
    return this.#mover.wait(request, gone);
  }

  explain(namespace: string, name: string): own.Explanation {
    const { api, clock } = this.#cluster;
    const pod = this.#pod(namespace, name);
    const port = api.ports.as('fakelet');
    return explain({
      pod, now: clock.now(), clockStands: clock.rate === undefined && !this.#mover.isAuto,
      node: port.lister<Node & KubeObject>('nodes').get('', pod.spec.nodeName ?? ''),
      events: port.lister<Event & KubeObject>('events').byIndex('involved', pod.metadata.uid ?? ''),
    });
  }

  readinessGates(namespace: string, name: string): own.ReadinessGates {
    return { readinessGates: (this.#pod(namespace, name).spec.readinessGates ?? []).map(({ conditionType }) => conditionType) };
  }

  setReadinessGates(namespace: string, name: string, { readinessGates }: own.ReadinessGates): own.ReadinessGates {
    overwrite(this.#cluster.api, 'pods', withReadinessGates(this.#pod(namespace, name), readinessGates) as KubeObject);
    this.#cluster.settle();
    return this.readinessGates(namespace, name);
  }

  setCondition(namespace: string, name: string, type: string, value: own.ConditionValue | undefined): null {
    const patch = conditionPatch(this.#pod(namespace, name), type, value, this.#cluster.clock.now());
    if (patch) this.#submitPatch(namespace, name, patch);
    this.#cluster.settle();
    return null;
  }

  exitContainer(namespace: string, name: string, container: string, exit: own.ContainerExit): null {
    this.#container(namespace, name, container).exit(exit);
    return this.#done();
  }

  oomContainer(namespace: string, name: string, container: string): null {
    this.#container(namespace, name, container).oom();
    return this.#done();
  }

  probeContainer(namespace: string, name: string, container: string, override: own.ProbeOverride): null {
    this.#container(namespace, name, container).probe(override);
    return this.#done();
  }

  logContainer(namespace: string, name: string, container: string, line: own.LogLine): null {
    this.#container(namespace, name, container).log(line);
    return this.#done();
  }

  killSandbox(namespace: string, name: string): null {
    const pod = this.#pod(namespace, name);
    const { runtime } = this.#cluster.nodes.of(pod.spec.nodeName ?? '');
    const sandbox = runtime.sandboxes(pod.metadata.uid!).find(({ state }) => state === 'ready');
    if (!sandbox) throw new EmulatorError(409, `Failed to kill the sandbox of pod ${namespace}/${name}: it has none. Wait until the Pod runs.`);
    runtime.killSandbox(sandbox.id);
    return this.#done();
  }

  addNodes(template: own.NodeTemplate): own.NodeNames {
    const nodes = this.#cluster.nodes.add(template);
    this.#cluster.settle();
    return { nodes };
  }

  node(name: string, verb: NodeVerb): null {
    this.#cluster.nodes.command(name, verb);
    return this.#done();
  }

  shutDownNode(name: string, grace: own.NodeShutdown): null {
    this.#cluster.nodes.shutDown(name, shutdownGrace(grace));
    return this.#done();
  }

  setPressure(name: string, { type, status }: own.NodePressure): null {
    this.#cluster.nodes.setPressure(name, type, status);
    return this.#done();
  }

  writeStaticPod(node: string, pod: string, manifest: unknown): null {
    const { kubelet } = this.#cluster.nodes.of(node);
    const spec = (manifest as { spec?: unknown } | null)?.spec;
    if (!isObject(spec)) throw new EmulatorError(400, `Failed to write the manifest of static pod ${pod}: it has no spec. Send a Pod.`);
    kubelet.writeStaticPod(pod, manifest as StaticManifest['pod']);
    return this.#done();
  }

  removeStaticPod(node: string, pod: string): null {
    this.#cluster.nodes.of(node).kubelet.removeStaticPod(pod);
    return this.#done();
  }

  scenarios(): own.ScenarioList {
    return Scenarios.list();
  }

  startScenario(scenario: string | own.Scenario): null {
    const wrong = typeof scenario === 'string' ? undefined : checkScenario(scenario);
    if (wrong !== undefined) throw new EmulatorError(400, `Failed to start the scenario: ${wrong}. See docs/behaviors.md.`);
    this.#cluster.scenarios.start(typeof scenario === 'string' ? Scenarios.find(scenario) : scenario);
    return this.#done();
  }

  about(): own.About {
    const { options, version } = this.#cluster.settings;
    const { token: _, ...shown } = options;
    return { version, kubernetes: kubernetesVersion, options: { ...shown }, limits: { ...limits }, differences: [...differences] };
  }

  reset(): null {
    this.#cluster.reset();
    return null;
  }

  journal(query: own.JournalQuery): own.Journal {
    const { journal } = this.#cluster;
    return {
      dropped: journal.dropped,
      entries: this.#entries(query).map((entry) => {
        const object = subjectOf(entry);
        return { sequence: entry.sequence, at: iso(entry.at), kind: entry.kind, text: textOf(entry), ...(object ? { object } : {}) };
      }),
    };
  }

  transcript(query: own.JournalQuery): string {
    return transcript(this.#entries(query), this.#cluster.startMs);
  }

  kubeconfig(server: string): string {
    const { options, ca } = this.#cluster.settings;
    return kubeconfig({ server, token: options.token, ...(ca === undefined ? {} : { ca }) });
  }

  #entries({ since, object }: own.JournalQuery): readonly JournalEntry[] {
    const entries = this.#cluster.journal.entries(since);
    return object === undefined ? entries : entries.filter((entry) => subjectOf(entry) === object);
  }

  #pod(namespace: string, name: string): Pod {
    const pod = this.#port().lister<Pod & KubeObject>('pods').get(namespace, name);
    if (!pod) throw new EmulatorError(404, `Failed to find pod ${namespace}/${name}: there is none. Create it first.`);
    return pod;
  }

  #container(namespace: string, name: string, container: string): ContainerVerbs {
    const pod = this.#pod(namespace, name);
    return new ContainerVerbs(this.#cluster.nodes.of(pod.spec.nodeName ?? '').runtime, pod, container);
  }

  #submitPatch(namespace: string, name: string, patch: unknown): void {
    this.#port().submit({ verb: 'patch', resource: 'pods', subresource: 'status', namespace, name, patchType: 'strategic', patch }, (outcome) => {
      if (!outcome.ok) throw new EmulatorError(outcome.status.code, `Failed to change pod ${namespace}/${name}: ${outcome.status.message}.`);
    });
  }

  #port(): ApiPort {
    return this.#cluster.api.ports.as('fakelet');
  }

  #done(): null {
    this.#cluster.settle();
    return null;
  }
}

const checkScenario = checkerOf(own.Scenario);

const iso = (ms: number) => new Date(ms).toISOString();
