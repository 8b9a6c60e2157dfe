/** Programs that show and change attributes of files: stat, chmod, chown, chgrp. */
import { attempt, Errno } from '../errno.ts';
import { linkCount, sizeOf, targetOf, type FsNode } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { changeOwned, find, names, stat as nodeAt } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { blocks, shownSize } from './ls.ts';
import { modeText, parseMode } from './mode.ts';
import { parseOptions, showUsage } from './options.ts';

const kinds: Readonly<Record<FsNode['kind'], string>> = {
  file: 'regular file', directory: 'directory', link: 'symbolic link', device: 'character special file', fifo: 'fifo',
};
const kindBits: Readonly<Record<FsNode['kind'], number>> = { file: 0o100000, directory: 0o040000, link: 0o120000, device: 0o020000, fifo: 0o010000 };

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}.${String(Math.floor(ms % 1000)).padStart(3, '0')}000000 +0000`;
}

export function* stat(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'Lfc:t');
  if (options.rest.length === 0) return showUsage(process, 'stat');
  const format = options.value('c');
  let status = 0;
  for (const path of options.rest) {
    const node = attempt(() => nodeAt(process, path, options.has('L')));
    if (node instanceof Errno) {
      process.complain(`stat: can't stat '${path}': ${node.message}\n`);
      status = 1;
      continue;
    }
    const directive = (letter: string): string => field(process, node, path, letter);
    if (format !== undefined) process.print(`${format.replace(/%(.)/g, (_, letter: string) => (letter === '%' ? '%' : directive(letter)))}\n`);
    else process.print(summary(directive, node));
  }
  return status;
}

function field(process: Process, node: FsNode, path: string, letter: string): string {
  const { machine } = process;
  switch (letter) {
    case 'n': return path;
    case 'N': return node.kind === 'link' ? `'${path}' -> '${targetOf(node)}'` : path;
    case 's': return String(shownSize(process, node, path));
    case 'F': return node.kind === 'file' && sizeOf(node) === 0 ? 'regular empty file' : kinds[node.kind];
    case 'a': return (node.mode & 0o7777).toString(8);
    case 'A': return modeText(node);
    case 'f': return (node.mode | kindBits[node.kind]).toString(16);
    case 'u': return String(node.uid);
    case 'g': return String(node.gid);
    case 'U': return machine.users().find(({ uid }) => uid === node.uid)?.name ?? 'UNKNOWN';
    case 'G': return machine.groups().find(({ gid }) => gid === node.gid)?.name ?? 'UNKNOWN';
    case 'h': return String(linkCount(node));
    case 'i': return String(machine.inode(node));
    case 'b': return String(blocks(node) * 2);
    case 'B': return '512';
    case 'o': return '4096';
    case 'd': return '66';
    case 'D': return '42';
    case 't': return node.kind === 'device' ? node.major.toString(16) : '0';
    case 'T': return node.kind === 'device' ? node.minor.toString(16) : '0';
    case 'X':
    case 'Y':
    case 'Z': return String(Math.floor(node.modifiedAt / 1000));
    case 'x':
    case 'y':
    case 'z': return timeText(node.modifiedAt);
    default: return `%${letter}`;
  }
}

function summary(get: (letter: string) => string, node: FsNode): string {
  return `  File: ${get('N')}\n  Size: ${get('s').padEnd(10)}\tBlocks: ${get('b').padEnd(10)} IO Block: ${get('o').padEnd(6)} ${get('F')}\n`
    + `Device: ${get('D')}h/${get('d')}d\tInode: ${get('i').padEnd(10)}  Links: ${get('h')}\n`
    + `Access: (${(node.mode & 0o7777).toString(8).padStart(4, '0')}/${get('A')})  Uid: (${get('u').padStart(5)}/${get('U').padStart(8)})   Gid: (${get('g').padStart(5)}/${get('G').padStart(8)})\n`
    + `Access: ${get('x')}\nModify: ${get('y')}\nChange: ${get('z')}\n`;
}

/** Applies a change to operands, and below them with -R. */
function* change(process: Process, name: string, paths: readonly string[], recursive: boolean, apply: (node: FsNode) => void): Run<number> {
  let status = 0;
  for (const path of paths) {
    const error = attempt(() => changeOwned(process, path, apply));
    if (error instanceof Errno) {
      process.complain(`${name}: ${path}: ${error.message}\n`);
      status = 1;
      continue;
    }
    const node = nodeAt(process, path);
    if (!recursive || node.kind !== 'directory') continue;
    if (process.step()) yield* process.pause();
    const entries = attempt(() => names(process, path));
    const below = entries instanceof Errno ? [] : entries.map((entry) => `${path}/${entry}`).filter((entry) => find(process, entry, false).node?.kind !== 'link');
    status = (yield* change(process, name, below, true, apply)) || status;
  }
  return status;
}

export function* chmod(process: Process): Run<number> {
  // `-x` and the like are modes, not options.
  const args = process.args.slice(1);
  const recursive = args.some((arg) => /^-[Rvcf]*R/.test(arg));
  const [mode, ...paths] = args.filter((arg) => !/^-[Rvcf]+$/.test(arg));
  if (mode === undefined || paths.length === 0) return showUsage(process, 'chmod');
  if (parseMode(mode, 0, process.umask) === undefined) {
    process.complain(`chmod: invalid mode '${mode}'\n`);
    return 1;
  }
  return yield* change(process, 'chmod', paths, recursive, (node) => {
    node.mode = parseMode(mode, node.mode, process.umask)!;
  });
}

export function* chown(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+RhLHPcvf');
  const [owner, ...paths] = options.rest;
  if (owner === undefined || paths.length === 0) return showUsage(process, 'chown');
  const [user = '', group] = owner.split(/[:.]/);
  const uid = user === '' ? undefined : identity(user, process.machine.users().find(({ name }) => name === user)?.uid);
  const gid = group === undefined || group === '' ? undefined : identity(group, process.machine.groups().find(({ name }) => name === group)?.gid);
  if (uid === 'unknown' || gid === 'unknown') {
    process.complain(`chown: unknown ${uid === 'unknown' ? `user ${user}` : `group ${group}`}\n`);
    return 1;
  }
  return yield* setOwner(process, 'chown', paths, options.has('R'), uid, gid);
}

export function* chgrp(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+RhLHPcvf');
  const [group, ...paths] = options.rest;
  if (group === undefined || paths.length === 0) return showUsage(process, 'chgrp');
  const gid = identity(group, process.machine.groups().find(({ name }) => name === group)?.gid);
  if (gid === 'unknown') {
    process.complain(`chgrp: unknown group ${group}\n`);
    return 1;
  }
  return yield* setOwner(process, 'chgrp', paths, options.has('R'), undefined, gid);
}

function identity(text: string, known: number | undefined): number | 'unknown' {
  return known ?? (/^\d+$/.test(text) ? Number(text) : 'unknown');
}

function* setOwner(process: Process, name: string, paths: readonly string[], recursive: boolean, uid?: number, gid?: number): Run<number> {
  const { credentials } = process;
  return yield* change(process, name, paths, recursive, (node) => {
    const foreign = (uid !== undefined && uid !== node.uid) || (gid !== undefined && gid !== credentials.gid && !credentials.groups.includes(gid));
    if (credentials.uid !== 0 && foreign) throw new Errno('EPERM');
    node.uid = uid ?? node.uid;
    node.gid = gid ?? node.gid;
  });
}
