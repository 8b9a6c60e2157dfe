/** Makes the emulated machine of a container: file tree, mounts, environment and process 1. */
import type { Prng } from '../lib/prng.ts';
import { applets, busybox } from '../programs/applets/registry.ts';
import { encodeText } from '../programs/bytes.ts';
import { imageRoot, mountRuntimeFiles } from '../programs/files/image.ts';
import { dataOf, directory } from '../programs/files/nodes.ts';
import { FileTree, root as rootUser } from '../programs/files/tree.ts';
import { knownPrograms } from '../programs/known/registry.ts';
import { Machine } from '../programs/machine.ts';
import { SinkFile, SourceFile, type OpenFile } from '../programs/open-file.ts';
import type { ExitStatus } from '../programs/exit.ts';
import type { PidNamespace } from '../programs/pid-namespace.ts';
import type { Process, Program, Spawn } from '../programs/process.ts';
import type { Scheduler } from '../programs/scheduler.ts';
import { signalNumber } from '../programs/signals.ts';
import type { Run } from '../programs/wait.ts';
import { capabilityMask } from './capabilities.ts';
import type { ContainerState } from './container.ts';
import type { ImageRule } from './images.ts';
import { hostsText, resolvText } from './sandbox-files.ts';
import { Terminal } from './terminal.ts';
import type { Volumes } from './volumes.ts';

const executableNames: ReadonlySet<string> = new Set([...applets.keys(), 'busybox']);
const noNames: ReadonlySet<string> = new Set();
const executables: ReadonlyMap<string, Program> = new Map<string, Program>([['busybox', busybox], ...Object.entries(knownPrograms)]);
const terminationMessageBytesMax = 4096;

export interface MachineParts {
  readonly scheduler: Scheduler;
  readonly prng: Prng;
  readonly volumes: Volumes;
}

/** The machine without any process, in a pid namespace of its own or in one that is there. */
export function makeMachine(
  container: ContainerState, rule: ImageRule, parts: MachineParts, pids: PidNamespace | undefined, onExit: (status: ExitStatus) => void,
): Machine {
  const { config, sandbox } = container;
  const now = (): number => parts.scheduler.clock.now();
  const tree = new FileTree(imageRoot({ ...rule, applets: rule.contents === 'bare' ? noNames : executableNames }, now()), now, config.readOnlyRootFilesystem === true);
  const { hostname } = sandbox.config;
  const machine = new Machine({
    scheduler: parts.scheduler, prng: parts.prng.stream(container.id), hostname, tree, network: sandbox.network, executables, applets,
    rights: {
      capabilities: capabilityMask(config.capabilities?.add ?? [], config.capabilities?.drop ?? []), noNewPrivileges: config.noNewPrivileges === true,
    },
    memoryLimitBytes: container.memoryLimitBytes, pids, onExit,
  });
  mountRuntimeFiles(machine, tree, {
    hostname, hosts: hostsText(sandbox), resolvConf: resolvText(sandbox), terminationMessagePath: config.terminationMessagePath,
  });
  for (const { path, readOnly, volumeId, subPath } of config.mounts.toSorted((a, b) => a.path.length - b.path.length)) {
    const volume = subPath === undefined || subPath === '' ? parts.volumes.root(volumeId) : parts.volumes.subPath(volumeId, subPath);
    tree.mount(path, { root: volume, readOnly: readOnly || parts.volumes.isProjected(volumeId), type: parts.volumes.type(volumeId) });
  }
  // Once more, should a volume cover its place.
  tree.mount(config.terminationMessagePath, tree.mounts.get(config.terminationMessagePath)!);
  makeWorkingDirectory(tree, config.workingDir || rule.workingDir || '/');
  return machine;
}

/** runc makes the working directory when the image has none. */
function makeWorkingDirectory(tree: FileTree, path: string): void {
  if (path === '/') return;
  const { node, parent, name } = tree.makeParents(path);
  if (!node) parent.entries.set(name, directory(0o755, tree.now()));
}

/** Environment, directory, user and streams of a process in a container. */
export function spawnOptions(container: ContainerState, rule: ImageRule, args: readonly string[], files: readonly OpenFile[]): Spawn {
  const env = new Map<string, string>([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]);
  for (const [name, value] of rule.env ?? []) env.set(name, encodeText(value));
  env.set('HOSTNAME', container.sandbox.config.hostname);
  if (container.config.tty) env.set('TERM', 'xterm');
  for (const [name, value] of container.config.env) env.set(name, encodeText(value));
  const { uid, gid, supplementalGroups } = container.user;
  const home = container.machine!.users().find((user) => user.uid === uid)?.home ?? '/';
  if (!env.has('HOME')) env.set('HOME', home);
  return {
    args: args.map(encodeText), env, cwd: container.config.workingDir || rule.workingDir || '/', umask: 0o022,
    credentials: { uid, gid, groups: supplementalGroups }, files,
  };
}

/** Streams of process 1: both outputs go to the log, through its terminal if it has one; nobody writes to its input but those who attach. */
export function logStreams(container: ContainerState, now: () => number): OpenFile[] {
  const { log, config } = container;
  const tty = config.tty ? container.machine!.openTty() : undefined;
  const stdin = new SourceFile(tty);
  if (!config.stdin) stdin.end();
  if (tty) {
    const terminal = new Terminal(tty, stdin, (data) => log.write('stdout', data, now()));
    container.terminal = terminal;
    const out = new SinkFile('', tty, (data) => terminal.print(data));
    return [stdin, out, out];
  }
  return [stdin, new SinkFile('pipe:[1]', undefined, (data) => log.write('stdout', data, now())), new SinkFile('pipe:[2]', undefined, (data) => log.write('stderr', data, now()))];
}

/** The main process of a container whose program is constant, for those who look into it: it hands signals on. */
export function* standIn(process: Process, container: ContainerState): Run<number> {
  const plan = container.plan;
  if (plan && plan.kind !== 'machine') for (const signal of plan.program.traps.keys()) process.handled.add(signal);
  for (;;) {
    yield { queues: [] };
    for (let signal = process.pending.shift(); signal !== undefined; signal = process.pending.shift()) container.signal(signal);
  }
}

/** What the program left in its termination message file: its end, as the kubelet reads it (golden/pods/021-termination-message-path-long). */
export function terminationMessage(container: ContainerState): string | undefined {
  if (!container.machine) return undefined;
  const { node } = container.machine.tree.find(container.config.terminationMessagePath, '/', rootUser);
  const text = node?.kind === 'file' ? dataOf(node) : '';
  return text === '' ? undefined : Buffer.from(text.slice(-terminationMessageBytesMax), 'latin1').toString('utf8');
}

export function stopSignal(container: ContainerState, wanted: string | undefined): number {
  return signalNumber(wanted ?? container.image.stopSignal ?? 'SIGTERM') ?? 15;
}
