/** Builtins for directories, names of commands, options of scripts and limits. */
import { attempt, Errno } from '../errno.ts';
import { executableAt, lookUp } from '../exec.ts';
import { find } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { builtins } from './builtins.ts';
import { runBuiltin, runProgram } from './command.ts';
import { singleQuote } from './quote.ts';
import type { Shell } from './shell.ts';
import { keywords } from './token.ts';

export function* cd(shell: Shell, words: readonly string[]): Run<number> {
  const physical = words.includes('-P');
  const target = words.slice(1).find((word) => word !== '-P' && word !== '-L' && word !== '--') ?? shell.get('HOME');
  if (target === undefined || target === '') return 0;
  const back = target === '-';
  const wanted = back ? shell.get('OLDPWD') ?? shell.process.cwd : target;
  const { process } = shell;
  const logical = normalize(wanted.startsWith('/') ? wanted : `${process.cwd}/${wanted}`);
  const found = attempt(() => find(process, physical ? wanted : logical));
  const error = found instanceof Errno ? found : !found.node ? new Errno('ENOENT') : found.node.kind === 'directory' ? undefined : new Errno('ENOTDIR');
  if (error || found instanceof Errno) {
    shell.warn(`can't cd to ${target}: ${(error ?? found as Errno).message}`);
    return 2;
  }
  shell.set('OLDPWD', process.cwd);
  process.cwd = physical ? found.path : logical;
  shell.set('PWD', process.cwd);
  if (back) process.print(`${process.cwd}\n`);
  return 0;
}

export function* pwd(shell: Shell, words: readonly string[]): Run<number> {
  const { process } = shell;
  process.print(`${words[1] === '-P' ? find(process, process.cwd).path : process.cwd}\n`);
  return 0;
}

function normalize(path: string): string {
  const result: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') result.pop();
    else if (name !== '' && name !== '.') result.push(name);
  }
  return `/${result.join('/')}`;
}

/** What a name stands for: the words of `type`, and the short form of `command -v`. */
function describe(shell: Shell, name: string): { long: string; short: string } | undefined {
  const alias = shell.aliases.get(name);
  if (alias !== undefined) return { long: `${name} is an alias for ${alias}`, short: `alias ${name}=${singleQuote(alias)}` };
  if (shell.functions.has(name)) return { long: `${name} is a function`, short: name };
  if (keywords.has(name)) return { long: `${name} is a shell keyword`, short: name };
  const builtin = builtins.get(name);
  if (builtin) return { long: `${name} is a ${builtin.special ? 'special ' : ''}shell builtin`, short: name };
  const { process } = shell;
  if (process.machine.applets.has(name)) return { long: `${name} is ${name}`, short: name };
  const found = name.includes('/') ? executableAt(process, name, [name]) : lookUp(process, [name], shell.get('PATH') ?? '');
  return found instanceof Errno ? undefined : { long: `${name} is ${found.path}`, short: found.path };
}

export function* type(shell: Shell, words: readonly string[]): Run<number> {
  let status = 0;
  for (const name of words.slice(1)) {
    const description = describe(shell, name);
    if (!description) status = 127;
    shell.process.print(`${description?.long ?? `${name}: not found`}\n`);
  }
  return status;
}

export function* command(shell: Shell, words: readonly string[]): Run<number> {
  let args = words.slice(1);
  const mode = args[0];
  if (mode === '-v' || mode === '-V') {
    const description = describe(shell, args[1] ?? '');
    if (description) shell.process.print(`${mode === '-v' ? description.short : description.long}\n`);
    else if (mode === '-V') shell.process.print(`${args[1]}: not found\n`);
    return description ? 0 : 127;
  }
  if (mode === '-p' || mode === '--') args = args.slice(1);
  if (args.length === 0) return 0;
  const builtin = builtins.get(args[0]!);
  shell.command = undefined;
  return builtin ? yield* runBuiltin(shell, { ...builtin, special: false }, args) : yield* runProgram(shell, args, false);
}

/** Nothing is remembered; names that are no commands are told. */
export function* hash(shell: Shell, words: readonly string[]): Run<number> {
  const missing = words.slice(1).filter((name) => name !== '-r' && !describe(shell, name));
  for (const name of missing) shell.warn(`${name}: not found`);
  return missing.length > 0 ? 1 : 0;
}

