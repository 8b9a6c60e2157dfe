/**
 * One script in one emulated container, without a cluster: `fakelet sh`, and tests that ask what a container would do.
 * Its manual clock jumps over the time in which nothing happens. Standard input is empty.
 */
import { ManualClock } from './clock/manual-clock.ts';
import { Prng } from './lib/prng.ts';
import { ContainerRuntime } from './runtime/container-runtime.ts';
import { fastLatencies } from './runtime/profiles.ts';
import { useLinearEngine } from './regexp-engine.ts';
import type { Container, ContainerConfig } from './runtime/runtime.ts';

export interface ScriptOptions {
  /** Default busybox:1.36. */
  readonly image?: string;
  /** The command line; `['sh', '-c', script]` for a script. */
  readonly command: readonly string[];
  /** Milliseconds since 1970 at which its clock starts. Default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
}

const podUid = 'script';
const defaultStartMs = Date.UTC(2026, 0, 1);
/** Timers of one instant; more of them mean that the clock would never move on. */
const timersPerMoveMax = 1_000_000;

export class ScriptRun {
  readonly clock: ManualClock;
  readonly #runtime: ContainerRuntime;
  #container: Container | undefined;
  #problem: string | undefined;

  constructor(options: ScriptOptions) {
    useLinearEngine();
    this.clock = new ManualClock({ startMs: options.startMs ?? defaultStartMs, timersPerMoveMax });
    this.#runtime = new ContainerRuntime({ clock: this.clock, prng: new Prng(1), nodeIp: '10.0.0.1', podCidr: () => '10.244.0.0/24', latencies: fastLatencies });
    const image = options.image ?? 'busybox:1.36';
    this.#runtime.pullImage(image, (result) => (result.ok ? this.#start(image, options) : this.#fail(result.message)));
    this.clock.runDue();
  }

  /** Its status: that of the program, 128 when it could not be started; undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#problem === undefined ? this.#container?.exitCode : 128;
  }

  /** Why it could not be started. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Jumps to the next instant at which something happens; false when it has ended, or waits for what never comes. */
  step(): boolean {
    const { next } = this.clock.pending();
    if (this.exitCode !== undefined || !next) return false;
    this.clock.advanceTo(Math.max(next.at, this.clock.now()));
    return this.exitCode === undefined;
  }

  close(): void {
    this.#runtime.close();
  }

  #start(image: string, options: ScriptOptions): void {
    this.#runtime.runSandbox({ podUid, namespace: 'default', name: 'sh', attempt: 0, hostNetwork: false, hostname: 'sh', annotations: {}, labels: {} }, (sandbox) => {
      if (!sandbox.ok) return this.#fail(sandbox.message);
      const created = this.#runtime.createContainer(sandbox.sandbox.id, configOf(image, options));
      if (!created.ok) return this.#fail(created.message);
      this.#runtime.logs(created.containerId, ({ stream, text, partial }) =>
        (stream === 'stdout' ? options.onStdout : options.onStderr)(partial ? text : `${text}\n`));
      this.#container = this.#runtime.containers(podUid).find(({ id }) => id === created.containerId);
      this.#runtime.startContainer(created.containerId, (result) => {
        if (!result.ok) this.#fail(result.message);
      });
    });
  }

  #fail(message: string): void {
    this.#problem = message;
  }
}

function configOf(image: string, { command, env = {} }: ScriptOptions): ContainerConfig {
  return {
    podUid, name: 'sh', kind: 'main', attempt: 0, image, command, args: [], workingDir: '', env: Object.entries(env), mounts: [],
    terminationMessagePath: '/dev/termination-log', ports: [], tty: false, stdin: false,
  };
}
