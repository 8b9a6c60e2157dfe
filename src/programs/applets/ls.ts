/** ls. */
import { attempt, Errno } from '../errno.ts';
import { linkCount, sizeOf, targetOf, type FsNode } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { find, names, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { modeText } from './mode.ts';
import { parseOptions, type Parsed } from './options.ts';

interface Item {
  readonly name: string;
  readonly node: FsNode;
  readonly path: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const halfYearMs = 180 * 86_400_000;

export function* ls(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '1AaCxdLHRFplinshrSXvctuTwkqgGoe', { color: '1' });
  const operands = options.rest.length > 0 ? options.rest : ['.'];
  const files: Item[] = [];
  const folders: Item[] = [];
  let status = 0;
  for (const path of operands) {
    const follow = !options.has('l') || options.has('L') || options.has('H') || path.endsWith('/');
    const followed = attempt(() => stat(process, path, follow && !options.has('d')));
    const node = followed instanceof Errno ? attempt(() => stat(process, path, false)) : followed;
    if (node instanceof Errno) {
      process.complain(`ls: ${path}: ${node.message}\n`);
      status = 1;
    } else if (node.kind === 'directory' && !options.has('d')) folders.push({ name: path, node, path });
    else files.push({ name: path, node, path });
  }
  print(process, options, sorted(options, files));
  for (const [i, folder] of sorted(options, folders).entries()) {
    const title = operands.length > 1 || options.has('R');
    if (i > 0 || (title && files.length > 0)) process.print('\n');
    status = (yield* folderOf(process, options, folder.path, title)) || status;
  }
  return status;
}

function* folderOf(process: Process, options: Parsed, path: string, title: boolean): Run<number> {
  if (title) process.print(`${path}:\n`);
  const entries = attempt(() => names(process, path));
  if (entries instanceof Errno) {
    process.complain(`ls: can't open '${path}': ${entries.message}\n`);
    return 1;
  }
  const shown = options.has('a') ? ['.', '..', ...entries] : options.has('A') ? entries : entries.filter((name) => !name.startsWith('.'));
  const items: Item[] = [];
  for (const name of shown) {
    const full = path.endsWith('/') ? path + name : `${path}/${name}`;
    const node = attempt(() => stat(process, full, options.has('L')));
    if (!(node instanceof Errno)) items.push({ name, node, path: full });
  }
  if (options.has('l') || options.has('s')) process.print(`total ${items.reduce((sum, item) => sum + blocks(item.node), 0)}\n`);
  const ordered = sorted(options, items);
  print(process, options, ordered);
  yield* process.flush(4096);
  if (!options.has('R')) return 0;
  for (const { node, path: below, name } of ordered) {
    if (node.kind !== 'directory' || name === '.' || name === '..') continue;
    process.print('\n');
    yield* folderOf(process, options, below, true);
  }
  return 0;
}

/** Kilobytes on disk. */
export function blocks(node: FsNode): number {
  return node.kind === 'link' ? 0 : Math.ceil(realSize(node) / 4096) * 4;
}

function realSize(node: FsNode): number {
  return node.kind === 'file' && typeof node.data === 'function' ? 0 : sizeOf(node);
}

function sorted(options: Parsed, items: Item[]): Item[] {
  const byName = (a: Item, b: Item): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  let result = items.toSorted(byName);
  if (options.has('t')) result = result.toSorted((a, b) => b.node.modifiedAt - a.node.modifiedAt);
  if (options.has('S')) result = result.toSorted((a, b) => realSize(b.node) - realSize(a.node));
  return options.has('r') ? result.toReversed() : result;
}

function print(process: Process, options: Parsed, items: readonly Item[]): void {
  for (const item of items) {
    const inode = options.has('i') ? `${String(process.machine.inode(item.node)).padStart(7)} ` : '';
    const size = options.has('s') ? `${String(blocks(item.node)).padStart(6)} ` : '';
    const text = options.has('l') || options.has('n') || options.has('g') || options.has('o') ? long(process, options, item) : item.name + suffix(options, item.node);
    process.print(`${inode}${size}${text}\n`);
  }
}

function suffix(options: Parsed, node: FsNode): string {
  if (options.has('p') && !options.has('F')) return node.kind === 'directory' ? '/' : '';
  if (!options.has('F')) return '';
  if (node.kind === 'file') return (node.mode & 0o111) === 0 ? '' : '*';
  return { directory: '/', link: '@', fifo: '|', device: '' }[node.kind];
}

function long(process: Process, options: Parsed, { node, name, path }: Item): string {
  const owner = options.has('n') ? String(node.uid) : process.machine.users().find(({ uid }) => uid === node.uid)?.name ?? String(node.uid);
  const group = options.has('n') ? String(node.gid) : process.machine.groups().find(({ gid }) => gid === node.gid)?.name ?? String(node.gid);
  const size = node.kind === 'device' ? `${String(node.major).padStart(4)}, ${String(node.minor).padStart(3)}`
    : sizeText(shownSize(process, node, path), options.has('h')).padStart(options.has('h') ? 7 : 9);
  const arrow = node.kind === 'link' ? ` -> ${targetOf(node)}` : '';
  return `${modeText(node)} ${String(linkCount(node)).padStart(4)} ${owner.padEnd(8)} ${group.padEnd(8)} ${size} ${dateText(node.modifiedAt, process.machine.clock.now())} ${name}${suffix(options, node)}${arrow}`;
}

/** Bytes that ls and stat show: directories of memory file systems have another size than those on disk; /proc has none. */
export function shownSize(process: Process, node: FsNode, path: string): number {
  if (node.kind !== 'directory') return realSize(node);
  const found = attempt(() => find(process, path));
  const type = found instanceof Errno ? 'ext4' : found.mount.type;
  if (type === 'proc' || type === 'sysfs') return 0;
  return type === 'tmpfs' ? 40 + 20 * node.entries.size : 4096;
}

export function sizeText(bytes: number, human: boolean): string {
  if (!human || bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1023.95 && unit < 5) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)}${'KMGTPE'[unit]}`;
}

function dateText(at: number, now: number): string {
  const date = new Date(at);
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  const recent = at <= now && now - at < halfYearMs;
  const two = (value: number): string => String(value).padStart(2, '0');
  return recent ? `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}` : `${day}  ${date.getUTCFullYear()}`;
}
