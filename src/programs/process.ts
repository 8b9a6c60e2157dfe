/** One emulated process: its identity, descriptors, signals and the generator that computes. */
import type { Timer } from '../clock/clock.ts';
import { Errno } from './errno.ts';
import { crashStatus, Exit, Killed, type ExitStatus } from './exit.ts';
import type { Credentials } from './files/tree.ts';
import { programLimits } from './limits.ts';
import type { Machine } from './machine.ts';
import type { OpenFile } from './open-file.ts';
import { defaultAction, SIGCONT, SIGKILL, SignalSet, SIGPIPE } from './signals.ts';
import { StepBudget } from './step-budget.ts';
import { WaitQueue, type Run, type Wait, type Wake } from './wait.ts';

/** Bytes whose moving counts as a step. */
const bytesPerStep = 1_024;

/** What a process runs; its result is the exit code. */
export type Program = (process: Process) => Run<number>;

export interface Spawn {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly umask: number;
  readonly credentials: Credentials;
  readonly files: readonly (OpenFile | undefined)[];
  readonly ignored?: SignalSet;
}

export class Process {
  readonly machine: Machine;
  readonly pid: number;
  parent: Process | undefined;
  args: readonly string[];
  env: ReadonlyMap<string, string>;
  cwd: string;
  umask: number;
  readonly credentials: Credentials;
  readonly files: (OpenFile | undefined)[];
  children: Set<Process> | undefined;
  readonly startedAt: number;
  /** Signals without effect, inherited by children. */
  readonly ignored: SignalSet;
  /** Signals that the program handles; they collect in `pending`. */
  readonly handled = new SignalSet();
  readonly pending: number[] = [];
  /** Woken when it has exited. */
  readonly exited = new WaitQueue();
  status: ExitStatus | undefined;
  /** Bytes accounted to it. */
  memoryBytes = 0;
  #run: Run<number> | undefined;
  #wait: Wait | undefined;
  #timer: Timer | undefined;
  #wake: Wake = 'woken';
  #queued = false;
  #stopped = false;
  readonly #budget = new StepBudget(programLimits.stepsPerSlice);
  #buffer = '';

  constructor(machine: Machine, pid: number, parent: Process | undefined, spawn: Spawn, program: Program) {
    this.machine = machine;
    this.pid = pid;
    this.parent = parent;
    this.args = spawn.args;
    this.env = spawn.env;
    this.cwd = spawn.cwd;
    this.umask = spawn.umask;
    this.credentials = spawn.credentials;
    this.files = [...spawn.files];
    for (const file of this.files) file?.retain();
    this.ignored = new SignalSet(spawn.ignored);
    this.startedAt = machine.clock.now();
    this.#run = this.#main(program);
    if (parent) (parent.children ??= new Set()).add(this);
  }

  get name(): string {
    return this.args[0] ?? '';
  }

  /** True while it only computes, longer than its slices allow. */
  get spinning(): boolean {
    return this.#budget.spinning;
  }

  /** Begins to run now, or later. */
  start(delayMs: number): void {
    if (delayMs === 0) this.wake('woken');
    else this.#block({ queues: [], timeoutMs: delayMs });
  }

