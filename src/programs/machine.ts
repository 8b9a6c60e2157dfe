/**
 * One container as its processes see it: a file tree, a network, memory, and the pid namespace it is in. Everything is
 * emulated in this process of ours; nothing a container does reaches the host. Made only for containers that run
 * something which needs it: a constant program never has one until somebody execs into it.
 */
import type { Clock } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import { Errno } from './errno.ts';
import { dataOf, type FsNode } from './files/nodes.ts';
import { root, type FileTree } from './files/tree.ts';
import { parseGroups, parseUsers, type Group, type User } from './files/users.ts';
import { programLimits } from './limits.ts';
import type { NetworkStack } from './network.ts';
import type { ExitStatus } from './exit.ts';
import { PidNamespace } from './pid-namespace.ts';
import { Process, type Program, type Spawn } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import { SIGKILL } from './signals.ts';
import { StepBudget } from './step-budget.ts';
import { Tty } from './tty.ts';

export interface MachineOptions {
  readonly scheduler: Scheduler;
  readonly prng: Prng;
  readonly hostname: string;
  readonly tree: FileTree;
  readonly network: NetworkStack;
  /** What executables of the file tree (`FileNode.executable`) do. */
  readonly executables: ReadonlyMap<string, Program>;
  /** What a standalone shell runs without a look at PATH. */
  readonly applets: ReadonlyMap<string, Program>;
  readonly memoryLimitBytes?: number | undefined;
  /** What /proc/PID/status says of rights: effective capabilities of root in hex, and whether they can grow. */
  readonly rights?: { readonly capabilities: string; readonly noNewPrivileges: boolean };
  /** One of its own when missing. */
  readonly pids?: PidNamespace | undefined;
  /** The main process has ended, and all others of the container with it. */
  readonly onExit: (status: ExitStatus) => void;
}

/** What containerd gives to root: chown, kill, net_bind_service and the like. */
export const defaultCapabilities = '00000000a80425fb';

export class Machine {
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly hostname: string;
  readonly tree: FileTree;
  readonly network: NetworkStack;
  readonly executables: ReadonlyMap<string, Program>;
  readonly applets: ReadonlyMap<string, Program>;
  readonly rights: { readonly capabilities: string; readonly noNewPrivileges: boolean };
  readonly pids: PidNamespace;
  /** What the container was started for: process 1 of a pid namespace of its own. */
  main: Process | undefined;
  /** The process that runs, for /proc/self. */
  current: Process | undefined;
  /** A process was killed because the memory limit was reached. */
  outOfMemory = false;
  #memoryLimitBytes = Infinity;
  readonly #onExit: (status: ExitStatus) => void;
  readonly #inodes = new WeakMap<FsNode, number>();
  readonly #ttys = new Set<number>();
  readonly #own = new Set<Process>();
  #lastInode = 2;
  #memoryBytes = 0;
  readonly #starts = new StepBudget(programLimits.startsPerSlice);

  constructor(options: MachineOptions) {
    this.scheduler = options.scheduler;
    this.clock = options.scheduler.clock;
    this.prng = options.prng;
    this.hostname = options.hostname;
    this.tree = options.tree;
    this.network = options.network;
    this.executables = options.executables;
    this.applets = options.applets;
    this.pids = options.pids ?? new PidNamespace();
    this.rights = options.rights ?? { capabilities: defaultCapabilities, noNewPrivileges: false };
    this.limitMemory(options.memoryLimitBytes);
    this.#onExit = options.onExit;
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  limitMemory(bytes = Infinity): void {
    this.#memoryLimitBytes = Math.min(bytes, programLimits.memoryBytesMax);
  }

  /** All that the container's processes see, by pid. */
  get processes(): ReadonlyMap<number, Process> {
    return this.pids.processes;
  }

  /** A terminal with the least number that nobody has. */
  openTty(): Tty {
    let number = 0;
    while (this.#ttys.has(number)) number++;
    this.#ttys.add(number);
    return new Tty(number);
  }

  closeTty(tty: Tty): void {
    this.#ttys.delete(tty.number);
  }

  /** Starts a process. It runs when the one that runs now waits. Throws EAGAIN when there are too many. */
  spawn(parent: Process | undefined, spawn: Spawn, program: Program): Process {
    if (this.#own.size >= programLimits.processesMax) throw new Errno('EAGAIN');
    const process = new Process(this, this.pids.nextPid(), parent, spawn, program);
    this.main ??= process;
    this.#own.add(process);
    this.pids.processes.set(process.pid, process);
    process.start(this.#starts.take(this.clock.now()) ? this.#starts.delayMs() : 0);
    return process;
  }

  /** Forgets a process that has ended, once its parent knows. */
  reap(process: Process): void {
    this.#forget(process);
    process.parent?.children?.delete(process);
  }

  /** Kills all, as when the container is destroyed. */
  kill(): void {
    this.main?.signal(SIGKILL, undefined);
  }

  processEnded(process: Process): void {
    this.#memoryBytes -= process.memoryBytes;
    process.memoryBytes = 0;
    if (process === this.main) return this.#end(process);
    for (const child of process.children ?? []) {
      child.parent = this.pids.init;
      if (child.status) this.reap(child);
    }
    if (!process.parent || process.parent.status || !process.parent.children?.has(process)) this.#forget(process);
  }

  /** Accounts memory that a process took; kills the one that has most when the limit is reached. */
  checkMemory(bytes: number): void {
    this.#memoryBytes += bytes;
    if (this.#memoryBytes <= this.#memoryLimitBytes) return;
    this.outOfMemory = true;
    let worst: Process | undefined;
    for (const process of this.#own) if (process.memoryBytes > (worst?.memoryBytes ?? 0)) worst = process;
    worst?.signal(SIGKILL, undefined);
  }

  /** Entries of /etc/passwd. */
  users(): readonly User[] {
    return parseUsers(this.#text('/etc/passwd'));
  }

  /** Entries of /etc/group. */
  groups(): readonly Group[] {
    return parseGroups(this.#text('/etc/group'));
  }

  #text(path: string): string {
    const found = this.tree.find(path, '/', root);
    return found.node?.kind === 'file' ? dataOf(found.node) : '';
  }

  /** A number for a node, as `ls -i` shows. */
  inode(node: FsNode): number {
    let number = this.#inodes.get(node);
    if (number === undefined) this.#inodes.set(node, number = ++this.#lastInode);
    return number;
  }

  /** With process 1 its whole pid namespace ends; with any other main process what is in the container. */
  #end(main: Process): void {
    const others = main.pid === 1 ? this.processes.values() : this.#own;
    for (const process of [...others]) process.exit({ code: 128 + SIGKILL, signal: SIGKILL });
    for (const process of this.#own) this.#forget(process);
    this.network.closeOf(this);
    this.#onExit(main.status!);
  }

  #forget(process: Process): void {
    this.#own.delete(process);
    this.pids.processes.delete(process.pid);
  }
}
