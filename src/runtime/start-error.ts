/** Why a program cannot be started, in the words of runc and containerd. */
import { Errno } from '../programs/errno.ts';
import { lookUp } from '../programs/exec.ts';
import type { Machine } from '../programs/machine.ts';
import { Process, type Spawn } from '../programs/process.ts';

/** runc's words for a command that cannot be run, or undefined when it can. */
export function execFailure(machine: Machine, spawn: Spawn): string | undefined {
  // A process that never runs: only its directory, user and arguments are looked at.
  const process = new Process(machine, 0, undefined, { ...spawn, files: [] }, function* () {
    return 0;
  });
  const found = lookUp(process, spawn.args, spawn.env.get('PATH'));
  if (!(found instanceof Errno)) return undefined;
  const name = Buffer.from(spawn.args[0] ?? '', 'latin1').toString('utf8');
  const quoted = JSON.stringify(name);
  if (found.code === 'EACCES') return `exec: ${quoted}: permission denied`;
  if (found.code === 'ENOEXEC') return `exec ${name}: exec format error`;
  return name.includes('/') ? `exec: ${quoted}: stat ${name}: no such file or directory` : `exec: ${quoted}: executable file not found in $PATH`;
}

/** The message of a container that could not be started. */
export function startFailure(machine: Machine, spawn: Spawn): string | undefined {
  const why = execFailure(machine, spawn);
  if (why === undefined) return undefined;
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}`;
}
