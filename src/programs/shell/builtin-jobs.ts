/** Builtins for background jobs. */
import { kill } from '../applets/kill.ts';
import type { Process } from '../process.ts';
import { signalDescription } from '../signals.ts';
import type { Run } from '../wait.ts';
import { number } from './builtin-flow.ts';
import { forget, isDone, reapJobs, report, type Job } from './jobs.ts';
import type { Shell } from './shell.ts';

/** `wait`: for all children, for some, or with `-n` for the next; a trapped signal ends it with 128 + n. */
export function* wait(shell: Shell, words: readonly string[]): Run<number> {
  const args = words.slice(1);
  if (args[0] === '-n') return yield* waitAny(shell);
  if (args.length === 0) {
    const interrupted = yield* waitUntil(shell, () => shell.jobs.find((job) => !isDone(job)));
    reapJobs(shell);
    return interrupted ?? 0;
  }
  let status = 0;
  for (const word of args) {
    const job = findJob(shell, word);
    if (job === undefined) {
      status = 127;
      continue;
    }
    const interrupted = yield* waitUntil(shell, () => (isDone(job) ? undefined : job));
    if (interrupted !== undefined) return interrupted;
    const end = job.processes.at(-1)!.status!;
    report(shell, end);
    forget(shell, job);
    status = end.code;
  }
  return status;
}

/** Waits while there is a job to wait for; 128 + n when a trapped signal came. */
function* waitUntil(shell: Shell, next: () => Job | undefined): Run<number | undefined> {
  for (;;) {
    const [signal] = shell.process.pending;
    if (signal !== undefined) return 128 + signal;
    const job = next();
    if (!job) return undefined;
    yield { queues: [job.processes.find((process) => !process.status)!.exited] };
  }
}

function* waitAny(shell: Shell): Run<number> {
  if (shell.jobs.length === 0) return 127;
  for (;;) {
    const done = shell.jobs.find(isDone);
    if (done) {
      forget(shell, done);
      return done.processes.at(-1)!.status!.code;
    }
    const [signal] = shell.process.pending;
    if (signal !== undefined) return 128 + signal;
    yield { queues: shell.jobs.flatMap((job) => job.processes.map((process) => process.exited)) };
  }
}

function findJob(shell: Shell, word: string): Job | undefined {
  if (word.startsWith('%')) return shell.jobs.find((job) => String(job.number) === word.slice(1));
  number(shell, word);
  const isWanted = (process: Process): boolean => String(process.pid) === word;
  return shell.jobs.find((job) => job.processes.some(isWanted));
}

/** `kill`, which also knows jobs: `%1` stands for its processes. */
export function* killJobs(shell: Shell, words: readonly string[]): Run<number> {
  const targets = words.flatMap((word) => {
    if (!word.startsWith('%')) return word;
    const job = findJob(shell, word);
    if (!job) throw shell.fault(`${word}: no such job`);
    return job.processes.map(({ pid }) => String(pid));
  });
  return yield* kill(shell.process, targets, shell.name);
}

/** ash without job control does not remember the commands' text. */
export function* jobs(shell: Shell): Run<number> {
  const known = shell.jobs.length > 0 ? shell.jobs : shell.inheritedJobs;
  for (const job of known.toReversed()) {
    const status = job.processes.at(-1)!.status;
    const text = !status ? 'Running' : status.signal !== undefined ? signalDescription(status.signal) : status.code === 0 ? 'Done' : `Done(${status.code})`;
    shell.process.print(`[${job.number}]${marker(shell.jobs.length > 0 ? shell.jobs : known, job)} ${` ${text}`.padEnd(28)}\n`);
    if (status) forget(shell, job);
  }
  return 0;
}

function marker(jobs: readonly Job[], job: Job): string {
  const at = jobs.indexOf(job);
  return at === jobs.length - 1 ? '+' : at === jobs.length - 2 ? '-' : ' ';
}

/** `fg` and `bg`: there is no job control. */
export function* noJobControl(shell: Shell): Run<number> {
  shell.warn('No current job');
  return 2;
}
