/** File system calls as a process makes them: its directory, umask and permissions count. All throw Errno. */
import { Errno } from './errno.ts';
import { dataOf, directory, file, link, targetOf, type FileNode, type FsNode } from './files/nodes.ts';
import { access, allowed, markChanged, type Found } from './files/tree.ts';
import { DeviceFile, RegularFile, touched, type OpenFile } from './open-file.ts';
import { Pipe } from './pipe.ts';
import type { Process } from './process.ts';
import { WaitQueue } from './wait.ts';

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly append?: boolean;
  readonly exclusive?: boolean;
}

export const forReading: OpenFlags = { read: true };
export const forWriting: OpenFlags = { write: true, create: true, truncate: true };
export const forAppending: OpenFlags = { write: true, create: true, append: true };

export function find(process: Process, path: string, followLast = true): Found {
  return process.machine.tree.find(path, process.cwd, process.credentials, followLast);
}

export function stat(process: Process, path: string, followLast = true): FsNode {
  return process.machine.tree.get(path, process.cwd, process.credentials, followLast);
}

/** open(2). `/dev/stdout`, `/dev/fd/N` and `/proc/PID/fd/N` give the open file itself, as far as anybody can tell. */
export function open(process: Process, path: string, flags: OpenFlags): OpenFile {
  const named = descriptorAt(process, path);
  if (named) return named;
  const found = find(process, path);
  const linked = found.path.startsWith('/proc/') ? descriptorBehind(process, path) : undefined;
  if (linked) return linked;
  const node = found.node ?? createFile(process, found, flags);
  if (found.node && flags.exclusive) throw new Errno('EEXIST');
  const writes = flags.write === true;
  if (found.node) checkAccess(process, found, (flags.read ? access.read : 0) | (writes ? access.write : 0));
  switch (node.kind) {
    case 'directory': {
      if (writes) throw new Errno('EISDIR');
      return new DirectoryFile(node, found.path);
    }
    case 'device': return new DeviceFile(node, found.path, () => process.machine.prng.uint32());
    case 'fifo': {
      const pipe = node.pipe ??= new Pipe(true);
      if (!writes) return pipe.reader(node, found.path);
      return flags.read ? pipe.both(node, found.path) : pipe.writer(node, found.path);
    }
    case 'link': throw new Errno('ELOOP');
    default: {
      if (flags.truncate && dataOf(node) !== '') setData(process, node, '');
      return new RegularFile(node, found.path, { append: flags.append === true, writable: writes }, () => process.machine.tree.now());
    }
  }
}

function createFile(process: Process, found: Found, flags: OpenFlags): FileNode {
  if (!flags.create) throw new Errno('ENOENT');
  const node = file('', 0o666 & ~process.umask, process.machine.tree.now());
  addEntry(process, found, node);
  return node;
}

/** A directory that is open: reading it fails as read(2) does. */
class DirectoryFile implements OpenFile {
  readonly node: FsNode;
  readonly path: string;
  readonly isTerminal = false;
  readonly ready = new WaitQueue();

  constructor(node: FsNode, path: string) {
    this.node = node;
    this.path = path;
  }

  read(): string {
    throw new Errno('EISDIR');
  }

  write(): number {
    throw new Errno('EBADF');
  }

  retain(): void {}

  release(): void {}
}

const descriptorPath = /^\/(?:dev\/fd|proc\/(self|\d+)\/fd)\/(\d+)$/;
const standard: Readonly<Record<string, string>> = { '/dev/stdin': '/dev/fd/0', '/dev/stdout': '/dev/fd/1', '/dev/stderr': '/dev/fd/2' };

function descriptorAt(process: Process, path: string): OpenFile | undefined {
  if (!path.startsWith('/dev/') && !path.startsWith('/proc/')) return undefined;
  const match = descriptorPath.exec(standard[path] ?? path);
  if (!match) return undefined;
  const owner = match[1] === undefined || match[1] === 'self' ? process : process.machine.processes.get(Number(match[1]));
  const open = owner?.files[Number(match[2])];
  if (!open) throw new Errno('ENOENT');
  return open;
}

/** The open file that a symbolic link means, such as a log that is a link to /dev/stdout. */
function descriptorBehind(process: Process, path: string): OpenFile | undefined {
  const { node } = find(process, path, false);
  return node?.kind === 'link' ? descriptorAt(process, targetOf(node)) : undefined;
}

export function checkAccess(process: Process, found: Found, wanted: number): void {
  if ((wanted & access.write) !== 0 && found.mount.readOnly && found.node?.kind !== 'device') throw new Errno('EROFS');
  if (found.node && !allowed(found.node, process.credentials, wanted)) throw new Errno('EACCES');
}

