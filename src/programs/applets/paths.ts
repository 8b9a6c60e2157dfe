/** Programs about names of files: basename, dirname, readlink, realpath, mktemp, which. */
import { attempt, Errno } from '../errno.ts';
import { targetOf } from '../files/nodes.ts';
import { lookUp } from '../exec.ts';
import type { Process } from '../process.ts';
import { find, makeDirectory, open, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { parseOptions, showUsage } from './options.ts';

export function* basename(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'as:');
  const [path, suffix] = options.rest;
  if (path === undefined || (options.rest.length > 2 && !options.has('a') && !options.has('s'))) return showUsage(process, 'basename');
  const multiple = options.has('a') || options.has('s');
  const cut = options.value('s') ?? (multiple ? '' : suffix ?? '');
  for (const one of multiple ? options.rest : [path]) {
    const trimmed = one.replace(/(.)\/+$/, '$1');
    const name = trimmed === '/' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
    process.print(`${cut !== '' && name !== cut && name.endsWith(cut) ? name.slice(0, -cut.length) : name}\n`);
  }
  return 0;
}

export function* dirname(process: Process): Run<number> {
  const path = process.args[1];
  if (path === undefined || process.args.length > 2) return showUsage(process, 'dirname');
  const trimmed = path.replace(/(.)\/+$/, '$1');
  const at = trimmed.lastIndexOf('/');
  process.print(`${at < 0 ? '.' : trimmed.slice(0, at).replace(/(.)\/+$/, '$1') || '/'}\n`);
  return 0;
}

export function* readlink(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'fnv');
  const [path] = options.rest;
  if (path === undefined || options.rest.length > 1) return showUsage(process, 'readlink');
  const newline = options.has('n') ? '' : '\n';
  if (options.has('f')) {
    const found = attempt(() => find(process, path));
    if (found instanceof Errno) return 1;
    process.print(found.path + newline);
    return 0;
  }
  const node = attempt(() => stat(process, path, false));
  if (node instanceof Errno || node.kind !== 'link') return 1;
  process.print(targetOf(node) + newline);
  return 0;
}

export function* realpath(process: Process): Run<number> {
  let status = 0;
  for (const path of process.args.slice(1)) {
    const found = attempt(() => find(process, path));
    const error = found instanceof Errno ? found : undefined;
    if (error) {
      process.complain(`realpath: ${path}: ${error.message}\n`);
      status = 1;
    } else process.print(`${(found as { path: string }).path}\n`);
  }
  return status;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export function* mktemp(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'duqtp:');
  const template = options.rest[0] ?? 'tmp.XXXXXX';
  const base = options.value('p') ?? process.env.get('TMPDIR') ?? '/tmp';
  const path = template.includes('/') || (options.rest.length > 0 && !options.has('p') && !options.has('t')) ? template : `${base}/${template}`;
  if (!path.endsWith('XXXXXX')) {
    process.complain(`mktemp: ${path}: Invalid argument\n`);
    return 1;
  }
  const made = path.replace(/X+$/, (match) => process.machine.prng.text(match.length, letters));
  const error = attempt(() => {
    if (options.has('u')) return;
    if (options.has('d')) makeDirectory(process, made, 0o700);
    else {
      open(process, made, { write: true, create: true, exclusive: true });
      stat(process, made).mode = 0o600;
    }
  });
  if (error instanceof Errno) {
    process.complain(`mktemp: ${path}: ${error.message}\n`);
    return 1;
  }
  process.print(`${made}\n`);
  return 0;
}

export function* which(process: Process): Run<number> {
  let status = 0;
  for (const name of process.args.slice(1)) {
    const found = lookUp(process, [name], process.env.get('PATH'));
    if (found instanceof Errno) status = 1;
    else process.print(`${found.path.replace(/^\/(?:usr\/local\/s?bin|usr\/s?bin|sbin)\//, '/bin/')}\n`);
  }
  return status;
}
