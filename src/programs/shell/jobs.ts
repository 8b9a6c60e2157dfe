/** Background jobs of a shell and waiting for them. */
import type { ExitStatus } from '../exit.ts';
import type { Process } from '../process.ts';
import { SIGINT, SIGPIPE, signalDescription } from '../signals.ts';
import type { Run } from '../wait.ts';
import type { Shell } from './shell.ts';

export interface Job {
  readonly number: number;
  /** The last one gives the status. */
  readonly processes: readonly Process[];
  /** Its end was told by `wait`: the next job may take its place. */
  waited: boolean;
}

/** A shell that never waits remembers the ends of this many jobs. */
const jobsMax = 256;

export function addJob(shell: Shell, processes: readonly Process[]): void {
  const number = freeNumber(shell);
  if (shell.jobs.length >= jobsMax) {
    const done = shell.jobs.find(isDone);
    if (done) forget(shell, done);
  }
  shell.jobs.push({ number, processes, waited: false });
  shell.lastBackground = processes.at(-1);
}

/**
 * The number of the next job, which may be that of one that was waited for: that one is forgotten then.
 * Commands in the foreground take a number too, for as long as they run (ash.c makejob).
 */
export function freeNumber(shell: Shell): number {
  const taken = new Map(shell.jobs.map((job) => [job.number, job]));
  for (let number = 1; ; number++) {
    const job = taken.get(number);
    if (job?.waited && isDone(job)) forget(shell, job);
    else if (job) continue;
    return number;
  }
}

/** Waits until a child has ended, whatever signals come, and reaps it. */
export function* waitForChild(shell: Shell, child: Process): Run<ExitStatus> {
  while (!child.status) yield { queues: [child.exited], deaf: true };
  shell.process.machine.reap(child);
  return child.status;
}

/** Waits for the processes of a pipeline in the foreground and says what a signal did to the last one. */
export function* waitForeground(shell: Shell, children: readonly Process[]): Run<ExitStatus[]> {
  const statuses: ExitStatus[] = [];
  for (const child of children) statuses.push(yield* waitForChild(shell, child));
  reapJobs(shell);
  report(shell, statuses.at(-1)!);
  return statuses;
}

/** The same for one process. */
export function* waitForOne(shell: Shell, child: Process): Run<ExitStatus> {
  const status = yield* waitForChild(shell, child);
  reapJobs(shell);
  report(shell, status);
  return status;
}

/** Prints `Terminated` and the like for a child that a signal ended. */
export function report(shell: Shell, status: ExitStatus): void {
  if (status.signal === undefined || status.signal === SIGINT || status.signal === SIGPIPE) return;
  shell.process.complain(`${signalDescription(status.signal)}\n`);
}

export function isDone(job: Job): boolean {
  return job.processes.every((process) => process.status !== undefined);
}

/** What any wait does beside: children that have ended are no zombies any more. Their jobs stay known until asked for. */
export function reapJobs(shell: Shell): void {
  for (const job of shell.jobs) for (const process of job.processes) if (process.status) shell.process.machine.reap(process);
}

export function forget(shell: Shell, job: Job): void {
  for (const process of job.processes) shell.process.machine.reap(process);
  shell.jobs = shell.jobs.filter((other) => other !== job);
}
