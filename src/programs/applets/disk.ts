/** Programs about space and raw data: dd, truncate, fallocate, du, df, mkfifo, sync, mount, umount, chroot. */
import { attempt, Errno } from '../errno.ts';
import { dataOf, fifo } from '../files/nodes.ts';
import { lookUp, become } from '../exec.ts';
import { programLimits } from '../limits.ts';
import type { Process } from '../process.ts';
import { find, forReading, makeNode, names, open, setData, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { blocks, sizeText } from './ls.ts';
import { parseOptions, showUsage } from './options.ts';

const units: Readonly<Record<string, number>> = {
  c: 1, w: 2, b: 512, k: 1024, K: 1024, kB: 1000, M: 1024 ** 2, MB: 1000 ** 2, G: 1024 ** 3, GB: 1000 ** 3,
};

function size(text: string): number | undefined {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  const unit = match?.[2] === '' ? 1 : units[match?.[2] ?? '?'];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

export function* dd(process: Process): Run<number> {
  const operands = new Map(process.args.slice(1).map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]));
  const number = (name: string, otherwise: number): number => size(operands.get(name) ?? '') ?? otherwise;
  const blockBytes = Math.min(number('bs', number('ibs', 512)), programLimits.memoryBytesMax);
  const conversions = (operands.get('conv') ?? '').split(',');
  const input = operands.get('if');
  const output = operands.get('of');
  const opened = attempt(() => {
    const from = input === undefined ? 0 : process.addFile(open(process, input, forReading));
    const seek = number('seek', 0) * number('obs', blockBytes);
    const to = output === undefined ? 1 : process.addFile(open(process, output, { write: true, create: true, truncate: !conversions.includes('notrunc') && seek === 0 }));
    const file = process.file(to);
    if ('offset' in file) file.offset = seek;
    return { from, to };
  });
  if (opened instanceof Errno) {
    process.complain(`dd: can't open '${input ?? output}': ${opened.message}\n`);
    return 1;
  }
  process.allocate(blockBytes);
  for (let skip = number('skip', 0); skip > 0; skip--) if ((yield* readBlock(process, opened.from, blockBytes)) === '') break;
  let whole = 0;
  let partial = 0;
  let bytes = 0;
  const count = number('count', Infinity);
  while (whole + partial < count) {
    const data = yield* readBlock(process, opened.from, blockBytes);
    if (data === '') break;
    if (data.length === blockBytes) whole++;
    else partial++;
    bytes += data.length;
    yield* process.write(opened.to, data);
  }
  if (operands.get('status') !== 'none') {
    process.complain(`${whole}+${partial} records in\n${whole}+${partial} records out\n`);
    if (operands.get('status') !== 'noxfer') process.complain(`${bytes} bytes (${sizeText(bytes, true)}B) copied, 0.000100 seconds, ${sizeText(bytes * 10_000, true)}B/s\n`);
  }
  return 0;
}

/** One read, as dd does: a pipe may give less than a block. */
function* readBlock(process: Process, fd: number, bytes: number): Run<string> {
  let data = '';
  while (data.length < bytes) {
    const more = yield* process.read(fd, bytes - data.length);
    data += more;
    if (more === '' || process.file(fd).node?.kind === undefined) break;
  }
  return data;
}

export function* truncate(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'cs:l:');
  return resize(process, options.value('s'), options.rest, 'truncate');
}

export function* fallocate(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'l:o:');
  return resize(process, options.value('l'), options.rest, 'fallocate');
}

function resize(process: Process, text: string | undefined, paths: readonly string[], name: string): number {
  const bytes = size((text ?? '').replace(/^[+-]/, ''));
  if (bytes === undefined || paths.length === 0) return showUsage(process, name);
  let status = 0;
  for (const path of paths) {
    const error = attempt(() => {
      if (bytes > programLimits.fileBytesMax) throw new Errno('ENOSPC');
      const { node } = open(process, path, { write: true, create: true });
      if (node?.kind !== 'file') throw new Errno('EINVAL');
      const data = dataOf(node);
      const wanted = text!.startsWith('+') ? data.length + bytes : text!.startsWith('-') ? Math.max(0, data.length - bytes) : bytes;
      if (name !== 'fallocate' || wanted > data.length) setData(process, node, data.slice(0, wanted).padEnd(wanted, '\0'));
    });
    if (!(error instanceof Errno)) continue;
    process.complain(`${name}: ${path}: ${error.message}\n`);
    status = 1;
  }
  return status;
}