  /** Puts it in line to run. */
  wake(reason: Wake): void {
    if (this.#queued || this.status || this.#stopped) return;
    this.#queued = true;
    this.#wake = reason;
    this.#leaveQueues();
    this.machine.scheduler.enqueue(this);
  }

  /** Runs until the next wait or the end. Called by the scheduler. */
  resume(): void {
    this.#queued = false;
    if (this.status || !this.#run) return;
    this.machine.current = this;
    try {
      const result = this.#run.next(this.#wake);
      if (this.status) return;
      if (!result.done) return this.#block(result.value);
      this.exit({ code: result.value & 255 });
    } catch (error) {
      this.#crash(error);
    }
  }

  /** What the kernel does about an error that the program did not handle. */
  #crash(error: unknown): void {
    if (this.status) return;
    const status = error instanceof Errno ? { code: 1 } : crashStatus(error);
    if (!status) throw error;
    if (error instanceof Errno && error.code === 'EPIPE') this.signal(SIGPIPE, this);
    else if (error instanceof Errno) this.complain(`${this.name}: ${error.message}\n`);
    if (status.code === 128 + SIGKILL) this.machine.outOfMemory = true;
    this.exit(status);
  }

  /** Delivers a signal. `sender` is undefined when it comes from outside of the container. */
  signal(number: number, sender: Process | undefined): void {
    if (this.status || number === 0) return;
    if (number === SIGCONT && this.#stopped) {
      this.#stopped = false;
      this.wake('woken');
    }
    if (number !== SIGKILL && this.handled.has(number)) {
      this.pending.push(number);
      return this.#wait?.deaf ? undefined : this.wake('signal');
    }
    if (number !== SIGKILL && this.ignored.has(number)) return;
    // Linux protects process 1 from every signal that it does not handle, unless the outside sends SIGKILL.
    if (this.pid === 1 && !(number === SIGKILL && !sender)) return;
    const action = defaultAction(number);
    if (action === 'stop') this.#stopped = true;
    if (action === 'terminate') this.exit({ code: 128 + number, signal: number });
  }

  /** Ends it at once; children go to process 1. */
  exit(status: ExitStatus): void {
    if (this.status) return;
    this.status = status;
    this.#leaveQueues();
    this.#run = undefined;
    for (const [fd, file] of this.files.entries()) {
      this.files[fd] = undefined;
      file?.release();
    }
    this.machine.processEnded(this);
    this.exited.wakeAll();
  }

  file(fd: number): OpenFile {
    const file = this.files[fd];
    if (!file) throw new Errno('EBADF');
    return file;
  }

  /** Puts `file` at a descriptor and closes what was there. */
  setFile(fd: number, file: OpenFile | undefined): void {
    file?.retain();
    this.files[fd]?.release();
    this.files[fd] = file;
  }

  /** The least free descriptor. */
  addFile(file: OpenFile, from = 3): number {
    let fd = from;
    while (this.files[fd]) fd++;
    if (fd >= programLimits.openFilesMax) throw new Errno('EBADF');
    this.setFile(fd, file);
    return fd;
  }

  /** Waits until `file` may be ready. Throws EINTR when a handled signal comes instead. */
  * untilReady(file: OpenFile): Run<void> {
    if ((yield { queues: [file.ready] }) === 'signal') throw new Errno('EINTR');
  }

  /** Reads like read(2): waits for something; '' at the end. */
  * read(fd: number, max = 65_536, until?: string): Run<string> {
    const file = this.file(fd);
    for (;;) {
      if (this.step()) yield* this.pause();
      const data = file.read(max, until);
      if (data !== undefined) {
        this.#budget.take(this.machine.clock.now(), data.length / bytesPerStep);
        return data;
      }
      yield* this.untilReady(file);
    }
  }

  /** Reads to the end of the file. */
  * readAll(fd: number): Run<string> {
    let data = '';
    for (;;) {
      const more = yield* this.read(fd);
      if (more === '') return data;
      data += more;
      this.allocate(more.length);
    }
  }

  /** Writes all of `data`. A broken pipe ends the process, as SIGPIPE does. */
  * write(fd: number, data: string): Run<void> {
    const file = this.file(fd);
    let rest = data;
    while (rest !== '') {
      if (this.step()) yield* this.pause();
      const taken = file.write(rest);
      this.#budget.take(this.machine.clock.now(), taken / (file.bytesPerStep ?? bytesPerStep));
      rest = taken === rest.length ? '' : rest.slice(taken);
      if (taken === 0) yield { queues: [file.ready], deaf: true };
    }
  }

  /** Adds to the buffered standard output, as stdio does; `flush` or the exit of the process write it. */
  print(text: string): void {
    this.#buffer += text;
  }

  /** Writes the buffered output when there is at least `atLeast` of it. */
  * flush(atLeast = 0): Run<void> {
    if (this.#buffer === '' || this.#buffer.length < atLeast) return;
    const data = this.#buffer;
    this.#buffer = '';
    yield* this.write(1, data);
  }

  /** Writes to standard error at once, as stdio does. */
  complain(text: string): void {
    const file = this.files[2];
    if (!file) return;
    try {
      file.write(text);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  * sleep(ms: number): Run<Wake> {
    return yield { queues: [], timeoutMs: ms };
  }

  /** Counts a step; true when the process must `pause` because it used up its slice without waiting. */
  step(): boolean {
    return this.#budget.take(this.machine.clock.now());
  }

  /** Lets the clock move on although the process has something to compute. */
  * pause(): Run<void> {
    yield* this.sleep(this.#budget.delayMs());
  }

  /** Accounts memory; too much ends a process of the container with SIGKILL. */
  allocate(bytes: number): void {
    this.memoryBytes += bytes;
    this.machine.checkMemory(bytes);
    if (this.status) throw new Killed();
  }

  * #main(program: Program): Run<number> {
    let code: number;
    try {
      code = yield* program(this);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      code = error.code;
    }
    yield* this.flush();
    return code;
  }

  #block(wait: Wait): void {
    this.#wait = wait;
    for (const queue of wait.queues) queue.add(this);
    if (wait.timeoutMs !== undefined) {
      this.#timer = this.machine.clock.after(wait.timeoutMs, `process ${this.name}`, () => {
        this.#timer = undefined;
        this.wake('timeout');
      });
    }
    if (this.pending.length > 0 && !wait.deaf) this.wake('signal');
  }

  #leaveQueues(): void {
    for (const queue of this.#wait?.queues ?? []) queue.remove(this);
    this.#wait = undefined;
    if (this.#timer) this.machine.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
