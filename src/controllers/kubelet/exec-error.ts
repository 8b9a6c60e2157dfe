/** How a failed exec reads in events and messages (CRI errors of containerd). */
import type { ExecResult } from '../../runtime/runtime.ts';

/** The error of a command that ran and failed, or could not be started. Its output is reported apart. */
export function execFailure(command: readonly string[], result: ExecResult): string {
  return result.exitCode === undefined ? result.output : `command '${command.join(' ')}' exited with ${result.exitCode}: `;
}

export function execTimeout(command: readonly string[], timeoutSeconds: number): string {
  return `command timed out: "${command.join(' ')}" timed out after ${timeoutSeconds}s`;
}
