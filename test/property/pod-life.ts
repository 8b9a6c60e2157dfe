/**
 * One random life: Pods, deletions, edits and node faults on a whole cluster, all drawn from one seed, watched for what
 * must never happen. It ends everything and looks whether something is left.
 */
import { createHash } from 'node:crypto';
import type { ControlledClock, Timer } from '../../src/clock/clock.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { NodeVerb } from '../../src/cluster/controls.ts';
import { Prng } from '../../src/lib/prng.ts';
import { libraryOptions } from '../../src/options.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { brokenRules, isTerminal } from './pod-rules.ts';
import { chance, gate, nodeNames, pick, randomPod } from './random-pods.ts';

const pods = '/api/v1/namespaces/default/pods';
const deedsPerLife = 25;
/** Moves of the clock between two deeds, in ms. */
const pauses = [0, 1, 100, 999, 1000, 5000, 12_000, 30_000, 90_000];
/** Longer than any grace period, the garbage collection of Pods on lost nodes and that of dead containers take. */
const aftermathMs = 5 * 60_000;

/** Timers that a cluster without Pods has. */
const ofTheCluster = /^(kubelet: node heartbeat|kubelet eviction|node-lifecycle-controller: monitor|pod-garbage-collector-controller|compaction|scheduler: flush unschedulable pods|.*: finish event series)$/;

export class PodLife {
  readonly broken: string[] = [];
  readonly #uids = new Set<string>();
  readonly #cluster: Cluster;
  readonly #random: Prng;
  /** By name: the list as the watch tells it. */
  readonly #watched = new Map<string, Pod>();
  readonly #ended = new Map<string, string>();
  readonly #journal = createHash('sha256');
  readonly #timers: ReadonlySet<Timer>;
  #byHand = false;

  constructor(seed: number) {
    this.#random = new Prng(seed);
    this.#cluster = new Cluster({
      options: libraryOptions({ seed, nodes: nodeNames.length, profile: chance(this.#random, 0.5) ? 'realistic' : 'fast' }),
      version: 'test', manifests: [], onError: (text) => this.broken.push(`the emulator failed: ${text}`),
    });
    this.#cluster.store.watch('/pods/', this.#cluster.store.revision, ({ type, stored }) => this.#see(type, stored.value as unknown as Pod));
    this.#timers = pendingTimers(this.#cluster.clock);
    this.#pass(60_000);
  }

  get podCount(): number {
    return this.#uids.size;
  }

  /** Lives, then ends everything; answers a digest of every version of every Pod and of the journal. */
  run(): string {
    for (let i = 0; i < deedsPerLife; i++) {
      this.#act();
      this.#pass(pick(this.#random, pauses));
      this.#compareWatchWithList();
    }
    this.#endAll();
    this.#checkThatNothingIsLeft();
    this.#journal.update(this.#cluster.controls.transcript({}));
    this.#cluster.close();
    return this.#journal.digest('hex');
  }

  #act(): void {
    const random = this.#random;
    const name = `pod-${random.below(5)}`;
    const deed = random.below(20);
    if (deed < 9) this.#ask('POST', pods, randomPod(random, name));
    else if (deed < 13) this.#ask('DELETE', `${pods}/${name}`, pick(random, [{}, {}, { gracePeriodSeconds: 0 }, { gracePeriodSeconds: 3 }]));
    else if (deed < 15) this.#edit(name);
    else if (deed < 17) this.#disturb(name);
    else this.#strikeNode(pick(random, nodeNames));
  }

