/** A node with a runtime on a manual clock, for tests. */
import { ManualClock } from '../../src/clock/manual-clock.ts';
import { Prng } from '../../src/lib/prng.ts';
import { ContainerRuntime, type ContainerRuntimeOptions } from '../../src/runtime/container-runtime.ts';
import { fastLatencies } from '../../src/runtime/profiles.ts';
import type { Container, ContainerConfig, ExecResult, RuntimeEvent, SandboxConfig } from '../../src/runtime/runtime.ts';

export const startMs = Date.UTC(2026, 0, 1);

export function makeNode(options: Partial<ContainerRuntimeOptions> = {}) {
  const clock = new ManualClock({ startMs, timersPerMoveMax: 100_000 });
  const runtime = new ContainerRuntime({
    clock, prng: new Prng(1), nodeIp: '192.168.0.2', podCidr: () => '10.244.1.0/24', latencies: fastLatencies,
    images: [{ name: 'busybox:1.36', onNode: true, contents: 'busybox' }], ...options,
  });
  const events: (RuntimeEvent & { at: number })[] = [];
  runtime.onEvent((event) => events.push({ ...event, at: clock.now() - startMs }));
  return { clock, runtime, events };
}

export type Node = ReturnType<typeof makeNode>;

export function makeSandbox(node: Node, podUid = 'pod-1', more: Partial<SandboxConfig> = {}): string {
  let id = '';
  node.runtime.runSandbox({ podUid, namespace: 'default', name: podUid, attempt: 0, hostNetwork: false, hostname: podUid, annotations: {}, labels: {}, ...more },
    (result) => { if (result.ok) id = result.sandbox.id; });
  node.clock.runDue();
  return id;
}

export function config(command: readonly string[], more: Partial<ContainerConfig> = {}): ContainerConfig {
  return {
    podUid: 'pod-1', name: 'a', kind: 'main', attempt: 0, image: 'busybox:1.36', command, args: [], workingDir: '', env: [], mounts: [],
    terminationMessagePath: '/dev/termination-log', ports: [], tty: false, stdin: false, ...more,
  };
}

/** Creates and starts a container; a start error is thrown. */
export function run(node: Node, sandboxId: string, command: readonly string[], more: Partial<ContainerConfig> = {}): Container {
  const created = node.runtime.createContainer(sandboxId, config(command, more));
  if (!created.ok) throw new Error(created.message);
  let problem: string | undefined;
  node.runtime.startContainer(created.containerId, (result) => { if (!result.ok) problem = result.message; });
  node.clock.runDue();
  if (problem !== undefined) throw new Error(problem);
  return node.runtime.containers(more.podUid ?? 'pod-1').find(({ id }) => id === created.containerId)!;
}

export function exec(node: Node, container: Container, command: readonly string[], timeoutMs = 1000): ExecResult | undefined {
  let result: ExecResult | undefined;
  node.runtime.execSync(container.id, command, timeoutMs, (answer) => { result = answer; });
  node.clock.runDue();
  return result;
}
