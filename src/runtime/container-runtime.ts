/**
 * The container runtime of one node: sandboxes, containers, images and volumes over emulated programs. It does what it is
 * told and knows nothing of Pods' rules: restarts, back-off and probes are the kubelet's.
 */
import type { Clock, Timer } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import { Network, type NetworkStack } from '../programs/network.ts';
import { Scheduler } from '../programs/scheduler.ts';
import { SIGKILL, signalNumber } from '../programs/signals.ts';
import { ContainerLife } from './container-life.ts';
import { ContainerState } from './container.ts';
import { execSync, openSession, attachSession } from './exec-session.ts';
import { ImageStore } from './image-store.ts';
import { ImageCatalogue, type ImageRule } from './images.ts';
import { stopSignal, type MachineParts } from './machine-factory.ts';
import { NodeClient } from './node-client.ts';
import { startPause } from './pause.ts';
import { PodRecords } from './pod-records.ts';
import { realisticLatencies, type RuntimeLatencies } from './profiles.ts';
import { ContainerControls } from './container-controls.ts';
import { noAddress, notFound, notRunning, targetNotRunning } from './cri-texts.ts';
import { commandLine } from './program-plan.ts';
import type {
  Container, ContainerConfig, ExecResult, ImageInfo, ImageUser, LogLine, PullResult, Runtime,
  RuntimeEvent, Sandbox, SandboxConfig, StartResult, StreamHandlers, StreamSession, VolumeOptions,
} from './runtime.ts';
import { noScripts, scriptOf, type ScriptSource } from './script.ts';
import { ScriptedPulls } from './scripted-pulls.ts';
import { userOf } from './user.ts';
import { AddressPool, SandboxState, sandboxRefusal } from './sandbox.ts';
import { Volumes, type VolumeFiles } from './volumes.ts';

export interface ContainerRuntimeOptions {
  readonly clock: Clock;
  readonly prng: Prng;
  readonly nodeIp: string;
  /** The range of the Pods' addresses, asked for when the first Pod needs one. */
  readonly podCidr: () => string;
  readonly latencies?: RuntimeLatencies;
  /** Rules before the built-in ones. */
  readonly images?: readonly ImageRule[];
  /** Shared by the nodes of a cluster. */
  readonly network?: Network;
  readonly scheduler?: Scheduler;
  /** The behaviours of containers. */
  readonly scripts?: ScriptSource;
}

const hex = '0123456789abcdef';

export class ContainerRuntime implements Runtime {
  readonly network: Network;
  /** Beyond CRI: what users do to live containers. */
  readonly controls: ContainerControls;
  readonly #clock: Clock;
  readonly #prng: Prng;
  readonly #options: ContainerRuntimeOptions;
  readonly #latencies: RuntimeLatencies;
  readonly #catalogue: ImageCatalogue;
  readonly #images: ImageStore;
  readonly #parts: MachineParts;
  #addresses: AddressPool | undefined;
  readonly #nodeStack: NetworkStack;
  readonly #client: NodeClient;
  readonly #life: ContainerLife;
  readonly #records = new PodRecords();
  readonly #pulls: ScriptedPulls;
  readonly #starting = new Set<Timer>();
  #onEvent: (event: RuntimeEvent) => void = () => {};

  constructor(options: ContainerRuntimeOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#prng = options.prng;
    this.#latencies = options.latencies ?? realisticLatencies;
    this.network = options.network ?? new Network();
    this.#catalogue = new ImageCatalogue(options.images);
    this.#images = new ImageStore(this.#clock, this.#catalogue, this.#latencies);
    const volumes = new Volumes(() => this.#clock.now());
    this.#parts = { scheduler: options.scheduler ?? new Scheduler(this.#clock), prng: this.#prng, volumes };
    this.#life = new ContainerLife({
      clock: this.#clock, catalogue: this.#catalogue, parts: this.#parts, onEvent: (event) => this.#onEvent(event),
    });
    this.controls = new ContainerControls(this.#clock, this.#life, this.#records);
    this.#pulls = new ScriptedPulls(options.scripts ?? noScripts);
    this.#client = new NodeClient(this.#clock, this.network, options.nodeIp);
    this.#nodeStack = this.network.join([options.nodeIp]);
  }

  imageStatus(reference: string, user?: ImageUser): ImageInfo | undefined {
    return this.#pulls.hides(reference, user) ? undefined : this.#images.get(reference);
  }

  pullImage(reference: string, done: (result: PullResult) => void, user?: ImageUser): void {
    this.#images.pull(reference, done, user, this.#pulls.next(reference, user));
  }

  cancelPulls(podUid: string): void {
    this.#images.cancel(podUid);
  }

