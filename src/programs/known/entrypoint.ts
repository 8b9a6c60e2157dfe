/** The entrypoint scripts of images: they prepare something and become the command that follows. */
import { Errno } from '../errno.ts';
import { become, lookUp } from '../exec.ts';
import type { Process, Program } from '../process.ts';
import type { Run } from '../wait.ts';

/** Becomes a command, as `exec "$@"` does. */
export function* becomeCommand(process: Process, command: readonly string[]): Run<number> {
  const found = lookUp(process, command, process.env.get('PATH'));
  if (!(found instanceof Errno)) return yield* become(process, found);
  process.complain(`${process.name}: exec: ${command[0] ?? ''}: not found\n`);
  return 127;
}

/** An entrypoint that does nothing else. */
export const commandEntrypoint: Program = (process) => becomeCommand(process, process.args.slice(1));