/** Puts a new node into its directory. */
export function addEntry(process: Process, found: Found, node: FsNode): void {
  checkParent(process, found);
  node.uid = process.credentials.uid;
  node.gid = (found.parent.mode & 0o2000) !== 0 ? found.parent.gid : process.credentials.gid;
  found.parent.entries.set(found.name, node);
  found.parent.modifiedAt = process.machine.tree.now();
  markChanged(found.parent);
}

function checkParent(process: Process, found: Found): void {
  if (found.mount.readOnly) throw new Errno('EROFS');
  if (!allowed(found.parent, process.credentials, access.write | access.execute)) throw new Errno('EACCES');
}

export function makeDirectory(process: Process, path: string, mode = 0o777): void {
  const found = find(process, path.replace(/(.)\/+$/, '$1'));
  if (found.node) throw new Errno('EEXIST');
  addEntry(process, found, directory(mode & ~process.umask, process.machine.tree.now()));
}

export function makeLink(process: Process, target: string, path: string): void {
  const found = find(process, path, false);
  if (found.node) throw new Errno('EEXIST');
  addEntry(process, found, link(target, process.machine.tree.now()));
}

export function makeNode(process: Process, path: string, node: FsNode): void {
  const found = find(process, path, false);
  if (found.node) throw new Errno('EEXIST');
  addEntry(process, found, node);
}

/** link(2). */
export function hardLink(process: Process, target: string, path: string): void {
  const node = stat(process, target, false);
  if (node.kind === 'directory') throw new Errno('EPERM');
  const found = find(process, path, false);
  if (found.node) throw new Errno('EEXIST');
  checkParent(process, found);
  found.parent.entries.set(found.name, node);
  node.links++;
}

export function unlink(process: Process, path: string): void {
  const found = find(process, path, false);
  if (!found.node) throw new Errno('ENOENT');
  if (found.node.kind === 'directory') throw new Errno('EISDIR');
  removeEntry(process, found);
  found.node.links--;
}

export function removeDirectory(process: Process, path: string): void {
  const found = find(process, path.replace(/(.)\/+$/, '$1'), false);
  if (!found.node) throw new Errno('ENOENT');
  if (found.node.kind !== 'directory') throw new Errno('ENOTDIR');
  if (found.node.entries.size > 0) throw new Errno('ENOTEMPTY');
  removeEntry(process, found);
}

function removeEntry(process: Process, found: Found): void {
  if (process.machine.tree.mounts.has(found.path)) throw new Errno('EBUSY');
  checkParent(process, found);
  const sticky = (found.parent.mode & 0o1000) !== 0;
  const { uid } = process.credentials;
  if (sticky && uid !== 0 && uid !== found.node!.uid && uid !== found.parent.uid) throw new Errno('EPERM');
  found.parent.entries.delete(found.name);
  found.parent.modifiedAt = process.machine.tree.now();
}

/** rename(2). */
export function rename(process: Process, from: string, to: string): void {
  const source = find(process, from, false);
  const target = find(process, to, false);
  if (!source.node) throw new Errno('ENOENT');
  if (source.mount !== target.mount) throw new Errno('EXDEV');
  if (`${target.path}/`.startsWith(`${source.path}/`) && source.path !== target.path) throw new Errno('EINVAL');
  if (target.node?.kind === 'directory') {
    if (source.node.kind !== 'directory') throw new Errno('EISDIR');
    if (target.node.entries.size > 0) throw new Errno('ENOTEMPTY');
  }
  checkParent(process, target);
  removeEntry(process, source);
  target.parent.entries.set(target.name, source.node);
  target.parent.modifiedAt = process.machine.tree.now();
}

/** Changes what belongs to the owner of a file: mode, owner, times. */
export function changeOwned(process: Process, path: string, change: (node: FsNode) => void, followLast = true): void {
  const found = find(process, path, followLast);
  if (!found.node) throw new Errno('ENOENT');
  if (found.mount.readOnly) throw new Errno('EROFS');
  const { uid } = process.credentials;
  if (uid !== 0 && uid !== found.node.uid) throw new Errno('EPERM');
  change(found.node);
}

export function setData(process: Process, node: FileNode, data: string): void {
  node.data = data;
  touched(node, process.machine.tree.now());
}

/** The whole of a file. */
export function readFile(process: Process, path: string): string {
  const found = find(process, path);
  if (!found.node) throw new Errno('ENOENT');
  checkAccess(process, found, access.read);
  if (found.node.kind === 'directory') throw new Errno('EISDIR');
  return found.node.kind === 'file' ? dataOf(found.node) : '';
}

/** Names in a directory, sorted, without `.` and `..`. */
export function names(process: Process, path: string): string[] {
  const found = find(process, path);
  if (!found.node) throw new Errno('ENOENT');
  if (found.node.kind !== 'directory') throw new Errno('ENOTDIR');
  checkAccess(process, found, access.read);
  return [...found.node.entries.keys()].toSorted();
}
