/**
 * The sandbox's own container. It only matters to a Pod whose containers share its pid namespace: there `/pause` is
 * process 1, inherits orphans, and takes everything along when it ends.
 */
import { imageRoot } from '../programs/files/image.ts';
import { FileTree } from '../programs/files/tree.ts';
import { Machine } from '../programs/machine.ts';
import { SIGINT, SIGTERM } from '../programs/signals.ts';
import type { MachineParts } from './machine-factory.ts';
import type { SandboxConfig } from './runtime.ts';

/** The user of the image of `pause`. */
const pauseId = 65_535;

/** `onExit`: somebody in the Pod has sent it a signal. */
export function startPause(config: SandboxConfig, network: Machine['network'], parts: MachineParts, onExit: () => void): Machine {
  const { scheduler, prng } = parts;
  const now = (): number => scheduler.clock.now();
  const machine = new Machine({
    scheduler, prng, hostname: config.hostname, tree: new FileTree(imageRoot({ applets: new Set() }, now()), now), network,
    executables: new Map(), applets: new Map(), onExit,
  });
  const credentials = { uid: config.runAsUser ?? pauseId, gid: config.runAsGroup ?? pauseId, groups: [] };
  machine.spawn(undefined, { args: ['/pause'], env: new Map(), cwd: '/', umask: 0o022, credentials, files: [] }, function* (process) {
    for (const signal of [SIGINT, SIGTERM]) process.handled.add(signal);
    while (process.pending.length === 0) yield { queues: [] };
    return 0;
  });
  return machine;
}
