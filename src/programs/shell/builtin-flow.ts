/** Builtins that change what runs next. */
import { attempt, Errno } from '../errno.ts';
import { become } from '../exec.ts';
import { Exit } from '../exit.ts';
import { signalNumber } from '../signals.ts';
import { readFile } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { resolve } from './command.ts';
import { runText } from './run-text.ts';
import type { Leaving, Shell } from './shell.ts';
import { listTraps, setTrap } from './traps.ts';

/** Throws ShellFault for what is no number. */
export function number(shell: Shell, text: string): number {
  if (!/^\d+$/.test(text)) throw shell.fault(`Illegal number: ${text}`);
  return Number(text);
}

function leave(shell: Shell, kind: Leaving['kind'], text: string | undefined): void {
  const levels = text === undefined ? 1 : number(shell, text);
  if (levels === 0) throw shell.fault('Illegal number: 0');
  if (shell.loops > 0) shell.leaving = { kind, levels: Math.min(levels, shell.loops) };
}

export function* breakLoop(shell: Shell, words: readonly string[]): Run<number> {
  leave(shell, 'break', words[1]);
  return 0;
}

export function* continueLoop(shell: Shell, words: readonly string[]): Run<number> {
  leave(shell, 'continue', words[1]);
  return 0;
}

export function* returnFrom(shell: Shell, words: readonly string[]): Run<number> {
  const status = words[1] === undefined ? shell.status : number(shell, words[1]);
  shell.leaving = { kind: 'return', levels: 0, named: words[1] !== undefined };
  return status & 255;
}

export function* exit(shell: Shell, words: readonly string[]): Run<number> {
  const status = words[1] === undefined ? shell.trapStatus ?? shell.status : number(shell, words[1]);
  throw new Exit(status & 255);
}

/** `.` reads a file; a missing one ends the shell. */
export function* dot(shell: Shell, words: readonly string[]): Run<number> {
  const name = words[1];
  if (name === undefined) return 2;
  const text = attempt(() => readFile(shell.process, name));
  if (text instanceof Errno) throw shell.fault(`can't open '${name}': ${text.message}`);
  const { parameters } = shell;
  if (words.length > 2) shell.parameters = words.slice(2);
  shell.command = name;
  yield* runText(shell, text, false, 1);
  if (words.length > 2) shell.parameters = parameters;
  if (shell.leaving?.kind === 'return') shell.leaving = undefined;
  return shell.status;
}

export function* evalText(shell: Shell, words: readonly string[]): Run<number> {
  yield* runText(shell, words.slice(1).join(' '));
  return shell.status;
}

/** `exec program` replaces the shell; without a program only its redirections count. */
export function* exec(shell: Shell, words: readonly string[]): Run<number> {
  const args = words.slice(1);
  if (args.length === 0) return 0;
  const found = resolve(shell, args);
  if (found instanceof Errno) throw shell.fault(`${args[0]}: ${found.code === 'ENOENT' ? 'not found' : found.message}`, found.code === 'ENOENT' ? 127 : 126);
  shell.process.env = shell.environment();
  shell.traps.delete(0);
  throw new Exit(yield* become(shell.process, found));
}

export function* trap(shell: Shell, words: readonly string[]): Run<number> {
  let args = words.slice(1);
  if (args[0] === '--') args = args.slice(1);
  else if (/^-./.test(args[0] ?? '')) throw shell.fault(`illegal option ${args[0]!.slice(0, 2)}`);
  if (args.length === 0) return listTraps(shell, shell.traps);
  let action: string | undefined;
  // A number in front is a signal already: `trap 2 15` clears both.
  if (args.length > 1 && !/^\d+$/.test(args[0]!)) {
    action = args[0] === '-' ? undefined : args[0];
    args = args.slice(1);
  }
  let status = 0;
  for (const name of args) {
    if (name === 'ERR') {
      shell.errTrap = action;
      continue;
    }
    const signal = signalNumber(name);
    if (signal === undefined) {
      shell.warn(`${name}: invalid signal specification`);
      status = 1;
    } else setTrap(shell, signal, action);
  }
  return status;
}
