/** /proc, made up when it is looked at. */
import { comm } from '../comm.ts';
import type { Machine } from '../machine.ts';
import type { Process } from '../process.ts';
import { directory, file, link, type DirectoryNode, type Entries, type FsNode } from './nodes.ts';

/** Entries that are computed. */
class Computed implements Entries {
  readonly #names: () => string[];
  readonly #make: (name: string) => FsNode | undefined;

  constructor(names: () => string[], make: (name: string) => FsNode | undefined) {
    this.#names = names;
    this.#make = make;
  }

  get size(): number {
    return this.#names().length;
  }

  get(name: string): FsNode | undefined {
    return this.#make(name);
  }

  has(name: string): boolean {
    return this.#make(name) !== undefined;
  }

  keys(): Iterable<string> {
    return this.#names();
  }

  set(): void {}

  delete(): boolean {
    return false;
  }
}

export function procDirectory(machine: Machine): DirectoryNode {
  const text = (data: string | (() => string)): FsNode => file(data, 0o444, 0);
  const fixed = new Map<string, FsNode>([
    ['self', link(() => String(machine.current?.pid ?? 1), 0)],
    ['cpuinfo', text('processor\t: 0\nmodel name\t: Emulated CPU\n\nprocessor\t: 1\nmodel name\t: Emulated CPU\n')],
    ['meminfo', text('MemTotal:       16384000 kB\nMemFree:        12288000 kB\nMemAvailable:   14336000 kB\n')],
    ['loadavg', text('0.00 0.00 0.00 1/1 1\n')],
    ['mounts', link('self/mounts', 0)],
    ['uptime', text(() => `${(machine.clock.now() / 1000 % 1e7).toFixed(2)} 0.00\n`)],
    ['version', text('Linux version 6.1.0 (fakelet) #1 SMP\n')],
    ['sys', directory(0o555, 0)],
  ]);
  const pids = (): string[] => [...machine.processes.keys()].map(String);
  const entries = new Computed(() => [...pids(), ...fixed.keys()], (name) => {
    const process = /^\d+$/.test(name) ? machine.processes.get(Number(name)) : undefined;
    return process ? processDirectory(machine, process) : fixed.get(name);
  });
  // Linux counts all processes of the host here.
  return Object.assign(directory(0o555, machine.clock.now(), entries), { links: 120 });
}

function processDirectory(machine: Machine, process: Process): DirectoryNode {
  const text = (data: () => string): FsNode => file(data, 0o444, 0);
  const descriptors = (): string[] => [...process.files.keys()].filter((fd) => process.files[fd]).map(String);
  return directory(0o555, 0, new Map<string, FsNode>([
    ['cgroup', text(() => '0::/\n')],
    ['cmdline', text(() => process.args.map((arg) => `${arg}\0`).join(''))],
    ['comm', text(() => `${comm(process)}\n`)],
    ['cwd', link(() => process.cwd, 0)],
    ['environ', text(() => [...process.env].map(([name, value]) => `${name}=${value}\0`).join(''))],
    ['exe', link('/bin/busybox', 0)],
    ['fd', directory(0o500, 0, new Computed(descriptors, (name) => descriptor(process, Number(name))))],
    ['mounts', text(() => [...machine.tree.mounts].map(([path, mount]) => `${mount.type} ${path} ${mount.type} ${mount.readOnly ? 'ro' : 'rw'} 0 0\n`).join(''))],
    // Of a process in another container, the image's files; what is mounted into it does not show.
    ['root', process.machine === machine ? link('/', 0) : process.machine.tree.root],
    ['stat', text(() => `${process.pid} (${comm(process)}) S ${process.parent?.pid ?? 0} 1 1 0 -1 0\n`)],
    ['status', text(() => statusText(process))],
  ]));
}

function descriptor(process: Process, fd: number): FsNode | undefined {
  const open = process.files[fd];
  return open && link(open.path ?? `pipe:[${1000 + fd}]`, 0);
}

function statusText(process: Process): string {
  const { uid, gid, groups } = process.credentials;
  const { capabilities, noNewPrivileges } = process.machine.rights;
  return `Name:\t${comm(process)}\nUmask:\t${process.umask.toString(8).padStart(4, '0')}\nState:\tS (sleeping)\nPid:\t${process.pid}\nPPid:\t${process.parent?.pid ?? 0}\n`
    + `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\nGroups:\t${groups.join(' ')} \nCapEff:\t${uid === 0 ? capabilities : '0'.repeat(16)}\nNoNewPrivs:\t${noNewPrivileges ? 1 : 0}\n`;
}
