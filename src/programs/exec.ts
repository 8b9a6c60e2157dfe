/** Finding and starting programs: PATH, executables of the file tree, scripts with and without `#!`. */
import { attempt, Errno } from './errno.ts';
import { dataOf, type FsNode } from './files/nodes.ts';
import { access, allowed } from './files/tree.ts';
import type { Process, Program } from './process.ts';
import { find } from './syscalls.ts';
import type { Run } from './wait.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Executable {
  readonly path: string;
  readonly program: Program;
  /** Arguments as the program sees them: an interpreter puts its own in front. */
  readonly args: readonly string[];
}

/** Looks a command up as execvp does. Errno ENOENT, EACCES or ENOEXEC when it cannot be run. */
export function lookUp(process: Process, args: readonly string[], searchPath = defaultPath): Executable | Errno {
  const name = args[0] ?? '';
  if (name.includes('/')) return executableAt(process, name, args);
  let result = new Errno('ENOENT');
  for (const folder of searchPath.split(':')) {
    const found = executableAt(process, `${folder === '' ? '.' : folder}/${name}`, args);
    if (!(found instanceof Errno)) return found;
    if (found.code === 'EACCES') result = found;
  }
  return result;
}

/** The executable at a path. */
export function executableAt(process: Process, path: string, args: readonly string[]): Executable | Errno {
  const found = attempt(() => find(process, path));
  if (found instanceof Errno) return found;
  const { node } = found;
  if (!node) return new Errno('ENOENT');
  if (node.kind !== 'file' || !allowed(node, process.credentials, access.execute)) return new Errno('EACCES');
  return interpret(process, node, path, args);
}

function interpret(process: Process, node: FsNode & { kind: 'file' }, path: string, args: readonly string[]): Executable | Errno {
  if (node.executable !== undefined) {
    const program = process.machine.executables.get(node.executable);
    return program ? { path, program, args } : new Errno('ENOEXEC');
  }
  const match = /^#! *(\S+)(?:[ \t]+([^\n]*?))?[ \t]*\n/.exec(dataOf(node).slice(0, 256));
  if (!match) return new Errno('ENOEXEC');
  const interpreter = match[1]!;
  const options = match[2] === undefined || match[2] === '' ? [] : [match[2]];
  const found = executableAt(process, interpreter, [interpreter, ...options, path, ...args.slice(1)]);
  return found instanceof Errno ? found : { ...found, path };
}

/** Replaces what the process runs, as execve does; never comes back but with the exit code. */
export function* become(process: Process, executable: Executable): Run<number> {
  process.args = executable.args;
  process.handled.clear();
  return yield* executable.program(process);
}
