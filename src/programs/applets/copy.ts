/** Programs that copy, move and link files: cp, mv, ln. */
import { attempt, Errno } from '../errno.ts';
import { dataOf, file, targetOf, type FsNode } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import {
  addEntry, find, forReading, forWriting, hardLink, makeDirectory, makeLink, names, open, rename, setData, stat, unlink,
} from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { baseName } from './input.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

const join = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);

function isDirectory(process: Process, path: string): boolean {
  const node = attempt(() => stat(process, path));
  return !(node instanceof Errno) && node.kind === 'directory';
}

/** Operands as sources and a target, the last one or `-t`. */
function sourcesAndTarget(options: Parsed): { sources: readonly string[]; target: string } | undefined {
  const target = options.value('t');
  if (target !== undefined) return options.rest.length > 0 ? { sources: options.rest, target } : undefined;
  return options.rest.length > 1 ? { sources: options.rest.slice(0, -1), target: options.rest.at(-1)! } : undefined;
}

export function* cp(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'arRdPLHpfinlsTut:v');
  const operands = sourcesAndTarget(options);
  if (!operands) return showUsage(process, 'cp');
  const { sources, target } = operands;
  const into = !options.has('T') && (sources.length > 1 || options.has('t') || isDirectory(process, target));
  let status = 0;
  for (const source of sources) {
    const destination = into ? join(target, baseName(source.replace(/(.)\/+$/, '$1'))) : target;
    if (!(yield* copy(process, options, source, destination))) status = 1;
  }
  return status;
}

function* copy(process: Process, options: Parsed, source: string, target: string): Run<boolean> {
  const recursive = options.has('r') || options.has('R') || options.has('a');
  const keepsLinks = (recursive || options.has('d') || options.has('P')) && !options.has('L');
  const node = attempt(() => stat(process, source, !keepsLinks));
  if (node instanceof Errno) {
    process.complain(`cp: can't stat '${source}': ${node.message}\n`);
    return false;
  }
  if (process.step()) yield* process.pause();
  const existing = attempt(() => find(process, target));
  if (!(existing instanceof Errno) && existing.node === node) {
    process.complain(`cp: '${source}' and '${target}' are the same file\n`);
    return false;
  }
  if (node.kind === 'directory') {
    if (recursive) return yield* copyFolder(process, options, source, target, node);
    process.complain(`cp: omitting directory '${source}'\n`);
    return false;
  }
  if (options.has('n') && !(existing instanceof Errno) && existing.node) return true;
  const error = attempt(() => copyNode(process, options, source, target, node));
  if (error instanceof Errno) {
    const reading = error.code === 'EACCES' && attempt(() => open(process, source, forReading)) instanceof Errno;
    process.complain(reading ? `cp: can't open '${source}': ${error.message}\n` : `cp: can't create '${target}': ${error.message}\n`);
    return false;
  }
  if (options.has('v')) process.print(`'${source}' -> '${target}'\n`);
  return true;
}

function* copyFolder(process: Process, options: Parsed, source: string, target: string, node: FsNode): Run<boolean> {
  const inside = attempt(() => [find(process, source).path, find(process, target).path]);
  if (Array.isArray(inside) && `${inside[1]}/`.startsWith(`${inside[0]}/`)) {
    process.complain(`cp: recursion detected, omitting directory '${source}'\n`);
    return false;
  }
  const made = attempt(() => {
    if (!isDirectory(process, target)) makeDirectory(process, target, node.mode);
  });
  if (made instanceof Errno) {
    process.complain(`cp: can't create directory '${target}': ${made.message}\n`);
    return false;
  }
  let fine = true;
  const entries = attempt(() => names(process, source));
  for (const name of entries instanceof Errno ? [] : entries) fine = (yield* copy(process, options, join(source, name), join(target, name))) && fine;
  if (options.has('v')) process.print(`'${source}' -> '${target}'\n`);
  return fine;
}

function copyNode(process: Process, options: Parsed, source: string, target: string, node: FsNode): void {
  if (options.has('s')) return makeLink(process, source, target);
  if (options.has('l')) return hardLink(process, source, target);
  if (node.kind === 'link') return makeLink(process, targetOf(node), target);
  open(process, source, forReading);
  const data = node.kind === 'file' ? dataOf(node) : '';
  const found = find(process, target);
  let made = found.node;
  if (made) {
    open(process, target, forWriting);
    if (made.kind === 'file') setData(process, made, data);
  } else {
    made = file(data, node.mode & 0o777 & ~process.umask, process.machine.clock.now());
    addEntry(process, found, made);
  }
  if (node.kind === 'file' && node.executable !== undefined && made.kind === 'file') made.executable = node.executable;
  if (options.has('p') || options.has('a')) Object.assign(made, { mode: node.mode, modifiedAt: node.modifiedAt });
}

export function* mv(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'finTt:v');
  const operands = sourcesAndTarget(options);
  if (!operands) return showUsage(process, 'mv');
  const { sources, target } = operands;
  const into = !options.has('T') && isDirectory(process, target);
  let status = 0;
  for (const source of sources) {
    const destination = into || sources.length > 1 ? join(target, baseName(source.replace(/(.)\/+$/, '$1'))) : target;
    if (options.has('n') && !(attempt(() => stat(process, destination)) instanceof Errno)) continue;
    const error = attempt(() => rename(process, source, destination));
    if (error instanceof Errno && error.code === 'EXDEV') {
      if (!(yield* moveAcross(process, source, destination))) status = 1;
    } else if (error instanceof Errno) {
      process.complain(`mv: can't rename '${source}': ${error.message}\n`);
      status = 1;
      continue;
    }
    if (options.has('v')) process.print(`'${source}' -> '${destination}'\n`);
  }
  return status;
}

/** Between file systems a move is a copy and a removal. */
function* moveAcross(process: Process, source: string, target: string): Run<boolean> {
  if (!(yield* copy(process, parseOptions(['-a'], 'a'), source, target))) return false;
  const found = find(process, source, false);
  if (found.node?.kind === 'directory') found.parent.entries.delete(found.name);
  else unlink(process, source);
  return true;
}

export function* ln(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'sfnbS:vT');
  if (options.rest.length === 0) return showUsage(process, 'ln');
  const sources = options.rest.length === 1 ? options.rest : options.rest.slice(0, -1);
  const target = options.rest.length === 1 ? '.' : options.rest.at(-1)!;
  let status = 0;
  for (const source of sources) {
    const node = attempt(() => stat(process, target, !options.has('n')));
    const path = !(node instanceof Errno) && node.kind === 'directory' && !options.has('T') ? join(target, baseName(source)) : target;
    const error = attempt(() => {
      if (!options.has('s')) stat(process, source, false);
      if (options.has('f') && find(process, path, false).node) unlink(process, path);
      if (options.has('s')) makeLink(process, source, path);
      else hardLink(process, source, path);
    });
    if (!(error instanceof Errno)) continue;
    process.complain(`ln: ${error.code === 'ENOENT' && !options.has('s') ? source : path}: ${error.message}\n`);
    status = 1;
  }
  return status;
}
