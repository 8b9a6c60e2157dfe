/**
 * A runtime whose containers follow the plain commands of the tests: `sleep N`, `exit N`, `trap '…' TERM`. For tests of
 * the kubelet that should not depend on what runs inside containers.
 */
import type { Clock, Timer } from '../../src/clock/clock.ts';
import type {
  ConnectResult, Container, ContainerConfig, ExecResult, HttpResult, ImageInfo, LogLine, PullResult, Runtime, RuntimeEvent, Sandbox,
  SandboxConfig, StartResult,
} from '../../src/runtime/runtime.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Running {
  readonly container: Mutable<Container>;
  timer?: Timer;
  onTerm?: { afterMs: number; exitCode: number };
  stopped: (() => void)[];
}

export interface ScriptedTimes {
  readonly sandboxMs: number;
  readonly startMs: number;
  readonly stopMs: number;
}

export class ScriptedRuntime implements Runtime {
  readonly #clock: Clock;
  readonly #times: ScriptedTimes;
  #next = 1;
  #listener: (event: RuntimeEvent) => void = () => {};
  readonly #sandboxes: Mutable<Sandbox>[] = [];
  readonly #running: Running[] = [];
  readonly missingImages = new Set<string>();
  /** Answers of execs, by the command's words joined with spaces. */
  readonly execs = new Map<string, ExecResult>();
  readonly volumes = new Map<string, ReadonlyMap<string, { readonly data: Uint8Array; readonly mode: number }>>();
  readonly configs: ContainerConfig[] = [];

  constructor(clock: Clock, times: ScriptedTimes = { sandboxMs: 0, startMs: 0, stopMs: 0 }) {
    this.#clock = clock;
    this.#times = times;
  }

  imageStatus(reference: string): ImageInfo | undefined {
    return reference.startsWith('registry.test/') || this.missingImages.has(reference) ? undefined : this.#image(reference);
  }

  pullImage(reference: string, done: (result: PullResult) => void): void {
    const missing = this.missingImages.has(reference) || reference.includes('/missing');
    done(missing
      ? { ok: false, message: `failed to resolve image: ${reference}: not found` }
      : { ok: true, image: this.#image(reference), tookMs: 0 });
  }

  images(): readonly ImageInfo[] {
    return [];
  }

  cancelPulls(): void {}

  memoryUsage(): ReadonlyMap<string, number> {
    return new Map();
  }

  limitMemory(): void {}

  scriptedAnswer(): undefined {
    return undefined;
  }

  runSandbox(config: SandboxConfig, done: (result: { ok: true; sandbox: Sandbox } | { ok: false; message: string }) => void): void {
    this.#clock.after(this.#times.sandboxMs, 'sandbox', () => {
      const sandbox: Mutable<Sandbox> = {
        id: this.#id(), podUid: config.podUid, attempt: config.attempt, state: 'ready', ips: [`10.0.${this.#next >> 8}.${this.#next & 255}`], createdAt: this.#clock.now(),
      };
      this.#sandboxes.unshift(sandbox);
      this.#listener({ type: 'containerStarted', podUid: config.podUid, containerId: sandbox.id });
      done({ ok: true, sandbox });
    });
  }

