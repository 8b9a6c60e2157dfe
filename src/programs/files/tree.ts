/**
 * The file tree that the processes of one container see: an image's files, what the runtime adds (/etc/hosts, /proc,
 * /dev) and volumes mounted into it. Volumes are shared nodes; all else belongs to the container alone. Nothing here
 * reaches the host's files.
 */
import { Errno } from '../errno.ts';
import { programLimits } from '../limits.ts';
import { directory, targetOf, type DirectoryNode, type FsNode } from './nodes.ts';

export interface Mount {
  readonly root: FsNode;
  readonly readOnly: boolean;
  readonly type: string;
}

/** Who asks: file permissions depend on it. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface Found {
  /** Undefined when only the parent exists. */
  readonly node: FsNode | undefined;
  readonly parent: DirectoryNode;
  readonly name: string;
  /** Absolute, without symbolic links, `.` and `..`. */
  readonly path: string;
  readonly mount: Mount;
}

export const root: Credentials = { uid: 0, gid: 0, groups: [0] };

const READ = 4;
const WRITE = 2;
const EXECUTE = 1;
export const access = { read: READ, write: WRITE, execute: EXECUTE } as const;

/** Whether `who` may do `wanted` (bits of `access`) with a node; root may all but execute a plain file without x. */
export function allowed(node: FsNode, who: Credentials, wanted: number): boolean {
  if (who.uid === 0) return (wanted & EXECUTE) === 0 || node.kind === 'directory' || (node.mode & 0o111) !== 0;
  const shift = node.uid === who.uid ? 6 : node.gid === who.gid || who.groups.includes(node.gid) ? 3 : 0;
  return (((node.mode >> shift) & wanted) === wanted);
}

export class FileTree {
  readonly mounts = new Map<string, Mount>();
  readonly #now: () => number;

  constructor(rootNode: DirectoryNode, now: () => number, readOnly = false) {
    this.mounts.set('/', { root: rootNode, readOnly, type: 'overlay' });
    this.#now = now;
  }

  /** The image's files, without mounts. */
  get root(): FsNode {
    return this.mounts.get('/')!.root;
  }

  now(): number {
    return this.#now();
  }

  /** Shows `root` at `path`; missing directories on the way are made. */
  mount(path: string, mount: Mount): void {
    const found = this.makeParents(path);
    if (!found.parent.entries.has(found.name) && found.path !== '/') {
      found.parent.entries.set(found.name, mount.root.kind === 'directory' ? directory(0o755, this.now()) : mount.root);
      markChanged(found.parent);
    }
    this.mounts.set(found.path, mount);
  }

  /** Finds the place of `path` and makes the directories above it. */
  makeParents(path: string): Found {
    const names = path.split('/').filter((name) => name !== '');
    let at = '/';
    for (const name of names.slice(0, -1)) {
      const found = this.find(`${at}/${name}`, '/', root);
      if (!found.node) {
        found.parent.entries.set(found.name, directory(0o755, this.now()));
        markChanged(found.parent);
      }
      at = `${at}/${name}`;
    }
    return this.find(path, '/', root);
  }

  /**
   * Walks to `path`. The last name may be missing; then `node` is undefined. Throws Errno when a directory on the way is
   * missing, is no directory or may not be searched.
   */
  find(path: string, cwd: string, who: Credentials, followLast = true): Found {
    if (path === '') throw new Errno('ENOENT');
    const walk = new Walk(this, who);
    return walk.run(path.startsWith('/') ? path : `${cwd}/${path}`, followLast);
  }

  /** The node at `path`, or Errno ENOENT. */
  get(path: string, cwd: string, who: Credentials, followLast = true): FsNode {
    const { node } = this.find(path, cwd, who, followLast);
    if (!node) throw new Errno('ENOENT');
    return node;
  }

  rootMount(): Mount {
    return this.mounts.get('/')!;
  }
}

/** Notes that a container's own layer now covers a directory of the image. */
export function markChanged(node: DirectoryNode): void {
  if (node.merges) node.merged = true;
}

interface Place {
  readonly node: FsNode;
  readonly path: string;
  readonly mount: Mount;
}

class Walk {
  readonly #tree: FileTree;
  readonly #who: Credentials;
  #linksLeft: number = programLimits.symbolicLinksMax;
  #stack: Place[];

  constructor(tree: FileTree, who: Credentials) {
    this.#tree = tree;
    this.#who = who;
    this.#stack = [this.#rootPlace()];
  }

  run(path: string, followLast: boolean): Found {
    const todo = path.split('/').filter((name) => name !== '' && name !== '.').toReversed();
    const mustBeDirectory = /\/\.?$/.test(path);
    let last: Found | undefined;
    while (todo.length > 0) {
      last = undefined;
      const name = todo.pop()!;
      if (name === '..') {
        if (this.#stack.length > 1) this.#stack.pop();
        continue;
      }
      const found = this.#child(name);
      if (found.node?.kind === 'link' && (todo.length > 0 || followLast || mustBeDirectory)) {
        this.#follow(targetOf(found.node), todo);
        continue;
      }
      if (!found.node && todo.length > 0) throw new Errno('ENOENT');
      if (!found.node) return found;
      this.#stack.push({ node: found.node, path: found.path, mount: found.mount });
      last = found;
    }
    const top = this.#stack.at(-1)!;
    if (mustBeDirectory && top.node.kind !== 'directory') throw new Errno('ENOTDIR');
    return last ?? this.#asFound(top);
  }

  #rootPlace(): Place {
    const mount = this.#tree.rootMount();
    return { node: mount.root, path: '/', mount };
  }

  #child(name: string): Found {
    const top = this.#stack.at(-1)!;
    const parent = top.node;
    if (parent.kind !== 'directory') throw new Errno('ENOTDIR');
    if (!allowed(parent, this.#who, EXECUTE)) throw new Errno('EACCES');
    if (name.length > 255) throw new Errno('ENAMETOOLONG');
    const path = top.path === '/' ? `/${name}` : `${top.path}/${name}`;
    const mounted = this.#tree.mounts.get(path);
    return { node: mounted ? mounted.root : parent.entries.get(name), parent, name, path, mount: mounted ?? top.mount };
  }

  #follow(target: string, todo: string[]): void {
    if (this.#linksLeft-- === 0) throw new Errno('ELOOP');
    if (target.startsWith('/')) this.#stack = [this.#rootPlace()];
    todo.push(...target.split('/').filter((name) => name !== '' && name !== '.').toReversed());
  }

  #asFound(place: Place): Found {
    const above = this.#stack.at(-2) ?? this.#stack[0]!;
    return {
      node: place.node, parent: above.node as DirectoryNode, name: place.path.slice(place.path.lastIndexOf('/') + 1),
      path: place.path, mount: place.mount,
    };
  }
}
