/** One container: its state as the kubelet sees it, and the program or machine behind it. */
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { ExitStatus } from '../programs/exit.ts';
import { SIGKILL } from '../programs/signals.ts';
import type { Machine } from '../programs/machine.ts';
import { ContainerLog } from './container-log.ts';
import type { SandboxState } from './sandbox.ts';
import type { PlannedProgram, ProgramPlan } from './program-plan.ts';
import type { Container, ContainerConfig, ImageInfo } from './runtime.ts';
import { valueAt, type Asked, type ContainerScript, type ScriptedAnswer, type Usage } from './script.ts';
import type { ScriptRun } from './script-run.ts';
import type { Terminal } from './terminal.ts';

type User = Container['user'];

/** What a container uses of which no behaviour says anything. */
const idle: Usage = { cpuNanoCores: 1_000_000, memoryBytes: 4 * 1024 * 1024 };

/** How its program ended; a behaviour may say more than its exit code. */
export interface ContainerEnd extends ExitStatus {
  readonly reason?: string;
  readonly message?: string;
}

export class ContainerState implements Container {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly image: ImageInfo;
  readonly createdAt: Millis;
  readonly sandbox: SandboxState;
  readonly user: User;
  /** The command line. */
  readonly args: readonly string[];
  readonly log = new ContainerLog();
  state: Container['state'] = 'created';
  memoryLimitBytes: number | undefined;
  startedAt: Millis | undefined;
  finishedAt: Millis | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  plan: ProgramPlan | undefined;
  readonly script: ContainerScript | undefined;
  /** Whose processes it sees, if that is another container. */
  readonly target: ContainerState | undefined;
  scriptRun: ScriptRun | undefined;
  /** Answers that somebody gave by hand, and how often they still count. */
  readonly answersByHand = new Map<Asked, { readonly answer: ScriptedAnswer; left: number }>();
  /** Undefined until something needs it. */
  machine: Machine | undefined;
  /** The terminal of its own program, if it has one. */
  terminal: Terminal | undefined;
  startTimer: Timer | undefined;
  readonly onExit: (() => void)[] = [];
  readonly #clock: Clock;
  #programTimer: Timer | undefined;
  #killTimer: Timer | undefined;
  #trapped = false;

  constructor(clock: Clock, options: {
    id: string; config: ContainerConfig; image: ImageInfo; sandbox: SandboxState; user: User; args: readonly string[];
    script?: ContainerScript | undefined; target?: ContainerState | undefined;
  }) {
    this.#clock = clock;
    this.id = options.id;
    this.config = options.config;
    this.memoryLimitBytes = options.config.memoryLimitBytes;
    this.image = options.image;
    this.sandbox = options.sandbox;
    this.user = options.user;
    this.args = options.args;
    this.script = options.script;
    this.target = options.target;
    this.createdAt = clock.now();
  }

  get sandboxId(): string {
    return this.sandbox.id;
  }

  /** What it uses now: what its behaviour says, else little, and the memory of its programs. */
  usage(): Usage {
    return this.scriptRun?.usage() ?? { ...idle, memoryBytes: idle.memoryBytes + (this.machine?.memoryBytes ?? 0) };
  }

  /** Whoever takes more than this many bytes is killed; undefined: no limit. */
  limitMemory(bytes: number | undefined): void {
    this.memoryLimitBytes = bytes;
    this.machine?.limitMemory(bytes);
    this.scriptRun?.limitMemory();
  }

  /** Its program is not process 1, which only listens to the signals it handles. */
  get sharesProcesses(): boolean {
    return this.target !== undefined || this.sandbox.pause !== undefined;
  }

  /** Runs a program that is known beforehand: at most one timer. */
  runConstant(program: PlannedProgram, ended: (end: ContainerEnd) => void): void {
    this.#end = ended;
    if (program.runsMs !== Infinity) this.#endAfter(program.runsMs, program.end ?? { code: program.exitCode });
  }

  /** What a behaviour or somebody by hand answers to the kubelet; undefined: what is asked for runs. */
  answer(asked: Asked): ScriptedAnswer | undefined {
    const byHand = this.answersByHand.get(asked);
    if (byHand && --byHand.left <= 0) this.answersByHand.delete(asked);
    if (byHand) return byHand.answer;
    const timeline = this.script?.answers.get(asked);
    return timeline && valueAt(timeline, this.#clock.now() - (this.startedAt ?? this.#clock.now()));
  }

  /** Sends a signal to its program from outside of the container. */
  signal(number: number): void {
    if (this.state !== 'running') return;
    const constant = this.plan?.kind === 'machine' ? undefined : this.plan?.program;
    if (!constant) {
      this.machine?.main?.signal(number, undefined);
      return;
    }
    if (number === SIGKILL) return this.#end({ code: 128 + SIGKILL, signal: SIGKILL });
    const trap = constant.traps.get(number);
    if (!trap || this.#trapped) return;
    this.#trapped = true;
    this.#endAfter(trap.delayMs, { code: trap.exitCode });
  }

  /** The end of its grace period; the first one that was set counts. */
  killAfter(graceMs: number): void {
    this.#killTimer ??= this.#clock.after(graceMs, `end of the grace period of container ${this.config.name}`, () => {
      this.#killTimer = undefined;
      this.signal(SIGKILL);
    });
  }

  cancelKill(): void {
    if (this.#killTimer) this.#clock.cancel(this.#killTimer);
    this.#killTimer = undefined;
  }

  cancelTimers(): void {
    this.cancelKill();
    for (const timer of [this.startTimer, this.#programTimer]) if (timer) this.#clock.cancel(timer);
    this.startTimer = undefined;
    this.#programTimer = undefined;
  }

  #end: (end: ContainerEnd) => void = () => {};

  #endAfter(delayMs: number, end: ContainerEnd): void {
    if (this.#programTimer) this.#clock.cancel(this.#programTimer);
    this.#programTimer = this.#clock.after(delayMs, `program of container ${this.config.name}`, () => {
      this.#programTimer = undefined;
      this.#end(end);
    });
  }
}
