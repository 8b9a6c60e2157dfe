/** Volumes as shared file trees. Files that the kubelet writes are laid out as its AtomicWriter does. */
import { fromBuffer } from '../programs/bytes.ts';
import { LateEntries } from '../programs/files/late-entries.ts';
import { directory, file, link, type DirectoryNode, type Entries, type FsNode } from '../programs/files/nodes.ts';
import { place } from '../programs/files/image.ts';
import type { VolumeFile, VolumeOptions } from './runtime.ts';

export type VolumeFiles = ReadonlyMap<string, VolumeFile>;

export class Volumes {
  readonly #roots = new Map<string, FsNode>();
  readonly #inMemory = new Set<string>();
  readonly #readOnly = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The root of a volume; an empty directory that everybody may write to when nobody has made it yet. */
  root(id: string): FsNode {
    let root = this.#roots.get(id);
    if (!root) this.#roots.set(id, root = directory(0o777, this.#now()));
    return root;
  }

  /** The file system that a volume lies on. */
  type(id: string): string {
    return this.#inMemory.has(id) ? 'tmpfs' : 'ext4';
  }

  /** Makes a volume that keeps its own data, once. */
  prepare(id: string, { medium, groupId, mode, kind }: VolumeOptions): void {
    if (medium === 'memory') this.#inMemory.add(id);
    if (this.#roots.has(id)) return;
    const now = this.#now();
    const root = kind === 'file' ? file('', mode ?? 0o644, now) : directory(mode ?? (medium === 'memory' ? 0o1777 : 0o777), now);
    if (groupId !== undefined) giveToGroup(root, groupId);
    this.#roots.set(id, root);
  }

  /** Whether the kubelet owns the contents. */
  isProjected(id: string): boolean {
    return this.#readOnly.has(id);
  }

  /** The node that a subPath shows; a missing one becomes a directory. */
  subPath(id: string, path: string): FsNode {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    let at: FsNode = this.root(id);
    for (const name of names) {
      if (at.kind !== 'directory') break;
      const next = this.#resolve(id, at, name);
      if (next) at = next;
      else {
        const made = directory(0o777, this.#now());
        at.entries.set(name, made);
        at = made;
      }
    }
    return at;
  }

  /** Puts new contents in place of the old ones at once. The files are made when somebody looks into the volume. */
  write(id: string, files: VolumeFiles, options: VolumeOptions = { medium: 'memory' }): void {
    this.prepare(id, options);
    const root = this.root(id);
    if (root.kind !== 'directory') return;
    const now = this.#now();
    this.#readOnly.add(id);
    const before = root.entries;
    const { groupId } = options;
    root.entries = new LateEntries(() => {
      const entries = projected(before, files, now);
      if (groupId !== undefined) for (const name of entries.keys()) giveToGroup(entries.get(name)!, groupId);
      return entries;
    });
    root.modifiedAt = now;
  }

  remove(id: string): void {
    this.#roots.delete(id);
    this.#inMemory.delete(id);
    this.#readOnly.delete(id);
  }

  /** Follows the links that `write` makes. */
  #resolve(id: string, folder: DirectoryNode, name: string): FsNode | undefined {
    const node = folder.entries.get(name);
    if (node?.kind !== 'link' || typeof node.target !== 'string') return node;
    let at: FsNode | undefined = this.root(id);
    for (const part of node.target.split('/')) {
      if (at?.kind !== 'directory') return undefined;
      at = part === '..data' ? this.#resolve(id, at, part) : at.entries.get(part);
    }
    return at;
  }
}

/** A new folder, and `..data` that points to it: a program sees either all old files or all new ones. */
function projected(before: Entries, files: VolumeFiles, now: number): Entries {
  const stamp = new Date(now).toISOString().replace(/[-T:]/g, '_').slice(0, 19);
  const folderName = `..${stamp}.${String(now % 1_000_000_000).padStart(9, '0')}`;
  const folder = directory(0o755, now);
  for (const [path, { data, mode, uid = 0 }] of files) place(folder, path, Object.assign(file(fromBuffer(data), mode, now), { uid }));
  const top = new Set([...files.keys()].map((path) => path.split('/')[0]!));
  const entries = new Map([...before.keys()].filter((name) => name === '..data' || top.has(name)).map((name) => [name, before.get(name)!]));
  entries.set(folderName, folder);
  entries.set('..data', link(folderName, now));
  for (const name of top) if (!entries.has(name)) entries.set(name, link(`..data/${name}`, now));
  return entries;
}

/** fsGroup: the group owns what is in a volume and may read it; new files inherit it (volume_linux.go, changeFilePermission). */
function giveToGroup(node: FsNode, groupId: number): void {
  node.gid = groupId;
  node.mode |= node.kind === 'directory' ? 0o2550 : 0o440;
  if (node.kind === 'directory') for (const name of node.entries.keys()) giveToGroup(node.entries.get(name)!, groupId);
}
