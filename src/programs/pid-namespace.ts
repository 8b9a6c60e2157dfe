/**
 * A pid namespace: the processes that see and signal one another. Each container has its own, but for Pods that share one
 * (process 1 is then the sandbox's `pause`) and for ephemeral containers that join the one of their target.
 */
import type { Process } from './process.ts';

export class PidNamespace {
  readonly processes = new Map<number, Process>();
  #lastPid = 0;

  /** Process 1: children whose parent has ended are its own, and all end with it. */
  get init(): Process | undefined {
    return this.processes.get(1);
  }

  nextPid(): number {
    return ++this.#lastPid;
  }
}
