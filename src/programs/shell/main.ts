/** The program `sh`: its options, and where its commands come from. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { readFile } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { prompt } from './prompt.ts';
import { isIncomplete, runText } from './run-text.ts';
import { Shell } from './shell.ts';
import { runToEnd } from './subshell.ts';
import { catchInterrupts } from './traps.ts';

interface Invocation {
  readonly flags: Set<string>;
  readonly commands: boolean;
  readonly rest: readonly string[];
  readonly problem?: string;
}

/** Runs `sh` with the process's arguments. */
export function* sh(process: Process): Run<number> {
  const { flags, commands, rest, problem } = invocation(process.args.slice(1));
  const name = process.args[0]!.replace(/^-/, '');
  if (problem !== undefined) {
    process.complain(`${name}: ${problem}\n`);
    return 2;
  }
  if (commands) {
    if (rest[0] === undefined) {
      process.complain(`${name}: -c requires an argument\n`);
      return 2;
    }
    const shell = new Shell(process, { name: rest[1] ?? name, parameters: rest.slice(2), flags: [...flags, 'c'], script: rest.length > 1 });
    catchInterrupts(shell);
    return yield* runToEnd(shell, () => runText(shell, rest[0]!, true, 0));
  }
  const [file] = rest;
  if (file === undefined || flags.has('s')) return yield* fromInput(process, name, rest, flags);
  const text = attempt(() => readFile(process, file));
  if (text instanceof Errno) {
    process.complain(`${name}: can't open '${file}': ${text.message}\n`);
    return 2;
  }
  const shell = new Shell(process, { name: file, parameters: rest.slice(1), flags, script: true });
  catchInterrupts(shell);
  return yield* runToEnd(shell, () => runText(shell, text, true, 1));
}

/** Reads commands from standard input as they come. */
function* fromInput(process: Process, name: string, parameters: readonly string[], flags: Set<string>): Run<number> {
  const shell = new Shell(process, { name, parameters, flags: new Set([...flags, 's']), script: false });
  return yield* runToEnd(shell, function* () {
    for (;;) {
      prompt(shell, 'PS1');
      const line = yield* process.read(0, 65_536, '\n');
      if (line === '') return;
      yield* runText(shell, yield* completed(shell, line));
      shell.line++;
    }
  });
}

/** Adds lines until the text is a whole command, or the input ends. */
function* completed(shell: Shell, first: string): Run<string> {
  let text = first;
  while (isIncomplete(shell, text)) {
    prompt(shell, 'PS2');
    const more = yield* shell.process.read(0, 65_536, '\n');
    if (more === '') break;
    text += more;
  }
  return text;
}

function invocation(args: readonly string[]): Invocation {
  const flags = new Set<string>();
  let commands = false;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || arg === '-') {
      at++;
      break;
    }
    if (!/^[-+]./.test(arg)) break;
    for (const letter of arg.slice(1)) {
      if (letter === 'c') commands = true;
      else if (letter === 'o') {
        const option = args[++at];
        if (option === 'pipefail') flags.add('pipefail');
        else if (option === 'errexit') flags.add('e');
      } else if ('aefnuxvslimCb'.includes(letter)) flags.add(letter);
      else return { flags, commands, rest: [], problem: `illegal option ${arg[0]}${letter}` };
    }
  }
  flags.delete('l');
  return { flags, commands, rest: args.slice(at) };
}
