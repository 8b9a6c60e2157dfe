/** Builtins for background jobs. */
import { kill } from '../applets/kill.ts';
import { signalDescription } from '../signals.ts';
import type { Run } from '../wait.ts';
import { builtinOptions } from './builtin-options.ts';
import { number } from './builtin-flow.ts';
import { forget, isDone, reapJobs, report, type Job } from './jobs.ts';
import type { Shell } from './shell.ts';

/** `wait`: for all children, for some, or with `-n` for the next; a trapped signal ends it with 128 + n. */
export function* wait(shell: Shell, words: readonly string[]): Run<number> {
  const { letters, rest } = builtinOptions(shell, words, 'n');
  if (rest.length === 0) return yield* letters === '' ? waitAll(shell) : waitAny(shell);
  let status = 127;
  for (const word of rest) {
    const job = findJob(shell, word);
    if (job === undefined) continue;
    const interrupted = yield* waitUntil(shell, () => (isDone(job) ? undefined : job));
    if (interrupted !== undefined) return interrupted;
    const end = job.processes.at(-1)!.status!;
    if (!job.waited) report(shell, end);
    reapJobs(shell);
    job.waited = true;
    status = end.code;
  }
  return status;
}

function* waitAll(shell: Shell): Run<number> {
  const interrupted = yield* waitUntil(shell, () => shell.jobs.find((job) => !isDone(job)));
  reapJobs(shell);
  if (interrupted === undefined) for (const job of shell.jobs) job.waited = true;
  return interrupted ?? 0;
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

/** The job of a process, undefined for one that is no child; or the one that `%…` names, which must be there. */
function findJob(shell: Shell, word: string): Job | undefined {
  if (word.startsWith('%')) return namedJob(shell, shell.jobs, word);
  number(shell, word);
  return shell.jobs.find((job) => String(job.processes.at(-1)!.pid) === word);
}

/** ash without job control does not remember the commands, so that a name finds nothing. */
function namedJob(shell: Shell, jobs: readonly Job[], word: string): Job {
  const name = word.slice(1);
  const current = /^[+%]?$/.test(name);
  const job = current ? jobs.at(-1) : name === '-' ? jobs.at(-2) : jobs.find((one) => String(one.number) === name);
  if (job) return job;
  throw shell.fault(current ? 'No current job' : name === '-' ? 'No previous job' : `${word}: no such job`);
}

/** `kill`, which also knows jobs: `%1` stands for its processes. */
export function* killJobs(shell: Shell, words: readonly string[]): Run<number> {
  // Unlike kill's other messages, those about jobs name it.
  shell.command = words[0];
  const targets = words.flatMap((word) => (word.startsWith('%') ? namedJob(shell, shell.jobs, word).processes.map(({ pid }) => String(pid)) : word));
  return yield* kill(shell.process, targets, shell.name);
}

/** `jobs`: with `-l` also their process ids, with `-p` nothing else. The commands' text is not remembered without job control. */
export function* jobs(shell: Shell, words: readonly string[]): Run<number> {
  const { letters, rest } = builtinOptions(shell, words, 'lp');
  const known = shell.jobs.length > 0 ? shell.jobs : shell.inheritedJobs;
  for (const job of rest.length > 0 ? rest.map((word) => namedJob(shell, known, word)) : known.toReversed()) {
    const { pid } = job.processes[0]!;
    const { status } = job.processes.at(-1)!;
    const text = !status ? 'Running' : status.signal !== undefined ? signalDescription(status.signal) : status.code === 0 ? 'Done' : `Done(${status.code})`;
    const line = `[${job.number}]${marker(shell.jobs.includes(job) ? shell.jobs : known, job)}  ${letters.endsWith('l') ? `${pid} ` : ''}${text}`;
    shell.process.print(letters.endsWith('p') ? `${pid}\n` : `${line.padEnd(32)} \n`);
    if (status && !letters.endsWith('p')) forget(shell, job);
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
