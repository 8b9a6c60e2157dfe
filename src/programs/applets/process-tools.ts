/** Programs about processes: ps, pidof, timeout, time, xargs, setsid, nice. */
import { comm, runningNamed } from '../comm.ts';
import { Errno } from '../errno.ts';
import { lookUp, type Executable } from '../exec.ts';
import type { ExitStatus } from '../exit.ts';
import type { Process } from '../process.ts';
import { signalNumber, SIGCONT, SIGKILL, SIGTERM } from '../signals.ts';
import type { Run } from '../wait.ts';
import { durationMs } from './basic.ts';
import { execOr } from './identity.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

export function* ps(process: Process): Run<number> {
  process.print('PID   USER     COMMAND\n');
  for (const other of process.machine.processes.values()) {
    const user = process.machine.users().find(({ uid }) => uid === other.credentials.uid)?.name ?? String(other.credentials.uid);
    const command = other.status ? `[${comm(other)}]` : other.args.join(' ');
    process.print(`${String(other.pid).padStart(5)} ${user.slice(0, 8).padEnd(8)} ${command}\n`);
  }
  return 0;
}

export function* pidof(process: Process): Run<number> {
  const pids: number[] = [];
  for (const name of process.args.slice(1)) for (const { pid } of runningNamed(process.machine, name)) pids.unshift(pid);
  if (pids.length > 0) process.print(`${pids.join(' ')}\n`);
  return pids.length > 0 ? 0 : 1;
}

/** The program takes timeout's own place; a helper waits and kills it. */
export function* timeout(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+s:k:');
  const [text, ...command] = options.rest;
  const ms = text === undefined ? undefined : durationMs(text);
  if (ms === undefined || command.length === 0) return showUsage(process, 'timeout');
  const signal = signalNumber(options.value('s') ?? 'TERM') ?? SIGTERM;
  const killAfterMs = durationMs(options.value('k') ?? '');
  const { args, env, cwd, umask, credentials } = process;
  const helper = process.machine.spawn(undefined, { args, env, cwd, umask, credentials, files: [] }, function* (self) {
    yield { queues: [process.exited], timeoutMs: ms };
    if (process.status) return 0;
    process.signal(signal, self);
    process.signal(SIGCONT, self);
    if (killAfterMs === undefined) return 0;
    yield { queues: [process.exited], timeoutMs: killAfterMs };
    process.signal(SIGKILL, self);
    return 0;
  });
  helper.parent = process.machine.pids.init;
  return yield* execOr(process, command, 'timeout');
}

/** Runs a child and waits for it. */
export function* runChild(process: Process, executable: Executable): Run<ExitStatus> {
  const { env, cwd, umask, credentials, files, ignored } = process;
  const child = process.machine.spawn(process, { args: executable.args, env, cwd, umask, credentials, files, ignored }, executable.program);
  while (!child.status) yield { queues: [child.exited] };
  process.machine.reap(child);
  return child.status;
}

/** What a command stands for: applets before PATH. */
export function resolveCommand(process: Process, args: readonly string[]): Executable | Errno {
  const applet = args[0]!.includes('/') ? undefined : process.machine.applets.get(args[0]!);
  return applet ? { path: args[0]!, program: applet, args } : lookUp(process, args, process.env.get('PATH'));
}

