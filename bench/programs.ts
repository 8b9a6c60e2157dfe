/** What programs in containers cost: the shell's loop and constant programs, without kubelets and API around them. */
import { ManualClock } from '../src/clock/manual-clock.ts';
import { Prng } from '../src/lib/prng.ts';
import { ContainerRuntime } from '../src/runtime/container-runtime.ts';
import { fastLatencies } from '../src/runtime/profiles.ts';
import type { Figure } from './figure.ts';

const containers = 10_000;
const fiveMinutesMs = 300_000;

export async function benchPrograms(): Promise<Figure[]> {
  const loop = measure(['sh', '-c', 'while true; do date; sleep 5; done']);
  const constant = measure(['sh', '-c', 'trap "exit 0" TERM; sleep 1000000 & wait']);
  return [
    { what: `${containers} loops of date and sleep 5, five minutes`, measured: `${loop.toFixed(2)} s CPU`, target: '< 30 s with kubelets and API' },
    { what: `${containers} constant programs, five minutes`, measured: `${constant.toFixed(3)} s CPU`, target: '< 0.2 s' },
  ];
}

/** CPU seconds that five minutes of the program take in all containers; their start is not counted. */
function measure(command: readonly string[]): number {
  const clock = new ManualClock({ startMs: 0, timersPerMoveMax: Infinity });
  const runtime = new ContainerRuntime({ clock, prng: new Prng(1), nodeIp: '10.0.0.1', podCidr: () => '10.0.0.0/8', latencies: fastLatencies });
  for (let i = 0; i < containers; i++) start(runtime, `pod-${i}`, command);
  clock.runDue();
  const before = process.cpuUsage();
  clock.advance(fiveMinutesMs);
  const { user, system } = process.cpuUsage(before);
  runtime.close();
  return (user + system) / 1e6;
}

function start(runtime: ContainerRuntime, podUid: string, command: readonly string[]): void {
  runtime.runSandbox({ podUid, namespace: 'default', name: podUid, attempt: 0, hostNetwork: true, hostname: podUid, annotations: {}, labels: {} }, (sandbox) => {
    if (!sandbox.ok) throw new Error(sandbox.message);
    const created = runtime.createContainer(sandbox.sandbox.id, {
      podUid, name: 'main', kind: 'main', attempt: 0, image: 'busybox:1.36', command, args: [], workingDir: '', env: [], mounts: [],
      terminationMessagePath: '/dev/termination-log', ports: [], tty: false, stdin: false,
    });
    if (!created.ok) throw new Error(created.message);
    runtime.startContainer(created.containerId, () => {});
  });
}
