/** The builtin `read`. */
import type { Run, Wake } from '../wait.ts';
import type { Shell } from './shell.ts';
import { validName } from './token.ts';

interface Options {
  raw: boolean;
  fd: number;
  count: number;
  delimiter: string;
  timeoutMs: number | undefined;
  names: string[];
}

export function* read(shell: Shell, words: readonly string[]): Run<number> {
  const options = parse(shell, words.slice(1));
  // `-t 0` asks whether there is something to read.
  if (options.timeoutMs === 0) return shell.process.file(options.fd).read(0) === undefined ? 1 : 0;
  const { text, ended } = yield* readText(shell, options);
  assign(shell, options, text);
  return ended ? 1 : 0;
}

function parse(shell: Shell, args: readonly string[]): Options {
  const options: Options = { raw: false, fd: 0, count: Infinity, delimiter: '\n', timeoutMs: undefined, names: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!/^-[a-z]/.test(arg)) {
      options.names = args.slice(i);
      break;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if (letter === 'r') options.raw = true;
      if (!'ndtup'.includes(letter)) continue;
      const value = arg.slice(at + 1) || (args[++i] ?? '');
      if (letter === 'n') options.count = Number(value);
      else if (letter === 'd') options.delimiter = value.slice(0, 1) || '\0';
      else if (letter === 't') options.timeoutMs = Number(value) * 1000;
      else if (letter === 'u') options.fd = Number(value);
      break;
    }
  }
  const bad = options.names.find((name) => !validName.test(name));
  if (bad !== undefined) throw shell.fault(`'${bad}': bad variable name`);
  return options;
}

/** Characters that were escaped carry a NUL in front, so that they are not split. */
function* readText(shell: Shell, options: Options): Run<{ text: string; ended: boolean }> {
  const { process } = shell;
  const file = process.file(options.fd);
  const deadline = options.timeoutMs === undefined ? undefined : process.machine.clock.now() + options.timeoutMs;
  let text = '';
  let length = 0;
  let escaped = false;
  while (length < options.count) {
    if (process.step()) yield* process.pause();
    const data = file.read(options.count === Infinity && options.raw ? 65_536 : 1, options.delimiter);
    if (data === undefined) {
      const left = deadline === undefined ? undefined : deadline - process.machine.clock.now();
      const wake: Wake = yield left === undefined ? { queues: [file.ready] } : { queues: [file.ready], timeoutMs: left };
      if (wake === 'timeout') return { text: '', ended: true };
      if (process.pending.length > 0) return { text, ended: true };
      continue;
    }
    if (data === '') return { text, ended: true };
    const complete = data.endsWith(options.delimiter) && !escaped;
    const chunk = (complete ? data.slice(0, -1) : data).replaceAll('\0', '');
    if (escaped) {
      escaped = false;
      if (chunk !== '\n') text += `\0${chunk}`;
    } else if (!options.raw && chunk === '\\') escaped = true;
    else text += chunk;
    length += data.length;
    if (complete) break;
  }
  return { text, ended: false };
}

function assign(shell: Shell, { names }: Options, text: string): void {
  const plain = (part: string): string => part.replaceAll('\0', '');
  if (names.length === 0) return shell.set('REPLY', plain(text));
  const ifs = shell.get('IFS') ?? ' \t\n';
  const blanks = [...ifs].filter((char) => ' \t\n'.includes(char)).join('');
  let rest = trimStart(text, blanks);
  for (const [i, name] of names.entries()) {
    if (i === names.length - 1) {
      shell.set(name, plain(lastField(rest, ifs, blanks)));
      break;
    }
    let at = 0;
    while (at < rest.length && !ifs.includes(rest[at]!)) at += rest[at] === '\0' ? 2 : 1;
    shell.set(name, plain(rest.slice(0, at)));
    let next = trimStart(rest.slice(at), blanks);
    if (next !== '' && ifs.includes(next[0]!) && !blanks.includes(next[0]!)) next = trimStart(next.slice(1), blanks);
    else if (at < rest.length && !blanks.includes(rest[at]!)) next = trimStart(rest.slice(at + 1), blanks);
    rest = next;
  }
}

/** The last name takes the rest without blanks at the end; when that is one field, also without what ends the field. */
function lastField(rest: string, ifs: string, blanks: string): string {
  let field = 0;
  while (field < rest.length && !ifs.includes(rest[field]!)) field += rest[field] === '\0' ? 2 : 1;
  let after = trimStart(rest.slice(field), blanks);
  if (after !== '' && ifs.includes(after[0]!)) after = trimStart(after.slice(1), blanks);
  if (after === '') return rest.slice(0, field);
  let end = rest.length;
  while (end > 0 && blanks.includes(rest[end - 1]!) && rest[end - 2] !== '\0') end--;
  return rest.slice(0, end);
}

function trimStart(text: string, blanks: string): string {
  let at = 0;
  while (at < text.length && blanks.includes(text[at]!)) at++;
  return text.slice(at);
}