  images(): readonly ImageInfo[] {
    return this.#images.all();
  }

  runSandbox(config: SandboxConfig, done: (result: { ok: true; sandbox: Sandbox } | { ok: false; message: string }) => void): void {
    this.#later(this.#latencies.sandboxMs, `sandbox of ${config.namespace}/${config.name}`, () => {
      const id = this.#prng.text(64, hex);
      const refusal = sandboxRefusal(id, config);
      if (refusal !== undefined) return done({ ok: false, message: refusal });
      const ip = config.hostNetwork ? this.#options.nodeIp : (this.#addresses ??= new AddressPool(this.#options.podCidr())).take();
      if (ip === undefined) return done({ ok: false, message: noAddress(config, this.#options.podCidr()) });
      const stack = config.hostNetwork ? this.#nodeStack : this.network.join([ip]);
      const sandbox = new SandboxState(id, config, stack, this.#clock.now());
      if (config.shareProcessNamespace === true) sandbox.pause = startPause(config, stack, this.#parts, () => this.#takeDown(sandbox));
      this.#records.addSandbox(sandbox);
      done({ ok: true, sandbox });
    });
  }

  stopSandbox(sandboxId: string): void {
    const sandbox = this.#records.sandboxes.get(sandboxId);
    if (!sandbox) return;
    for (const container of this.#records.of(sandbox.podUid).containers) if (container.sandbox === sandbox) container.signal(SIGKILL);
    this.#takeDown(sandbox);
    sandbox.ips = [];
  }

  killSandbox(sandboxId: string): void {
    const sandbox = this.#records.sandboxes.get(sandboxId);
    if (sandbox) this.#takeDown(sandbox);
  }

  removeSandbox(sandboxId: string): void {
    const sandbox = this.#records.sandboxes.get(sandboxId);
    if (!sandbox) return;
    this.stopSandbox(sandboxId);
    for (const container of this.#records.of(sandbox.podUid).containers) if (container.sandbox === sandbox) this.removeContainer(container.id);
    this.#records.removeSandbox(sandbox);
    this.#pulls.forget(sandbox.podUid);
  }

  createContainer(sandboxId: string, config: ContainerConfig): { ok: true; containerId: string } | { ok: false; message: string } {
    const sandbox = this.#records.sandboxes.get(sandboxId);
    if (!sandbox) return { ok: false, message: `rpc error: code = NotFound desc = failed to find sandbox id "${sandboxId}": not found` };
    const image = this.#images.get(config.image);
    if (!image) return { ok: false, message: `failed to create containerd container: error unpacking image: image "${config.image}" not found` };
    const args = commandLine(config, this.#catalogue.rule(config.image));
    if (args.length === 0) return { ok: false, message: 'failed to generate container spec: failed to generate spec: no command specified' };
    const user = userOf(config, image);
    const script = scriptOf(this.#options.scripts ?? noScripts, sandbox.config, config);
    const target = config.targetContainerId === undefined ? undefined : this.#records.containers.get(config.targetContainerId);
    const id = this.#prng.text(64, hex);
    if (target && target.state !== 'running') return { ok: false, message: targetNotRunning(id, target) };
    const container = new ContainerState(this.#clock, { id, config, image, sandbox, user, args, script, target });
    this.#records.addContainer(container);
    return { ok: true, containerId: container.id };
  }

  startContainer(containerId: string, done: (result: StartResult) => void): void {
    const container = this.#records.containers.get(containerId);
    if (!container) return done({ ok: false, message: notFound(containerId) });
    container.startTimer = this.#clock.after(this.#latencies.startMs + (container.script?.startDelayMs ?? 0), `start of container ${container.config.name}`, () => {
      container.startTimer = undefined;
      done(this.#life.start(container));
    });
  }

  stopContainer(containerId: string, graceMs: number, done: () => void, signal?: string): () => void {
    const container = this.#records.containers.get(containerId);
    if (!container || container.state !== 'running') {
      done();
      return () => undefined;
    }
    container.onExit.push(done);
    if (graceMs > 0) container.signal(stopSignal(container, signal));
    if (container.state === 'running') container.killAfter(graceMs);
    return () => container.cancelKill();
  }

  killContainer(containerId: string, signal: string): void {
    this.#records.containers.get(containerId)?.signal(signalNumber(signal) ?? SIGKILL);
  }

  removeContainer(containerId: string): void {
    const container = this.#records.containers.get(containerId);
    if (!container) return;
    container.signal(SIGKILL);
    container.cancelTimers();
    this.#records.removeContainer(container);
  }

  containers(podUid: string): readonly Container[] {
    return this.#records.of(podUid).containers;
  }

  sandboxes(podUid: string): readonly Sandbox[] {
    return this.#records.of(podUid).sandboxes;
  }

  podUids(): readonly string[] {
    return this.#records.podUids();
  }

  execSync(containerId: string, command: readonly string[], timeoutMs: number, done: (result: ExecResult) => void): void {
    const container = this.#records.running(containerId);
    if (!container) return done({ exitCode: undefined, output: notRunning(this.#records.containers.get(containerId), containerId), timedOut: false });
    this.#later(this.#latencies.execMs, `exec in container ${container.config.name}`, () => {
      if (container.state !== 'running') return done({ exitCode: undefined, output: notRunning(container, containerId), timedOut: false });
      execSync(this.#clock, this.#life.withMachine(container), this.#life.rule(container), command, timeoutMs, done);
    });
  }

  exec(containerId: string, command: readonly string[], options: { tty: boolean; stdin: boolean }, handlers: StreamHandlers): StreamSession {
    const container = this.#records.running(containerId);
    return openSession(container && this.#life.withMachine(container), container && this.#life.rule(container), command, options, handlers,
      notRunning(this.#records.containers.get(containerId), containerId),
      (run, moreMs = this.#latencies.execMs) => this.#later(moreMs, 'exec session', run));
  }

  attach(containerId: string, handlers: StreamHandlers): StreamSession {
    return attachSession(this.#records.running(containerId), handlers, notRunning(this.#records.containers.get(containerId), containerId));
  }

  logs(containerId: string, follow?: (line: LogLine) => void, ended?: () => void): { readonly lines: readonly LogLine[]; stop(): void } {
    const log = this.#records.containers.get(containerId)?.log;
    if (log) return { lines: [...log.lines], stop: follow ? log.subscribe(follow, ended) : () => {} };
    ended?.();
    return { lines: [], stop: () => {} };
  }

  readonly scriptedAnswer: Runtime['scriptedAnswer'] = (containerId, asked) => this.#records.containers.get(containerId)?.answer(asked);
  readonly memoryUsage: Runtime['memoryUsage'] = (podUid) => new Map(this.controls.usages(podUid).map(({ container, usage }) => [container, usage.memoryBytes]));
  readonly limitMemory: Runtime['limitMemory'] = (containerId, bytes) => this.#records.running(containerId)?.limitMemory(bytes);
  readonly connect: Runtime['connect'] = (...args) => this.#client.connect(...args);
  readonly checkHealth: Runtime['checkHealth'] = (...args) => this.#client.checkHealth(...args);
  readonly http: Runtime['http'] = (...args) => this.#client.http(...args);

  writeVolume(volumeId: string, files: VolumeFiles | undefined, options?: VolumeOptions): void {
    if (files) this.#parts.volumes.write(volumeId, files, options);
    else if (options) this.#parts.volumes.prepare(volumeId, options);
  }

  removeVolume(volumeId: string): void {
    this.#parts.volumes.remove(volumeId);
  }

  onEvent(handler: (event: RuntimeEvent) => void): void {
    this.#onEvent = handler;
  }

  reboot(): void {
    const handler = this.#onEvent;
    this.#onEvent = () => {};
    this.#abort();
    for (const container of this.#records.containers.values()) {
      container.onExit.length = 0;
      if (container.state === 'running') this.#life.finish(container, { code: 255 }, 'Unknown');
      container.machine?.kill();
    }
    for (const sandbox of this.#records.sandboxes.values()) {
      this.#takeDown(sandbox);
      sandbox.ips = [];
    }
    this.#onEvent = handler;
  }

  close(): void {
    this.reboot();
    this.#onEvent = () => {};
    this.#records.clear();
  }

  #abort(): void {
    for (const timer of this.#starting) this.#clock.cancel(timer);
    this.#starting.clear();
    this.#images.abort();
    for (const container of this.#records.containers.values()) container.cancelTimers();
  }

  #later(delayMs: number, label: string, run: () => void): void {
    const timer = this.#clock.after(delayMs, label, () => {
      this.#starting.delete(timer);
      run();
    });
    this.#starting.add(timer);
  }

  #takeDown(sandbox: SandboxState): void {
    if (sandbox.state === 'notReady') return;
    sandbox.state = 'notReady';
    sandbox.pause?.kill();
    if (!sandbox.config.hostNetwork) {
      this.network.leave(sandbox.network);
      for (const ip of sandbox.network.ips) this.#addresses?.give(ip);
    }
    this.#onEvent({ type: 'sandboxStopped', podUid: sandbox.podUid, sandboxId: sandbox.id });
  }
}
