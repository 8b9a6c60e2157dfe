/** grep, egrep, fgrep. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { BadRegex, compileRegex } from '../regex.ts';
import { names, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { baseName, closeInput, LineReader, lines, openInput, readInput } from './input.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

interface Search {
  readonly options: Parsed;
  readonly patterns: readonly RegExp[];
  readonly named: boolean;
  readonly before: number;
  readonly after: number;
  readonly most: number;
}

export function* grep(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'aHhnlLoqvsrRiwxFEze:f:m:A:B:C:c', { count: 'c', quiet: 'q', 'ignore-case': 'i', 'invert-match': 'v', color: 's' });
  const rest = [...options.rest];
  const texts = options.all('e').flatMap((text) => text.split('\n'));
  for (const path of options.all('f')) {
    const text = yield* readInput(process, path);
    if (text instanceof Errno) {
      process.complain(`grep: ${path}: ${text.message}\n`);
      return 2;
    }
    texts.push(...lines(text));
  }
  if (!options.has('e') && !options.has('f')) {
    const text = rest.shift();
    if (text === undefined) {
      showUsage(process, 'grep');
      return 2;
    }
    texts.push(...text.split('\n'));
  }
  const patterns = compile(process, options, texts);
  if (!patterns) return 2;
  const recursive = options.has('r') || options.has('R');
  const around = Number(options.value('C') ?? '0');
  const named = options.has('H') || (!options.has('h') && (rest.length > 1 || recursive));
  const search: Search = {
    options, patterns, named, before: Number(options.value('B') ?? around), after: Number(options.value('A') ?? around), most: Number(options.value('m') ?? Infinity),
  };
  const operands = rest.length > 0 ? rest : recursive ? ['.'] : ['-'];
  return yield* searchAll(process, search, recursive ? operands.flatMap((path) => filesBelow(process, path)) : operands);
}

function compile(process: Process, options: Parsed, texts: readonly string[]): RegExp[] | undefined {
  const name = baseName(process.name);
  try {
    return texts.map((text) => compileRegex(text, {
      extended: options.has('E') || name === 'egrep', fixed: options.has('F') || name === 'fgrep', flags: `g${options.has('i') ? 'i' : ''}`,
      whole: options.has('x') ? 'line' : options.has('w') ? 'word' : undefined,
    }));
  } catch (error) {
    if (!(error instanceof BadRegex)) throw error;
    process.complain(`grep: bad regex '${error.message}'\n`);
    return undefined;
  }
}

function filesBelow(process: Process, path: string): string[] {
  const node = attempt(() => stat(process, path));
  if (node instanceof Errno || node.kind !== 'directory') return [path];
  const entries = attempt(() => names(process, path));
  return entries instanceof Errno ? [] : entries.flatMap((name) => filesBelow(process, path.endsWith('/') ? path + name : `${path}/${name}`));
}

function* searchAll(process: Process, search: Search, paths: readonly string[]): Run<number> {
  let matched = false;
  let failed = false;
  for (const path of paths) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      if (!search.options.has('s')) process.complain(`grep: ${path}: ${fd.message}\n`);
      failed = true;
      continue;
    }
    const count = yield* searchOne(process, search, fd, path === '-' ? '(standard input)' : path);
    closeInput(process, fd);
    // With -L a file that is listed counts.
    if ((count > 0) !== search.options.has('L')) matched = true;
    if (matched && search.options.has('q')) return 0;
  }
  return failed ? 2 : matched ? 0 : 1;
}

function* searchOne(process: Process, search: Search, fd: number, name: string): Run<number> {
  const { options, patterns } = search;
  const silent = options.has('q') || options.has('l') || options.has('L') || options.has('c');
  const reader = new LineReader(process, fd);
  const prefix = (number: number, mark: string): string => (search.named ? `${name}${mark}` : '') + (options.has('n') ? `${number}${mark}` : '');
  let count = 0;
  let after = 0;
  let lastPrinted = 0;
  const before: string[] = [];
  let number = 0;
  for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
    number++;
    if (process.step()) yield* process.pause();
    const hit = patterns.some((pattern) => line!.search(pattern) >= 0) !== options.has('v');
    if (hit) {
      count++;
      if (options.has('q')) return count;
      if (!silent) {
        const context = search.before > 0 || search.after > 0;
        if (context && lastPrinted > 0 && number - before.length > lastPrinted + 1) process.print('--\n');
        for (const [i, text] of before.entries()) process.print(`${prefix(number - before.length + i, '-')}${text}\n`);
        if (options.has('o')) printMatches(process, patterns, line, prefix(number, ':'));
        else process.print(`${prefix(number, ':')}${line}\n`);
        lastPrinted = number;
      }
      before.length = 0;
      after = search.after;
      if (count >= search.most) break;
    } else if (after > 0 && !silent) {
      after--;
      process.print(`${prefix(number, '-')}${line}\n`);
      lastPrinted = number;
    } else if (search.before > 0) {
      before.push(line);
      if (before.length > search.before) before.shift();
    }
  }
  if (options.has('c')) process.print(`${search.named ? `${name}:` : ''}${count}\n`);
  if (options.has('l') && count > 0) process.print(`${name}\n`);
  if (options.has('L') && count === 0) process.print(`${name}\n`);
  return count;
}

function printMatches(process: Process, patterns: readonly RegExp[], line: string, prefix: string): void {
  for (const pattern of patterns) for (const [text] of line.matchAll(pattern)) if (text !== '') process.print(`${prefix}${text}\n`);
}
