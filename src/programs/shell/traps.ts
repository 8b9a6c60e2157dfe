/** Traps: commands for signals, for the end of the shell and for errors. */
import { Exit } from '../exit.ts';
import { SIGINT, signalCount, signalName } from '../signals.ts';
import type { Run } from '../wait.ts';
import { singleQuote } from './quote.ts';
import { runText } from './run-text.ts';
import type { Shell } from './shell.ts';

/** Sets, clears (undefined) or empties ('') the trap of a signal. */
export function setTrap(shell: Shell, signal: number, action: string | undefined): void {
  const { process } = shell;
  if (action === undefined) shell.traps.delete(signal);
  else shell.traps.set(signal, action);
  if (signal === 0) return;
  if (action === undefined || action === '') process.handled.delete(signal);
  else process.handled.add(signal);
  if (action === '') process.ignored.add(signal);
  else process.ignored.delete(signal);
  if (action === undefined && signal === SIGINT && !shell.flags.has('s')) catchInterrupts(shell);
}

/** Prints what `trap` without arguments does. */
export function listTraps(shell: Shell, traps: ReadonlyMap<number, string>): number {
  for (let signal = 0; signal < signalCount; signal++) {
    const action = traps.get(signal);
    if (action !== undefined) shell.process.print(`trap -- ${singleQuote(action)} ${signalName(signal)}\n`);
  }
  return 0;
}

/** Runs the traps of signals that have come, in order. */
export function* runTraps(shell: Shell): Run<void> {
  for (let signal = shell.process.pending.shift(); signal !== undefined; signal = shell.process.pending.shift()) {
    const action = shell.traps.get(signal);
    if (action !== undefined && action !== '') yield* runAction(shell, action);
    else if (action === undefined && signal === SIGINT) interrupted(shell);
  }
}

/** SIGINT without a trap: the shell ends by it once the command is over; process 1, which cannot, exits. */
function interrupted({ process }: Shell): never {
  process.handled.delete(SIGINT);
  process.signal(SIGINT, process);
  throw new Exit(128 + SIGINT);
}

/** ash catches SIGINT to act on it between commands, unless it was born with the signal ignored. */
export function catchInterrupts({ process }: Shell): void {
  if (!process.ignored.has(SIGINT)) process.handled.add(SIGINT);
}

export function* runErrTrap(shell: Shell): Run<void> {
  const action = shell.errTrap!;
  shell.errTrap = undefined;
  yield* runAction(shell, action);
  shell.errTrap = action;
}

/** The status of the shell stays, unless the trap exits. */
export function* runExitTrap(shell: Shell): Run<void> {
  const action = shell.traps.get(0);
  if (action === undefined) return;
  shell.traps.delete(0);
  shell.leaving = undefined;
  shell.tested = 1;
  yield* runAction(shell, action);
}

const namesStatus = ({ leaving }: Shell): boolean => leaving?.named === true;

function* runAction(shell: Shell, action: string): Run<void> {
  const { status, leaving, trapStatus } = shell;
  shell.leaving = undefined;
  shell.trapStatus = status;
  yield* runText(shell, action);
  shell.trapStatus = trapStatus;
  // A `return` in it is one of the function that was interrupted, with the status that it names.
  if (!namesStatus(shell)) shell.status = status;
  shell.leaving ??= leaving;
}
