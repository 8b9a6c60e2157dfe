/** Simple commands: assignments, functions, builtins, and programs in a process of their own. */
import { Errno } from '../errno.ts';
import { become, executableAt, lookUp, type Executable } from '../exec.ts';
import { Exit } from '../exit.ts';
import type { Process, Program } from '../process.ts';
import type { Run } from '../wait.ts';
import type { Assignment, Command } from './ast.ts';
import { builtins, type Builtin } from './builtins.ts';
import { callFunction } from './evaluate.ts';
import { argumentsOf, expandValue } from './expand.ts';
import { freeNumber, reapJobs, waitForOne } from './jobs.ts';
import { quote } from './quote.ts';
import { applyRedirects, keepFiles, restoreFiles } from './redirect.ts';
import { ShellFault, type Shell, type Variable } from './shell.ts';

/** What a variable was before a command that it is assigned for. */
type Before = readonly [name: string, variable: Variable | undefined];

const none: readonly [string, string][] = [];

/** Runs one simple command and leaves its status. */
export function* runCommand(shell: Shell, node: Command, tail: boolean): Run<void> {
  if (node.line > 0 || !shell.script) shell.line = node.line;
  shell.substitutionStatus = undefined;
  const expanding = argumentsOf(shell, node.words);
  const words = 'next' in expanding ? yield* expanding : expanding;
  const name = words[0];
  const builtin = name === undefined ? undefined : shell.functions.has(name) ? undefined : builtins.get(name);
  const persists = name === undefined || builtin?.special === true;
  const before: Before[] = [];
  const assigned = node.assignments.length === 0 ? none : yield* assign(shell, node.assignments, persists ? undefined : before);
  if (shell.flags.has('x')) trace(shell, assigned, words);
  const saved = node.redirects.length === 0 ? [] : yield* applyRedirects(shell, node.redirects);
  if (!saved) {
    for (const [variable, value] of before) shell.restore(variable, value);
    shell.status = 1;
    if (builtin?.special) throw new Exit(1);
    return;
  }
  if (name === undefined) {
    shell.status = shell.substitutionStatus ?? 0;
    return restoreFiles(shell.process, saved);
  }
  if (name === 'exec' && builtin && words.length === 1) keepFiles(saved);
  shell.status = yield* dispatch(shell, words, builtin, before, tail);
  for (const [variable, value] of before) shell.restore(variable, value);
  if (!(name === 'exec' && builtin && words.length === 1)) restoreFiles(shell.process, saved);
}

function* dispatch(shell: Shell, words: readonly string[], builtin: Builtin | undefined, before: Before[], tail: boolean): Run<number> {
  const body = shell.functions.get(words[0]!);
  if (body) {
    yield* callFunction(shell, body, words.slice(1), before.splice(0).toReversed());
    return shell.status;
  }
  if (builtin && shell.jobs.length > 0) reapJobs(shell);
  return builtin ? yield* runBuiltin(shell, builtin, words) : yield* runProgram(shell, words, tail);
}

/** Runs a builtin with its name in messages and its output written at once. */
export function* runBuiltin(shell: Shell, builtin: Builtin, words: readonly string[]): Run<number> {
  const { command } = shell;
  shell.command = builtin.applet ? undefined : words[0];
  try {
    const status = yield* builtin.run(shell, words);
    yield* shell.process.flush();
    return status;
  } catch (error) {
    if (error instanceof ShellFault && !builtin.special) {
      shell.process.complain(error.message);
      return error.status;
    }
    if (!(error instanceof Errno) || error.code === 'EPIPE') throw error;
    // The output could not be written: the builtin says so and fails.
    shell.process.complain(`${shell.name}: write error: ${error.message}\n`);
    return 1;
  } finally {
    shell.command = command;
  }
}

/** Assigns one after the other, so that later ones see earlier ones; with `before` for one command only, the last first in it. */
function* assign(shell: Shell, assignments: readonly Assignment[], before: Before[] | undefined): Run<[string, string][]> {
  const result: [string, string][] = [];
  for (const { name, append, value } of assignments) {
    const expanded = yield* expandValue(shell, value);
    const text = append ? (shell.get(name) ?? '') + expanded : expanded;
    const variable = shell.variables.get(name);
    before?.unshift([name, variable && { ...variable }]);
    shell.set(name, text);
    if (before) shell.declare(name, { exported: true });
    result.push([name, text]);
  }
  return result;
}

function trace(shell: Shell, assigned: readonly (readonly [string, string])[], words: readonly string[]): void {
  const texts = [...assigned.map(([name, value]) => `${name}=${quote(value)}`), ...words.map(quote)];
  shell.process.complain(`${shell.get('PS4') ?? ''}${texts.join(' ')}\n`);
}

/** Runs a program: in a child, or in this process when nothing follows. */
export function* runProgram(shell: Shell, words: readonly string[], tail: boolean): Run<number> {
  const found = resolve(shell, words);
  if (found instanceof Errno) return notRunnable(shell, words[0]!, found);
  if (tail) {
    shell.process.env = shell.environment();
    throw new Exit(yield* become(shell.process, found));
  }
  const child = spawnProgram(shell, found);
  const status = yield* waitForOne(shell, child);
  return status.code;
}

export function spawnProgram(shell: Shell, executable: Executable): Process {
  const { process } = shell;
  const { cwd, umask, credentials, files, ignored } = process;
  if (shell.jobs.length > 0) freeNumber(shell);
  return process.machine.spawn(process, { args: executable.args, env: shell.environment(), cwd, umask, credentials, files, ignored }, executable.program);
}

/** Applets come before anything in PATH, as the shell of this busybox is standalone. */
export function resolve(shell: Shell, words: readonly string[]): Executable | Errno {
  const name = words[0]!;
  const { machine } = shell.process;
  const applet: Program | undefined = name.includes('/') ? undefined : machine.applets.get(name);
  if (applet) return { path: name, program: applet, args: words };
  const found = name.includes('/') ? executableAt(shell.process, name, words) : lookUp(shell.process, words, shell.get('PATH') ?? '');
  if (!(found instanceof Errno) && !name.includes('/')) shell.hashed.set(name, found.path);
  if (!(found instanceof Errno) || found.code !== 'ENOEXEC') return found;
  const program = machine.applets.get('sh');
  return program ? { path: name, program, args: [shell.name, name, ...words.slice(1)] } : found;
}

/** Says why a command was not run; 127 or 126. PATH has nothing but folders for an empty name: there is no such command. */
export function notRunnable(shell: Shell, name: string, error: Errno): number {
  shell.warn(`${name}: ${error.code === 'ENOENT' ? 'not found' : error.message}`);
  return error.code === 'ENOENT' || name === '' ? 127 : 126;
}
