/** kill: a builtin of the shell and a program; killall. */
import { runningNamed } from '../comm.ts';
import type { Process } from '../process.ts';
import { SIGTERM, signalCount, signalName, signalNumber } from '../signals.ts';
import type { Run } from '../wait.ts';

export function* kill(process: Process, words: readonly string[], name: string): Run<number> {
  let args: readonly string[] = words.slice(1);
  if (args[0] === '-l' || args[0] === '-L') return list(process, args.slice(1), name);
  const chosen = chooseSignal(args);
  if (chosen.bad !== undefined) {
    process.complain(`${name}: bad signal name '${chosen.bad}'\n`);
    return 1;
  }
  args = chosen.rest;
  if (args.length === 0) {
    process.complain(`${name}: you need to specify whom to kill\n`);
    return 1;
  }
  let status = 0;
  for (const word of args) {
    const problem = killOne(process, word, chosen.signal);
    if (problem === undefined) continue;
    process.complain(`${name}: ${problem}\n`);
    status = 1;
  }
  return status;
}

interface Chosen {
  readonly signal: number;
  readonly rest: readonly string[];
  readonly bad?: string;
}

/** `-TERM`, `-15`, `-s TERM` in front of the targets. */
export function chooseSignal(args: readonly string[]): Chosen {
  const first = args[0];
  if (first === undefined || !first.startsWith('-') || first === '--') return { signal: SIGTERM, rest: args.slice(first === '--' ? 1 : 0) };
  const name = first === '-s' ? args[1] ?? '' : first.slice(1);
  const rest = args.slice(first === '-s' ? 2 : 1);
  const signal = signalNumber(name);
  return signal === undefined ? { signal: 0, rest, bad: name } : { signal, rest: rest[0] === '--' ? rest.slice(1) : rest };
}

function killOne(process: Process, word: string, signal: number): string | undefined {
  if (!/^-?\d+$/.test(word)) return `invalid number '${word}'`;
  const pid = Number(word);
  const { processes } = process.machine;
  const targets = pid > 0 ? [processes.get(pid)] : [...processes.values()].filter((other) => pid !== -1 || (other !== process && other.pid !== 1));
  const found = targets.filter((target) => target !== undefined);
  if (found.length === 0) return `can't kill pid ${pid}: No such process`;
  const allowed = found.filter((target) => maySignal(process, target));
  for (const target of allowed) target.signal(signal, process);
  return allowed.length > 0 ? undefined : `can't kill pid ${pid}: Operation not permitted`;
}

/** Root signals all; others those of the same user. */
function maySignal({ credentials: { uid } }: Process, target: Process): boolean {
  return uid === 0 || uid === target.credentials.uid;
}

function list(process: Process, args: readonly string[], name: string): number {
  for (const arg of args) {
    const signal = signalNumber(/^\d+$/.test(arg) ? String(Number(arg) & 127) : arg);
    if (signal === undefined) {
      process.complain(`${name}: unknown signal '${arg}'\n`);
      return 1;
    }
    process.print(`${/^\d+$/.test(arg) ? signalName(signal) : signal}\n`);
  }
  if (args.length === 0) for (let signal = 1; signal < signalCount; signal++) process.print(`${String(signal).padStart(2)}) ${signalName(signal)}\n`);
  return 0;
}

/** killall NAME…: by the name of the program. */
export function* killall(process: Process): Run<number> {
  let args = process.args.slice(1);
  const quiet = args[0] === '-q';
  if (quiet) args = args.slice(1);
  const { signal, rest } = chooseSignal(args);
  let status = 0;
  for (const name of rest) {
    const found = runningNamed(process.machine, name).filter((other) => other !== process && maySignal(process, other));
    for (const target of found) target.signal(signal, process);
    if (found.length > 0) continue;
    if (!quiet) process.complain(`killall: ${name}: no process killed\n`);
    status = 1;
  }
  return status;
}