export function* du(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'aHLdclsxhmkbd:', { 'max-depth': 'd' });
  const depthMax = options.has('s') ? 0 : Number(options.value('d') ?? Infinity);
  let status = 0;
  const show = (kilobytes: number, path: string): void => process.print(`${options.has('h') ? sizeText(kilobytes * 1024, true) : options.has('m') ? Math.ceil(kilobytes / 1024) : kilobytes}\t${path}\n`);
  const measure = (path: string, depth: number): number => {
    const node = attempt(() => stat(process, path, false));
    if (node instanceof Errno) {
      process.complain(`du: ${path}: ${node.message}\n`);
      status = 1;
      return 0;
    }
    let kilobytes = blocks(node);
    if (node.kind === 'directory') for (const name of names(process, path)) kilobytes += measure(path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1);
    if (depth === 0 || (depth <= depthMax && (node.kind === 'directory' || options.has('a')))) show(kilobytes, path);
    return kilobytes;
  };
  let total = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['.']) total += measure(path, 0);
  if (options.has('c')) show(total, 'total');
  return status;
}

/** Kilobytes of the file systems of the emulated node. */
const diskKilobytes = 100 * 1024 * 1024;
const memoryKilobytes = 65_536;

export function* df(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'kmhTPaiB:t:');
  const human = options.has('h');
  process.print(`Filesystem           ${human ? '     Size' : '1K-blocks'}      Used Available Use% Mounted on\n`);
  let status = 0;
  const mounts = process.machine.tree.mounts;
  const wanted = options.rest.length === 0 ? [...mounts.keys()] : options.rest;
  for (const path of wanted) {
    const found = attempt(() => find(process, path));
    if (found instanceof Errno || !found.node) {
      process.complain(`df: ${path}: can't find mount point\n`);
      status = 1;
      continue;
    }
    const point = [...mounts].find(([, mount]) => mount === found.mount)![0];
    const { type } = found.mount;
    if (type === 'proc' || type === 'sysfs') continue;
    const total = type === 'tmpfs' ? memoryKilobytes : diskKilobytes;
    const number = (kilobytes: number): string => (human ? sizeText(kilobytes * 1024, true) : String(kilobytes)).padStart(9);
    process.print(`${type.padEnd(20)} ${number(total)} ${number(0)} ${number(total)}   0% ${point}\n`);
  }
  return status;
}

export function* mkfifo(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'm:');
  let status = 0;
  for (const path of options.rest) {
    const error = attempt(() => makeNode(process, path, fifo(0o666 & ~process.umask, process.machine.clock.now())));
    if (!(error instanceof Errno)) continue;
    process.complain(`mkfifo: ${path}: ${error.message}\n`);
    status = 1;
  }
  return status;
}

export function* sync(): Run<number> {
  return 0;
}

/** Shows what is mounted. Nothing more can be: containers are not privileged. */
export function* mount(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'aflnrswvt:o:O:i');
  if (options.rest.length === 0) {
    for (const [path, { type, readOnly }] of process.machine.tree.mounts) process.print(`${type} on ${path} type ${type} (${readOnly ? 'ro' : 'rw'},relatime)\n`);
    return 0;
  }
  const [source = '', target = ''] = options.rest;
  const found = attempt(() => stat(process, target));
  process.complain(found instanceof Errno ? `mount: mounting ${source} on ${target} failed: ${found.message}\n` : `mount: permission denied (are you root?)\n`);
  return found instanceof Errno ? 255 : 1;
}

export function* umount(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'alrnfdD');
  for (const path of options.rest) process.complain(`umount: can't unmount ${path}: Operation not permitted\n`);
  return 1;
}

export function* chroot(process: Process): Run<number> {
  const [, root, ...command] = process.args;
  if (root === undefined) return showUsage(process, 'chroot');
  const found = lookUp(process, command.length > 0 ? command : ['/bin/sh', '-i'], process.env.get('PATH'));
  if (!(found instanceof Errno)) return yield* become(process, found);
  process.complain(`chroot: can't execute '${command[0]}': ${found.message}\n`);
  return 127;
}
