/** File trees of images: a small busybox root, and what the runtime adds to every container. */
import type { Machine } from '../machine.ts';
import { device, directory, file, link, type DirectoryNode, type FsNode } from './nodes.ts';
import { procDirectory } from './proc.ts';
import { SharedNames } from './shared-names.ts';
import type { FileTree } from './tree.ts';
import { parseUsers } from './users.ts';

export interface ImageFiles {
  /** Names in /bin, all the same executable. */
  readonly applets: ReadonlySet<string>;
  /** More files: path → contents. A path that ends with `/` is a directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** Executables: path → the program's name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Symbolic links: path → target. */
  readonly links?: Readonly<Record<string, string>>;
}

const passwd = 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/var/www:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n';
const group = 'root:x:0:\nwww:x:33:\nnobody:x:65534:\n';
/** The users of every image. */
export const imageUsers = parseUsers(passwd);

const executableHeader = '\x7fELF\x02\x01\x01';

/** The root directory of an image. Made anew for each container: it is small, and contents are shared strings. */
export function imageRoot(image: ImageFiles, now: number): DirectoryNode {
  const names = ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'tmp', 'var'];
  const root = directory(0o755, now, new Map(names.map((name) => [name, directory(0o755, now)])));
  const folder = (name: string): DirectoryNode => root.entries.get(name) as DirectoryNode;
  folder('tmp').mode = 0o1777;
  folder('sys').mode = 0o555;
  folder('var').entries.set('www', directory(0o755, now));
  const busybox = file(executableHeader, 0o755, now);
  busybox.executable = 'busybox';
  for (const name of names) folder(name).merges = true;
  // Every container's own layer has something in the root.
  root.merged = true;
  folder('bin').entries = new SharedNames(image.applets, busybox);
  folder('etc').entries.set('passwd', file(passwd, 0o644, now));
  folder('etc').entries.set('group', file(group, 0o644, now));
  for (const [path, text] of Object.entries(image.files ?? {})) place(root, path, path.endsWith('/') ? directory(0o755, now) : file(text, 0o644, now));
  for (const [path, target] of Object.entries(image.links ?? {})) place(root, path, link(target, now));
  for (const [path, name] of Object.entries(image.programs ?? {})) {
    const program = file(executableHeader, 0o755, now);
    program.executable = name;
    place(root, path, program);
  }
  return root;
}

/** Puts a node at a path, making the directories above it. */
export function place(root: DirectoryNode, path: string, node: FsNode): void {
  const names = path.split('/').filter((name) => name !== '');
  let at = root;
  for (const name of names.slice(0, -1)) {
    let next = at.entries.get(name);
    if (next?.kind !== 'directory') at.entries.set(name, next = directory(0o755, node.modifiedAt));
    at = next as DirectoryNode;
  }
  at.entries.set(names.at(-1)!, node);
}

export interface RuntimeFiles {
  readonly hostname: string;
  readonly terminationMessagePath: string;
  /** Texts of /etc/hosts and /etc/resolv.conf. */
  readonly hosts: string;
  readonly resolvConf: string;
}

/** Mounts what a container runtime adds: /proc, /dev, /sys and the files in /etc. */
export function mountRuntimeFiles(machine: Machine, tree: FileTree, files: RuntimeFiles): void {
  const now = tree.now();
  const mount = (path: string, root: FsNode, type: string, readOnly = false): void => tree.mount(path, { root, readOnly, type });
  mount('/proc', procDirectory(machine), 'proc');
  mount('/dev', devices(now), 'tmpfs');
  mount('/dev/pts', directory(0o755, now), 'devpts');
  mount('/dev/mqueue', directory(0o1777, now), 'mqueue');
  mount('/sys', directory(0o555, now), 'sysfs', true);
  mount('/etc/hosts', file(files.hosts, 0o644, now), 'ext4');
  mount(files.terminationMessagePath, file('', 0o666, now), 'ext4');
  mount('/etc/hostname', file(`${files.hostname}\n`, 0o644, now), 'ext4');
  mount('/etc/resolv.conf', file(files.resolvConf, 0o644, now), 'ext4');
  mount('/dev/shm', directory(0o1777, now), 'tmpfs');
}

function devices(now: number): DirectoryNode {
  return directory(0o755, now, new Map<string, FsNode>([
    ['fd', link('/proc/self/fd', now)],
    ['full', device('full', 1, 7, now)],
    ['mqueue', directory(0o1777, now)],
    ['null', device('null', 1, 3, now)],
    ['ptmx', link('pts/ptmx', now)],
    ['pts', directory(0o755, now)],
    ['random', device('random', 1, 8, now)],
    ['shm', directory(0o1777, now)],
    ['stderr', link('/proc/self/fd/2', now)],
    ['stdin', link('/proc/self/fd/0', now)],
    ['stdout', link('/proc/self/fd/1', now)],
    ['tty', device('tty', 5, 0, now)],
    ['urandom', device('random', 1, 9, now)],
    ['zero', device('zero', 1, 5, now)],
  ]));
}
