/** Volumes as shared file trees. Files that the kubelet writes are laid out as its AtomicWriter does. */
import { fromBuffer } from '../programs/bytes.ts';
import { directory, file, link, type DirectoryNode, type FsNode } from '../programs/files/nodes.ts';
import { place } from '../programs/files/image.ts';

export type VolumeFiles = ReadonlyMap<string, { readonly data: Uint8Array; readonly mode: number }>;

export class Volumes {
  readonly #roots = new Map<string, DirectoryNode>();
  readonly #readOnly = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The root of a volume; an empty directory that everybody may write to when nobody has made it yet. */
  root(id: string): DirectoryNode {
    let root = this.#roots.get(id);
    if (!root) this.#roots.set(id, root = directory(0o777, this.#now()));
    return root;
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

  /** Puts new contents in place of the old ones at once: a new folder, to which `..data` then points. */
  write(id: string, files: VolumeFiles): void {
    const root = this.root(id);
    const now = this.#now();
    this.#readOnly.add(id);
    root.mode = 0o1777;
    const stamp = new Date(now).toISOString().replace(/[-T:]/g, '_').slice(0, 19);
    const folderName = `..${stamp}.${String(now % 1_000_000_000).padStart(9, '0')}`;
    const folder = directory(0o755, now);
    for (const [path, { data, mode }] of files) place(folder, path, file(fromBuffer(data), mode, now));
    const top = new Set([...files.keys()].map((path) => path.split('/')[0]!));
    for (const name of [...root.entries.keys()]) if (name !== '..data' && !top.has(name)) root.entries.delete(name);
    root.entries.set(folderName, folder);
    root.entries.set('..data', link(folderName, now));
    for (const name of top) if (!root.entries.has(name)) root.entries.set(name, link(`..data/${name}`, now));
    root.modifiedAt = now;
  }

  remove(id: string): void {
    this.#roots.delete(id);
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