export function* time(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+vpao:f:');
  if (options.rest.length === 0) return showUsage(process, 'time');
  const started = process.machine.clock.now();
  const found = resolveCommand(process, options.rest);
  if (found instanceof Errno) {
    process.complain(`time: can't execute '${options.rest[0]}': ${found.message}\n`);
    return 127;
  }
  const status = yield* runChild(process, found);
  if (status.signal !== undefined) process.complain(`Command terminated by signal ${status.signal}\n`);
  const ms = process.machine.clock.now() - started;
  const text = `${Math.floor(ms / 60_000)}m ${((ms % 60_000) / 1000).toFixed(2)}s`;
  process.complain(options.has('p') ? `real ${(ms / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n` : `real\t${text}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status.code;
}

export function* nice(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+n:');
  if (options.rest.length > 0) return yield* execOr(process, options.rest, 'nice');
  process.print('0\n');
  return 0;
}

export function* setsid(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+c');
  return options.rest.length > 0 ? yield* execOr(process, options.rest, 'setsid') : showUsage(process, 'setsid');
}

export function* xargs(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+trn:s:E:e::I:0pP:x', { null: '0', 'no-run-if-empty': 'r' });
  const input = yield* process.readAll(0);
  const items = untilEnd(split(input, options), options.value('E') ?? options.value('e'));
  if (items === undefined) {
    process.complain('xargs: unmatched single quote\n');
    return 1;
  }
  const command = options.rest.length > 0 ? options.rest : ['echo'];
  const marker = options.value('I');
  let groups: string[][];
  if (marker !== undefined) groups = items.map((item) => command.map((word) => word.replaceAll(marker, item)));
  else {
    const most = Number(options.value('n') ?? items.length) || 1;
    groups = grouped(command, items, most, Number(options.value('s') ?? Infinity));
    if (items.length === 0 && !options.has('r')) groups.push([...command]);
  }
  let status = 0;
  for (const args of groups) {
    const result = yield* runOne(process, args, options.has('t'));
    if (result.stop) return result.code;
    status = result.code || status;
  }
  return status;
}

/** The items before the one that ends them. */
function untilEnd(items: string[] | undefined, end: string | undefined): string[] | undefined {
  const at = end === undefined || end === '' ? -1 : items?.indexOf(end) ?? -1;
  return at < 0 ? items : items!.slice(0, at);
}

/** Command lines of at most that many items and bytes, the ends of their words included. */
function grouped(command: readonly string[], items: readonly string[], most: number, bytesMax: number): string[][] {
  const groups: string[][] = [];
  const bytesOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + Buffer.byteLength(word, 'latin1') + 1, 0);
  let last: string[] | undefined;
  for (const item of items) {
    if (last && last.length - command.length < most && bytesOf(last) + item.length + 1 <= bytesMax) last.push(item);
    else groups.push(last = [...command, item]);
  }
  return groups;
}

function* runOne(process: Process, args: readonly string[], traces: boolean): Run<{ code: number; stop: boolean }> {
  if (traces) process.complain(`${args.join(' ')}\n`);
  const found = resolveCommand(process, args);
  if (found instanceof Errno) {
    process.complain(`xargs: ${args[0]}: ${found.message}\n`);
    return { code: found.code === 'ENOENT' ? 127 : 126, stop: true };
  }
  yield* process.flush();
  const { code, signal } = yield* runChild(process, found);
  if (signal !== undefined) {
    process.complain(`xargs: ${args[0]}: terminated by signal ${signal}\n`);
    return { code: 125, stop: true };
  }
  if (code === 255) {
    process.complain(`xargs: ${args[0]}: exited with status 255; aborting\n`);
    return { code: 124, stop: true };
  }
  return { code: code === 0 ? 0 : 123, stop: false };
}

/** Items of the input; undefined when a quote is not closed. */
function split(input: string, options: Parsed): string[] | undefined {
  if (options.has('0')) return input.split('\0').filter((item, i, all) => item !== '' || i < all.length - 1);
  if (options.has('I')) return input.split('\n').map((line) => line.trimStart()).filter((line) => line !== '');
  const items: string[] = [];
  let item: string | undefined;
  for (let i = 0; i < input.length; i++) {
    const char = input[i]!;
    if (char === ' ' || char === '\t' || char === '\n') {
      if (item !== undefined) items.push(item);
      item = undefined;
    } else if (char === "'" || char === '"') {
      const end = input.indexOf(char, i + 1);
      const newline = input.indexOf('\n', i + 1);
      if (end < 0 || (newline >= 0 && newline < end)) return undefined;
      item = (item ?? '') + input.slice(i + 1, end);
      i = end;
    } else item = (item ?? '') + (char === '\\' ? input[++i] ?? '' : char);
  }
  if (item !== undefined) items.push(item);
  return items;
}
