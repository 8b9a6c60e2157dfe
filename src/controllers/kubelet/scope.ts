/**
 * The reach of one run of a kubelet process: when it ends, no timer and no answer of the runtime reaches it any more,
 * while the runtime itself goes on. This is how a kubelet is lost and comes back.
 */
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Runtime } from '../../runtime/runtime.ts';

/** What a kubelet uses of its runtime. */
export type KubeletRuntime = Pick<Runtime,
  'imageStatus' | 'pullImage' | 'cancelPulls' | 'runSandbox' | 'stopSandbox' | 'removeSandbox' | 'createContainer' | 'startContainer' | 'stopContainer'
  | 'removeContainer' | 'memoryUsage' | 'limitMemory' | 'containers' | 'sandboxes' | 'podUids' | 'execSync' | 'scriptedAnswer' | 'logs' | 'connect' | 'checkHealth' | 'http' | 'writeVolume' | 'removeVolume'>;

export class Scope {
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly #timers = new Set<Timer>();
  /** Stops of containers that have not ended, to be abandoned. */
  readonly #stops = new Set<{ readonly abandon: () => void }>();
  readonly #clock: Clock;
  #open = true;

  constructor(clock: Clock, runtime: Runtime) {
    this.#clock = clock;
    this.clock = this.#scopedClock(clock);
    this.runtime = this.#scopedRuntime(runtime);
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
    for (const timer of this.#timers) this.#clock.cancel(timer);
    this.#timers.clear();
    for (const { abandon } of this.#stops) abandon();
    this.#stops.clear();
  }

  #scopedClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (delayMs, label, run) => {
        const timer: Timer = clock.after(delayMs, label, () => {
          this.#timers.delete(timer);
          run();
        });
        this.#timers.add(timer);
        return timer;
      },
      cancel: (timer) => {
        this.#timers.delete(timer);
        clock.cancel(timer);
      },
    };
  }

  /** The runtime gives a stop up when the kubelet that asked for it is gone: the next one begins the grace period again. */
  #stopContainer(runtime: Runtime, id: string, graceMs: number, done: () => void, signal: string | undefined): () => void {
    const stop = { abandon: () => undefined as void };
    this.#stops.add(stop);
    stop.abandon = runtime.stopContainer(id, graceMs, () => {
      this.#stops.delete(stop);
      if (this.#open) done();
    }, signal);
    return stop.abandon;
  }

  #scopedRuntime(runtime: Runtime): KubeletRuntime {
    const alive = <T>(done: (value: T) => void) => (value: T) => { if (this.#open) done(value); };
    return {
      imageStatus: (reference, user) => runtime.imageStatus(reference, user),
      pullImage: (reference, done, user) => runtime.pullImage(reference, alive(done), user),
      cancelPulls: (podUid) => runtime.cancelPulls(podUid),
      runSandbox: (config, done) => runtime.runSandbox(config, alive(done)),
      stopSandbox: (id) => runtime.stopSandbox(id),
      removeSandbox: (id) => runtime.removeSandbox(id),
      createContainer: (sandboxId, config) => runtime.createContainer(sandboxId, config),
      startContainer: (id, done) => runtime.startContainer(id, alive(done)),
      stopContainer: (id, graceMs, done, signal) => this.#stopContainer(runtime, id, graceMs, done, signal),
      removeContainer: (id) => runtime.removeContainer(id),
      memoryUsage: (podUid) => runtime.memoryUsage(podUid),
      limitMemory: (id, bytes) => runtime.limitMemory(id, bytes),
      containers: (podUid) => runtime.containers(podUid),
      sandboxes: (podUid) => runtime.sandboxes(podUid),
      podUids: () => runtime.podUids(),
      execSync: (id, command, timeoutMs, done) => runtime.execSync(id, command, timeoutMs, alive(done)),
      scriptedAnswer: (id, asked) => runtime.scriptedAnswer(id, asked),
      logs: (id, follow) => runtime.logs(id, follow),
      connect: (ip, port, timeoutMs, done) => runtime.connect(ip, port, timeoutMs, alive(done)),
      checkHealth: (ip, port, service, timeoutMs, done) => runtime.checkHealth(ip, port, service, timeoutMs, alive(done)),
      http: (request, done) => runtime.http(request, alive(done)),
      writeVolume: (volumeId, files, options) => runtime.writeVolume(volumeId, files, options),
      removeVolume: (volumeId) => runtime.removeVolume(volumeId),
    };
  }
}
