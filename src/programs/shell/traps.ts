/** Traps: commands for signals, for the end of the shell and for errors. */
import type { Run } from '../wait.ts';
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
}

/** Runs the traps of signals that have come, in order. */
export function* runTraps(shell: Shell): Run<void> {
  for (let signal = shell.process.pending.shift(); signal !== undefined; signal = shell.process.pending.shift()) {
    const action = shell.traps.get(signal);
    if (action !== undefined && action !== '') yield* runAction(shell, action);
  }
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

function* runAction(shell: Shell, action: string): Run<void> {
  const { status, leaving, trapStatus } = shell;
  shell.leaving = undefined;
  shell.trapStatus = status;
  yield* runText(shell, action);
  shell.trapStatus = trapStatus;
  shell.status = status;
  shell.leaving = shell.leaving ?? leaving;
}
