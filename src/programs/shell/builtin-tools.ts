/** Builtins for directories, names of commands and options of scripts. */
import { attempt, Errno } from '../errno.ts';
import { executableAt, lookUp } from '../exec.ts';
import { find } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { builtinOptions } from './builtin-options.ts';
import { builtins } from './builtins.ts';
import { resolve, runBuiltin, runProgram } from './command.ts';
import { singleQuote } from './quote.ts';
import type { Shell } from './shell.ts';
import { keywords } from './token.ts';

/** `cd`: relative paths that do not begin with a dot are looked for in CDPATH first; a folder found by its name there is told. */
export function* cd(shell: Shell, words: readonly string[]): Run<number> {
  const { letters, rest } = builtinOptions(shell, words, 'LP');
  const target = rest[0] ?? shell.get('HOME') ?? '';
  const { process } = shell;
  const wanted = target === '-' ? shell.get('OLDPWD') ?? process.cwd : target === '' ? '.' : target;
  const path = /^(\/|\.\.?(\/|$))/.test(target) || target === '-' ? undefined : throughCdPath(shell, wanted);
  const problem = changeTo(shell, path ?? wanted, letters.endsWith('P'));
  if (problem) {
    shell.warn(`can't cd to ${target}: ${problem.message}`);
    return 2;
  }
  if (target === '-' || (path !== undefined && path !== wanted)) process.print(`${process.cwd}\n`);
  return 0;
}

/** The first entry of CDPATH that has the folder; an empty one is the working directory. */
function throughCdPath(shell: Shell, target: string): string | undefined {
  const paths = shell.get('CDPATH')?.split(':').map((folder) => (folder === '' ? target : `${folder}/${target}`));
  return paths?.find((path) => {
    const found = attempt(() => find(shell.process, path));
    return !(found instanceof Errno) && found.node?.kind === 'directory';
  });
}

/** Makes a folder the working directory: as it is named, or (`physical`) where links lead. */
function changeTo(shell: Shell, path: string, physical: boolean): Errno | undefined {
  const { process } = shell;
  const logical = normalize(path.startsWith('/') ? path : `${process.cwd}/${path}`);
  const found = attempt(() => find(process, physical ? path : logical));
  if (found instanceof Errno) return found;
  if (found.node?.kind !== 'directory') return new Errno(found.node ? 'ENOTDIR' : 'ENOENT');
  shell.set('OLDPWD', process.cwd);
  process.cwd = physical ? found.path : logical;
  shell.set('PWD', process.cwd);
  return undefined;
}

export function* pwd(shell: Shell, words: readonly string[]): Run<number> {
  const { process } = shell;
  process.print(`${builtinOptions(shell, words, 'LP').letters.endsWith('P') ? find(process, process.cwd).path : process.cwd}\n`);
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

/** `hash`: shows, forgets (`-r`) or looks up where programs are. Applets are in no folder, so they are not among them. */
export function* hash(shell: Shell, words: readonly string[]): Run<number> {
  const { letters, rest } = builtinOptions(shell, words, 'r');
  if (letters !== '') shell.hashed.clear();
  else if (rest.length === 0) for (const path of inTableOrder(shell.hashed)) shell.process.print(`${path}\n`);
  const missing = rest.filter((name) => !builtins.has(name) && !shell.functions.has(name) && resolve(shell, [name]) instanceof Errno);
  for (const name of missing) shell.warn(`${name}: not found`);
  return missing.length > 0 ? 1 : 0;
}

/** By ash's hash of the name (ash.c cmdlookup), then as they came. */
function inTableOrder(hashed: ReadonlyMap<string, string>): string[] {
  const place = (name: string): number => {
    const codes = [...name].map((char) => char.charCodeAt(0));
    return (codes.reduce((sum, code) => sum + code, codes[0]! << 4) & 0x7fff) % 31;
  };
  return [...hashed].toSorted(([a], [b]) => place(a) - place(b)).map(([, path]) => path);
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

