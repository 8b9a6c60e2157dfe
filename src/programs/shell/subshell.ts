/** Forks: shells that run in a process of their own with a copy of the state. */
import { attempt, Errno } from '../errno.ts';
import { Exit } from '../exit.ts';
import type { Process } from '../process.ts';
import type { OpenFile } from '../open-file.ts';
import { Pipe } from '../pipe.ts';
import type { Run } from '../wait.ts';
import { literal, type Node } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { freeNumber, waitForChild } from './jobs.ts';
import { ShellFault, type Shell } from './shell.ts';
import { listTraps, runExitTrap } from './traps.ts';

/** Starts a process that runs `body` in a copy of the shell. */
export function forkShell(shell: Shell, files: readonly (OpenFile | undefined)[], body: (sub: Shell) => Run<void>): Process {
  const { process } = shell;
  const { args, cwd, umask, credentials, ignored } = process;
  if (shell.jobs.length > 0) freeNumber(shell);
  const child = attempt(() => process.machine.spawn(process, { args, env: process.env, cwd, umask, credentials, files, ignored }, function* () {
    return yield* runToEnd(sub, () => body(sub));
  }));
  if (child instanceof Errno) throw new ShellFault(`sh: can't fork: ${child.message}\n`);
  // Copied now: the child runs later, when the shell may have gone on.
  const sub = shell.fork(child);
  return child;
}

/** Runs a shell to its end: `exit`, errors that end it, and the EXIT trap. */
export function* runToEnd(shell: Shell, body: () => Run<void>): Run<number> {
  try {
    yield* body();
  } catch (error) {
    endWith(shell, error);
  }
  try {
    yield* runExitTrap(shell);
  } catch (error) {
    endWith(shell, error);
  }
  return shell.status;
}

function endWith(shell: Shell, error: unknown): void {
  if (error instanceof Exit) shell.status = error.code & 255;
  else if (error instanceof ShellFault) {
    shell.process.complain(error.message);
    shell.status = error.status;
  } else throw error;
}

/** `$(trap)` alone shows the traps of the shell around it, so that a script can save them. */
function asksForTraps(body: Node): boolean {
  return body.type === 'command' && body.words.length === 1 && literal(body.words[0]!) === 'trap';
}

// eslint-disable-next-line require-yield
function* showTraps(sub: Shell, traps: ReadonlyMap<number, string>): Run<void> {
  sub.status = listTraps(sub, traps);
}

/** `$( … )`: what the commands print, without newlines at the end. */
export function* substitute(shell: Shell, body: Node | undefined): Run<string> {
  shell.substitutionStatus = 0;
  if (!body) return '';
  const { process } = shell;
  const pipe = new Pipe();
  const files = [...process.files];
  files[1] = pipe.writer();
  const reader = pipe.reader();
  reader.retain();
  const child = forkShell(shell, files, (sub) => {
    sub.tested = 0;
    return asksForTraps(body) ? showTraps(sub, shell.traps) : evaluate(sub, body, true);
  });
  let output = '';
  let allocated = 0;
  for (;;) {
    const data = reader.read(65_536);
    if (data === '') break;
    if (data === undefined) yield { queues: [reader.ready], deaf: true };
    else {
      output += data;
      if (data.length > 4096) {
        process.allocate(data.length);
        allocated += data.length;
      }
      if (process.step()) yield* process.pause();
    }
  }
  reader.release();
  process.allocate(-allocated);
  const status = yield* waitForChild(shell, child);
  shell.substitutionStatus = status.code;
  return output.replaceAll('\0', '').replace(/\n+$/, '');
}