  stopSandbox(sandboxId: string): void {
    const sandbox = this.#sandboxes.find(({ id }) => id === sandboxId)!;
    for (const running of this.#running) if (running.container.sandboxId === sandboxId) this.#exit(running, 137);
    sandbox.state = 'notReady';
    this.#listener({ type: 'sandboxStopped', podUid: sandbox.podUid, sandboxId });
  }

  removeSandbox(sandboxId: string): void {
    this.#sandboxes.splice(this.#sandboxes.findIndex(({ id }) => id === sandboxId), 1);
  }

  createContainer(sandboxId: string, config: ContainerConfig): { ok: true; containerId: string } {
    const container: Mutable<Container> = {
      id: this.#id(), sandboxId, config, image: this.#image(config.image), state: 'created', createdAt: this.#clock.now(), startedAt: undefined,
      finishedAt: undefined, exitCode: undefined, reason: undefined, message: undefined, user: { uid: 0, gid: 0, supplementalGroups: [0] },
    };
    this.configs.push(config);
    this.#running.unshift({ container, stopped: [] });
    return { ok: true, containerId: container.id };
  }

  startContainer(containerId: string, done: (result: StartResult) => void): void {
    this.#clock.after(this.#times.startMs, 'start', () => {
      const running = this.#find(containerId);
      if (running.container.config.command[0] === '/no/such/program') {
        Object.assign(running.container, { state: 'exited', exitCode: 128, reason: 'StartError', message: 'no such file', finishedAt: this.#clock.now() });
        return done({ ok: false, message: 'no such file' });
      }
      Object.assign(running.container, { state: 'running', startedAt: this.#clock.now() });
      this.#listener({ type: 'containerStarted', podUid: running.container.config.podUid, containerId });
      this.#play(running);
      done({ ok: true });
    });
  }

  stopContainer(containerId: string, graceMs: number, done: () => void): () => void {
    const abandon = () => { if (running.timer) this.#clock.cancel(running.timer); };
    const running = this.#find(containerId);
    if (running.container.state !== 'running') {
      this.#clock.after(0, 'stopped', done);
      return abandon;
    }
    running.stopped.push(done);
    const { onTerm } = running;
    if (running.timer) this.#clock.cancel(running.timer);
    const afterMs = onTerm && onTerm.afterMs <= graceMs ? onTerm.afterMs : graceMs;
    running.timer = this.#clock.after(afterMs + this.#times.stopMs, 'stop', () => this.#exit(running, onTerm && onTerm.afterMs <= graceMs ? onTerm.exitCode : 137));
    return abandon;
  }

  killContainer(containerId: string): void {
    this.#exit(this.#find(containerId), 137);
  }

  killSandbox(sandboxId: string): void {
    const sandbox = this.#sandboxes.find(({ id }) => id === sandboxId)!;
    sandbox.state = 'notReady';
    this.#listener({ type: 'sandboxStopped', podUid: sandbox.podUid, sandboxId });
  }

  removeContainer(containerId: string): void {
    const index = this.#running.findIndex(({ container }) => container.id === containerId);
    if (index >= 0) this.#running.splice(index, 1);
  }

  containers(podUid: string): readonly Container[] {
    return this.#running.map(({ container }) => container).filter(({ config }) => config.podUid === podUid);
  }

  sandboxes(podUid: string): readonly Sandbox[] {
    return this.#sandboxes.filter((sandbox) => sandbox.podUid === podUid);
  }

  podUids(): readonly string[] {
    return [...new Set(this.#sandboxes.map(({ podUid }) => podUid))];
  }

  execSync(_containerId: string, command: readonly string[], _timeoutMs: number, done: (result: ExecResult) => void): void {
    done(this.execs.get(command.join(' ')) ?? { exitCode: 0, output: '', timedOut: false });
  }

  exec(): never {
    throw new Error('not scripted');
  }

  attach(): never {
    throw new Error('not scripted');
  }

  logs(): { readonly lines: readonly LogLine[]; stop(): void } {
    return { lines: [], stop: () => {} };
  }

  connect(ip: string, port: number, _timeoutMs: number, done: (result: ConnectResult) => void): void {
    done({ ok: false, message: `dial tcp ${ip}:${port}: connect: connection refused` });
  }

  checkHealth(_ip: string, _port: number, _service: string, _timeoutMs: number, done: (answer: undefined) => void): void {
    done(undefined);
  }

  http({ ip, port, path }: { ip: string; port: number; path: string }, done: (result: HttpResult | { readonly error: string }) => void): void {
    done({ error: `Get "http://${ip}:${port}${path}": dial tcp ${ip}:${port}: connect: connection refused` });
  }

  writeVolume(volumeId: string, files: ReadonlyMap<string, { readonly data: Uint8Array; readonly mode: number }>): void {
    this.volumes.set(volumeId, files);
  }

  removeVolume(volumeId: string): void {
    this.volumes.delete(volumeId);
  }

  onEvent(handler: (event: RuntimeEvent) => void): void {
    this.#listener = handler;
  }

  reboot(): void {
    for (const running of this.#running) Object.assign(running.container, { state: 'exited', exitCode: 255, reason: 'Unknown' });
    for (const sandbox of this.#sandboxes) sandbox.state = 'notReady';
  }

  close(): void {}

  #play(running: Running): void {
    const script = running.container.config.command.at(-1) ?? '';
    const trap = /trap '(?:sleep (\d+); )?exit (\d+)' TERM/.exec(script);
    if (trap) {
      running.onTerm = { afterMs: Number(trap[1] ?? 0) * 1000, exitCode: Number(trap[2]) };
      return;
    }
    const sleep = /sleep (\d+)/.exec(script);
    const exit = /exit (\d+)/.exec(script);
    if (!sleep && !exit) return;
    running.timer = this.#clock.after(Number(sleep?.[1] ?? 0) * 1000, 'program', () => this.#exit(running, Number(exit?.[1] ?? 0)));
  }

  #exit(running: Running, exitCode: number): void {
    if (running.container.state !== 'running') return;
    if (running.timer) this.#clock.cancel(running.timer);
    Object.assign(running.container, { state: 'exited', exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt: this.#clock.now() });
    this.#listener({ type: 'containerExited', podUid: running.container.config.podUid, containerId: running.container.id });
    for (const stopped of running.stopped) stopped();
  }

  #find(containerId: string): Running {
    return this.#running.find(({ container }) => container.id === containerId)!;
  }

  #image(reference: string): ImageInfo {
    return { name: `docker.io/library/${reference}`, imageId: `docker.io/library/${reference}@sha256:0`, sizeBytes: 1 };
  }

  #id(): string {
    return String(this.#next++).padStart(64, '0');
  }
}