  /** What clients do to Pods besides deleting them. */
  #edit(name: string): void {
    const { metadata, spec, status } = this.#watched.get(name) ?? {};
    const deed = this.#random.below(5);
    if (deed === 0 && !isTerminal(status?.phase)) this.#ask('PATCH', `${pods}/${name}/status`, { status: { phase: 'Failed', reason: 'ByHand' } });
    else if (deed === 1 && metadata?.finalizers) this.#ask('PATCH', `${pods}/${name}`, { metadata: { finalizers: [] } });
    else if (deed === 2 && spec?.schedulingGates) this.#ask('PATCH', `${pods}/${name}`, { spec: { schedulingGates: [] } });
    else if (deed === 3) this.#ask('POST', `${pods}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
    else if (metadata) this.#command(() => this.#cluster.controls.setCondition('default', name, gate, pick(this.#random, [undefined, { status: 'True' }, { status: 'False' }])));
  }

  #disturb(name: string): void {
    const { controls } = this.#cluster;
    const deed = this.#random.below(3);
    if (deed === 0) this.#command(() => controls.killSandbox('default', name));
    else if (deed === 1) this.#command(() => controls.oomContainer('default', name, 'main'));
    else this.#command(() => controls.exitContainer('default', name, 'main', pick(this.#random, [{ code: 0 }, { code: 42 }, { signal: 'TERM' }])));
  }

  #strikeNode(node: string): void {
    const { controls } = this.#cluster;
    const verb = pick<NodeVerb | 'pressure'>(this.#random, ['stop', 'start', 'start', 'restart', 'reboot', 'remove', 'pressure']);
    if (verb === 'pressure') this.#command(() => controls.setPressure(node, { type: 'MemoryPressure', status: chance(this.#random, 0.5) }));
    else if (verb === 'start') this.#bringUp(node);
    else this.#command(() => controls.node(node, verb));
  }

  #bringUp(node: string): void {
    const { controls } = this.#cluster;
    this.#command(() => controls.addNodes({ name: node }));
    this.#command(() => controls.node(node, 'start'));
  }

  /** A control may refuse what makes no sense now; anything but a refusal is a mistake. */
  #command(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Error) || error.constructor.name !== 'EmulatorError') throw error;
    }
  }

  /** A name may be taken already or free already; every other refusal is a mistake. */
  #ask(method: string, path: string, body: object): void {
    this.#byHand = path.endsWith('/status');
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = this.#cluster.handle({ method, path, query: '', headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(body)) });
    this.#byHand = false;
    if (![200, 201, 404, 409].includes(response.status)) {
      const text = 'body' in response ? Buffer.from(response.body).toString() : '';
      this.broken.push(`${method} ${path} answered ${response.status}: ${text}`);
    }
    this.#cluster.settle();
  }

  #pass(ms: number): void {
    this.#cluster.clock.advance(ms);
    this.#cluster.settle();
  }

  #see(type: string, pod: Pod): void {
    const { name, uid = '' } = pod.metadata;
    this.#journal.update(`${type} ${JSON.stringify(pod)}\n`);
    const before = this.#watched.get(name!);
    this.#uids.add(uid);
    if (type === 'delete') this.#watched.delete(name!);
    else this.#watched.set(name!, pod);
    const second = `${new Date(this.#cluster.clock.now()).toISOString().slice(0, 19)}Z`;
    if (before?.metadata.uid === uid) {
      const rules = brokenRules({ before, after: pod, second, byHand: this.#byHand, ended: this.#ended.get(uid) });
      this.broken.push(...rules.map((rule) => `${name} at ${second} (${type}): ${rule}`));
    } else if (before) this.broken.push(`${name} at ${second}: a second Pod came before the first had gone`);
    if (isTerminal(pod.status.phase) && pod.status.reason !== 'ByHand') this.#ended.set(uid, pod.status.phase!);
  }

  #compareWatchWithList(): void {
    const response = this.#cluster.handle({ method: 'GET', path: pods, query: '', headers: {}, body: Buffer.alloc(0) });
    const { items } = JSON.parse('body' in response ? Buffer.from(response.body).toString() : '{}') as { items: Pod[] };
    const text = (list: readonly Pod[]) => JSON.stringify(list.map(({ metadata, spec, status }) => [metadata, spec, status]));
    const watched = [...this.#watched.values()].sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
    if (text(items) !== text(watched)) this.broken.push('the list is not what the watch told');
  }

  #endAll(): void {
    for (const node of nodeNames) {
      this.#bringUp(node);
      this.#command(() => this.#cluster.controls.setPressure(node, { type: 'MemoryPressure', status: false }));
    }
    this.#ask('DELETE', pods, {});
    for (const name of this.#watched.keys()) this.#ask('PATCH', `${pods}/${name}`, { metadata: { finalizers: [] } });
    this.#pass(aftermathMs);
  }

  #checkThatNothingIsLeft(): void {
    const { store, nodes: machines } = this.#cluster;
    for (const { metadata, status, spec } of this.#watched.values()) {
      this.broken.push(`${metadata.name} on ${spec.nodeName} is left: ${status.phase}, deleted ${metadata.deletionTimestamp}, finalizers ${metadata.finalizers}`);
    }
    if (store.count('/pods/') > 0) this.broken.push(`${store.count('/pods/')} Pods are left`);
    const timers = [...this.#timers].filter(({ label }) => !ofTheCluster.test(label)).map(({ label }) => label);
    if (timers.length > 0) this.broken.push(`timers are left: ${timers.join(', ')}`);
    for (const node of nodeNames) {
      const { runtime } = machines.of(node);
      const left = [...this.#uids].filter((uid) => runtime.containers(uid).length + runtime.sandboxes(uid).length > 0);
      if (left.length > 0) this.broken.push(`${node} still has containers or sandboxes of ${left.length} Pods`);
    }
  }
}

/** The timers that are set from now on and still to run. */
function pendingTimers(clock: ControlledClock): ReadonlySet<Timer> {
  const pending = new Set<Timer>();
  const { after, cancel } = clock;
  clock.after = (delayMs, label, run) => {
    const timer = after.call(clock, delayMs, label, () => {
      pending.delete(timer);
      run();
    });
    pending.add(timer);
    return timer;
  };
  clock.cancel = (timer) => {
    pending.delete(timer);
    cancel.call(clock, timer);
  };
  return pending;
}
