/** Programs that make, remove and show files. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { changeOwned, find, hardLink, makeDirectory, names, open, removeDirectory, stat, unlink } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { parseDate } from './date.ts';
import { parseOptions, showUsage } from './options.ts';
import { parseMode } from './mode.ts';

export function* touch(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'cd:t:r:amh');
  const when = options.value('d') ?? options.value('t');
  const reference = options.value('r');
  const time = reference !== undefined ? stat(process, reference).modifiedAt
    : when === undefined ? process.machine.clock.now() : parseDate(when, process.machine.clock.now());
  if (time === undefined) {
    process.complain(`touch: invalid date '${when}'\n`);
    return 1;
  }
  if (options.rest.length === 0) return showUsage(process, 'touch');
  let status = 0;
  for (const path of options.rest) {
    const error = attempt(() => {
      if (find(process, path).node) changeOwned(process, path, (node) => { node.modifiedAt = time; });
      else if (!options.has('c')) {
        open(process, path, { write: true, create: true });
        if (when !== undefined || reference !== undefined) changeOwned(process, path, (node) => { node.modifiedAt = time; });
      }
    });
    if (!(error instanceof Errno)) continue;
    process.complain(`touch: ${path}: ${error.message}\n`);
    status = 1;
  }
  return status;
}

export function* mkdir(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'pm:v', { parents: 'p', mode: 'm' });
  if (options.rest.length === 0) return showUsage(process, 'mkdir');
  const mode = options.value('m');
  let status = 0;
  for (const path of options.rest) {
    const error = attempt(() => {
      if (options.has('p')) makeParents(process, path);
      else makeDirectory(process, path);
      if (mode !== undefined) changeOwned(process, path, (node) => { node.mode = parseMode(mode, 0o777, process.umask) ?? node.mode; });
    });
    if (error instanceof Errno) {
      process.complain(`mkdir: can't create directory '${path}': ${error.message}\n`);
      status = 1;
    } else if (options.has('v')) process.print(`created directory: '${path}'\n`);
  }
  return status;
}

function makeParents(process: Process, path: string): void {
  let at = path.startsWith('/') ? '/' : '';
  for (const name of path.split('/').filter((part) => part !== '')) {
    at += at === '' || at.endsWith('/') ? name : `/${name}`;
    const { node } = find(process, at);
    if (!node) makeDirectory(process, at);
    else if (node.kind !== 'directory') throw new Errno('EEXIST');
  }
}

export function* rmdir(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'pv');
  if (options.rest.length === 0) return showUsage(process, 'rmdir');
  let status = 0;
  for (const path of options.rest) {
    const error = attempt(() => removeDirectory(process, path));
    if (!(error instanceof Errno)) continue;
    process.complain(`rmdir: '${path}': ${error.message}\n`);
    status = 1;
  }
  return status;
}

export function* rm(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'firRv', { recursive: 'r', force: 'f' });
  const force = options.has('f');
  if (options.rest.length === 0) return force ? 0 : showUsage(process, 'rm');
  const recursive = options.has('r') || options.has('R');
  let status = 0;
  for (const path of options.rest) {
    if (!(yield* remove(process, path, { recursive, force, verbose: options.has('v') }))) status = 1;
  }
  return status;
}

interface RemoveOptions {
  readonly recursive: boolean;
  readonly force: boolean;
  readonly verbose: boolean;
}

function* remove(process: Process, path: string, options: RemoveOptions): Run<boolean> {
  const node = attempt(() => stat(process, path, false));
  if (node instanceof Errno) {
    if (options.force && (node.code === 'ENOENT' || node.code === 'ENOTDIR')) return true;
    process.complain(`rm: can't remove '${path}': ${node.message}\n`);
    return false;
  }
  if (node.kind === 'directory' && !options.recursive) {
    process.complain(`rm: '${path}' is a directory\n`);
    return false;
  }
  if (process.step()) yield* process.pause();
  let removed = true;
  if (node.kind === 'directory') {
    const entries = attempt(() => names(process, path));
    for (const name of entries instanceof Errno ? [] : entries) removed = (yield* remove(process, `${path}/${name}`, options)) && removed;
  }
  const error = attempt(() => (node.kind === 'directory' ? removeDirectory(process, path) : unlink(process, path)));
  if (error instanceof Errno) {
    process.complain(`rm: can't remove '${path}': ${error.message}\n`);
    return false;
  }
  if (options.verbose) process.print(`removed '${path}'\n`);
  return removed;
}

/** `link FILE LINK`: a hard link, and nothing else. */
export function* link(process: Process): Run<number> {
  const [from, to, ...more] = process.args.slice(1);
  if (from === undefined || to === undefined || more.length > 0) return showUsage(process, 'link');
  const error = attempt(() => hardLink(process, from, to));
  if (!(error instanceof Errno)) return 0;
  process.complain(`link: can't create hardlink '${to}' to '${from}': ${error.message}\n`);
  return 1;
}

/** `unlink FILE`: removes one name of a file. */
export function* unlinkFile(process: Process): Run<number> {
  const [path, ...more] = process.args.slice(1);
  if (path === undefined || more.length > 0) return showUsage(process, 'unlink');
  const error = attempt(() => unlink(process, path));
  if (!(error instanceof Errno)) return 0;
  process.complain(`unlink: can't remove file '${path}': ${error.message}\n`);
  return 1;
}