export function* alias(shell: Shell, words: readonly string[]): Run<number> {
  let status = 0;
  if (words.length === 1) for (const [name, text] of shell.aliases) shell.process.print(`${name}=${singleQuote(text)}\n`);
  for (const word of words.slice(1)) {
    const at = word.indexOf('=');
    const text = shell.aliases.get(word);
    if (at > 0) shell.aliases.set(word.slice(0, at), word.slice(at + 1));
    else if (text !== undefined) shell.process.print(`${word}=${singleQuote(text)}\n`);
    else {
      shell.process.complain(`alias: ${word} not found\n`);
      status = 1;
    }
  }
  return status;
}

export function* unalias(shell: Shell, words: readonly string[]): Run<number> {
  if (words[1] === '-a') shell.aliases.clear();
  let status = 0;
  for (const name of words.slice(1)) {
    if (name === '-a' || shell.aliases.delete(name)) continue;
    shell.process.complain(`unalias: ${name} not found\n`);
    status = 1;
  }
  return status;
}

export function* umask(shell: Shell, words: readonly string[]): Run<number> {
  const { process } = shell;
  const mode = words[1];
  if (mode === undefined) process.print(`${process.umask.toString(8).padStart(4, '0')}\n`);
  else if (mode === '-S') process.print(`${symbolic(process.umask)}\n`);
  else if (/^[0-7]+$/.test(mode)) process.umask = Number.parseInt(mode, 8) & 0o777;
  else throw shell.fault(`illegal mode: ${mode}`);
  return 0;
}

function symbolic(mask: number): string {
  const bits = (shift: number): string => ['r', 'w', 'x'].filter((_, i) => ((mask >> shift) & (4 >> i)) === 0).join('');
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

const limits: Readonly<Record<string, string>> = { n: '1048576', u: 'unlimited', s: '8192', c: 'unlimited', f: 'unlimited', v: 'unlimited' };

export function* ulimit(shell: Shell, words: readonly string[]): Run<number> {
  const letter = words.slice(1).find((word) => /^-[a-zA-Z]/.test(word))?.at(-1) ?? 'f';
  if (words.length <= 2) shell.process.print(`${limits[letter] ?? 'unlimited'}\n`);
  return 0;
}

export function* getopts(shell: Shell, words: readonly string[]): Run<number> {
  const spec = words[1] ?? '';
  const name = words[2] ?? '';
  const args = words.length > 3 ? words.slice(3) : shell.parameters;
  const wanted = Number(shell.get('OPTIND') ?? '1');
  // Beyond what there is, it begins again.
  const at = wanted > args.length + 1 ? 1 : Math.max(1, wanted);
  const word = args[at - 1];
  if (shell.getoptsAt === 0 && (word === undefined || !/^-./.test(word) || word === '--')) {
    if (word === '--') shell.set('OPTIND', String(at + 1));
    shell.set(name, '?');
    shell.unset('OPTARG');
    return 1;
  }
  const position = shell.getoptsAt || 1;
  const letter = word![position]!;
  const more = position + 1 < word!.length;
  const known = letter !== ':' && spec.replace(/^:/, '').includes(letter);
  const takes = known && spec[spec.lastIndexOf(letter) + 1] === ':';
  let next = more && !takes ? at : at + 1;
  shell.set(name, letter);
  if (!known) complain(shell, spec, name, letter, `Illegal option -${letter}`, '?');
  else if (!takes) shell.set('OPTARG', '');
  else if (more) shell.set('OPTARG', word!.slice(position + 1));
  else if (args[at] !== undefined) {
    shell.set('OPTARG', args[at]);
    next = at + 2;
  } else complain(shell, spec, name, letter, `No arg for -${letter} option`, ':');
  shell.set('OPTIND', String(next));
  shell.getoptsAt = more && !takes ? position + 1 : 0;
  return 0;
}

function complain(shell: Shell, spec: string, name: string, letter: string, message: string, silent: string): void {
  if (spec.startsWith(':')) {
    shell.set(name, silent);
    shell.set('OPTARG', letter);
    return;
  }
  shell.set(name, '?');
  shell.unset('OPTARG');
  shell.process.complain(`${message}\n`);
}

