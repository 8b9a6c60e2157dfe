/** The table of commands that the shell runs in its own process. */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { echo, printf } from '../applets/echo.ts';
import { test } from '../applets/test.ts';
import { jobs, killJobs, noJobControl, wait } from './builtin-jobs.ts';
import { breakLoop, continueLoop, dot, evalText, exec, exit, returnFrom, trap } from './builtin-flow.ts';
import { ulimit, umask } from './builtin-limits.ts';
import { alias, command, getopts, hash, type, unalias, cd, pwd } from './builtin-tools.ts';
import { exportVariables, letArithmetic, local, readonly, set, shift, times, unset } from './builtin-variables.ts';
import { read } from './builtin-read.ts';
import type { Shell } from './shell.ts';

export interface Builtin {
  readonly run: (shell: Shell, words: readonly string[]) => Run<number>;
  /** POSIX special builtins: assignments before them stay, errors of redirections end the shell. */
  readonly special?: boolean;
  /** An applet inside the shell: its messages begin with the shell's name alone. */
  readonly applet?: boolean;
}

/** An applet as a builtin: it works on the shell's process. */
function applet(run: (process: Process, words: readonly string[], name: string) => Run<number>): Builtin {
  return { run: (shell, words) => run(shell.process, words, shell.name), applet: true };
}

// eslint-disable-next-line require-yield
function constant(status: number): (shell: Shell) => Run<number> {
  return function* () {
    return status;
  };
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', { run: constant(0), special: true }],
  ['true', { run: constant(0) }],
  ['false', { run: constant(1) }],
  ['break', { run: breakLoop, special: true }],
  ['continue', { run: continueLoop, special: true }],
  ['return', { run: returnFrom, special: true }],
  ['exit', { run: exit, special: true }],
  ['.', { run: dot, special: true }],
  ['source', { run: dot, special: true }],
  ['eval', { run: evalText, special: true }],
  ['exec', { run: exec, special: true }],
  ['trap', { run: trap, special: true }],
  ['export', { run: exportVariables, special: true }],
  ['readonly', { run: readonly, special: true }],
  ['set', { run: set, special: true }],
  ['shift', { run: shift, special: true }],
  ['times', { run: times, special: true }],
  ['unset', { run: unset, special: true }],
  ['local', { run: local, special: true }],
  ['let', { run: letArithmetic }],
  ['cd', { run: cd }],
  ['chdir', { run: cd }],
  ['pwd', { run: pwd }],
  ['read', { run: read }],
  ['getopts', { run: getopts }],
  ['type', { run: type }],
  ['command', { run: command }],
  ['hash', { run: hash }],
  ['umask', { run: umask }],
  ['ulimit', { run: ulimit }],
  ['alias', { run: alias }],
  ['unalias', { run: unalias }],
  ['wait', { run: wait }],
  ['jobs', { run: jobs }],
  ['fg', { run: noJobControl }],
  ['bg', { run: noJobControl }],
  ['echo', applet(echo)],
  ['printf', applet(printf)],
  ['test', applet(test)],
  ['[', applet(test)],
  ['[[', applet(test)],
  ['kill', { run: killJobs, applet: true }],
]);
