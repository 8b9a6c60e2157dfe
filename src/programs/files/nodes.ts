/** What a file tree is made of. Contents are immutable strings, so images and copies share them until written. */
import type { Pipe } from '../pipe.ts';
import type { WaitQueue } from '../wait.ts';

interface NodeBase {
  mode: number;
  uid: number;
  gid: number;
  modifiedAt: number;
  links: number;
}

export interface FileNode extends NodeBase {
  readonly kind: 'file';
  /** Bytes, or a function for the files of /proc that are made when they are read. */
  data: string | (() => string);
  /** The emulated program that it holds, when it is an executable. */
  executable?: string;
  /** Told at every change; `tail -f` waits here. */
  changed?: WaitQueue;
}

export interface DirectoryNode extends NodeBase {
  readonly kind: 'directory';
  entries: Entries;
  /** Comes from an image: once something is added to it, overlayfs shows one link. */
  merges?: boolean;
  merged?: boolean;
}

/** Entries of a directory: a Map, or something that makes them up (/proc). */
export interface Entries {
  readonly size: number;
  get(name: string): FsNode | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  set(name: string, node: FsNode): unknown;
  delete(name: string): boolean;
}

export interface LinkNode extends NodeBase {
  readonly kind: 'link';
  target: string | (() => string);
}

export type DeviceName = 'null' | 'zero' | 'full' | 'random' | 'tty';

export interface DeviceNode extends NodeBase {
  readonly kind: 'device';
  readonly device: DeviceName;
  readonly major: number;
  readonly minor: number;
}

export interface FifoNode extends NodeBase {
  readonly kind: 'fifo';
  /** The pipe behind it while somebody has it open. */
  pipe?: Pipe;
}

export type FsNode = FileNode | DirectoryNode | LinkNode | DeviceNode | FifoNode;

const base = (mode: number, modifiedAt: number): NodeBase => ({ mode, uid: 0, gid: 0, modifiedAt, links: 1 });

export function file(data: string | (() => string), mode: number, modifiedAt: number): FileNode {
  return { kind: 'file', ...base(mode, modifiedAt), data };
}

export function directory(mode: number, modifiedAt: number, entries: Entries = new Map<string, FsNode>()): DirectoryNode {
  return { kind: 'directory', ...base(mode, modifiedAt), entries };
}

export function link(target: string | (() => string), modifiedAt: number): LinkNode {
  return { kind: 'link', ...base(0o777, modifiedAt), target };
}

export function device(name: DeviceName, major: number, minor: number, modifiedAt: number): DeviceNode {
  return { kind: 'device', ...base(0o666, modifiedAt), device: name, major, minor };
}

export function fifo(mode: number, modifiedAt: number): FifoNode {
  return { kind: 'fifo', ...base(mode, modifiedAt) };
}

export function dataOf(node: FileNode): string {
  return typeof node.data === 'string' ? node.data : node.data();
}

export function targetOf(node: LinkNode): string {
  return typeof node.target === 'string' ? node.target : node.target();
}

/** Subdirectories count as links of a directory, as `ls -l` shows, unless the directory has a count of its own. */
export function linkCount(node: FsNode): number {
  if (node.kind !== 'directory') return node.links;
  if (node.merged) return 1;
  if (node.links > 1) return node.links;
  let count = 2;
  for (const name of node.entries.keys()) if (node.entries.get(name)?.kind === 'directory') count++;
  return count;
}

export function sizeOf(node: FsNode): number {
  switch (node.kind) {
    case 'file': return typeof node.data === 'string' ? node.data.length : 0;
    case 'directory': return 4096;
    case 'link': return typeof node.target === 'string' ? node.target.length : 0;
    default: return 0;
  }
}
