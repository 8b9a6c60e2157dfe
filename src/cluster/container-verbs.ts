/** What users do to one container that runs: end it, answer its probes, write into its log. */
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { outOfMemory } from '../runtime/script-run.ts';
import type { Pod } from '../schema/core/v1.ts';
import type { ContainerExit, LogLine, ProbeOverride } from '../schema/fakelet/v1.ts';
import { signalNumber } from '../programs/signals.ts';
import { endedWith } from './behaviors/compile.ts';
import { EmulatorError } from './emulator-error.ts';

export class ContainerVerbs {
  readonly #runtime: ContainerRuntime;
  readonly #id: string;
  readonly #where: string;

  /** Throws EmulatorError when the container does not run. */
  constructor(runtime: ContainerRuntime, { metadata: { namespace, name, uid = '' } }: Pod, container: string) {
    this.#runtime = runtime;
    this.#where = `container ${container} of pod ${namespace}/${name}`;
    const running = runtime.containers(uid).find(({ config, state }) => config.name === container && state === 'running');
    if (!running) throw new EmulatorError(409, `Failed to find ${this.#where} running: it is not. Wait until it runs.`);
    this.#id = running.id;
  }

  exit({ signal, code, reason, message }: ContainerExit): void {
    const isSignal = code === undefined && reason === undefined && message === undefined;
    if (!isSignal) {
      if (signal !== undefined) throw new EmulatorError(400, `Failed to end ${this.#where}: a signal goes with neither code, reason nor message. Give one of them.`);
      return this.#runtime.controls.end(this.#id, endedWith({ code, signal: undefined, reason, message }));
    }
    if (signal !== undefined && !signalNumber(signal)) throw new EmulatorError(400, `Failed to signal ${this.#where}: there is no signal '${signal}'. Write TERM, KILL, HUP …`);
    this.#runtime.killContainer(this.#id, signal ?? 'KILL');
  }

  oom(): void {
    this.#runtime.controls.end(this.#id, outOfMemory);
  }

  probe({ kind, result, output = '', times = Infinity }: ProbeOverride): void {
    this.#runtime.controls.answer(this.#id, kind, result === 'run' ? undefined : { ok: result === 'success', output, delayMs: 0 }, times);
  }

  log({ line, stream = 'stdout' }: LogLine): void {
    this.#runtime.controls.log(this.#id, stream, line);
  }
}
