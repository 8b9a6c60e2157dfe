/** Stops containers: preStop hook, turn, signal, all within the grace period (kuberuntime_container.go killContainer). */
import type { Container as SpecContainer, Pod } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Container } from '../../runtime/runtime.ts';
import { runHook } from './hooks.ts';
import type { ContainerKill } from './pod-actions.ts';
import { findContainer, initContainersOf, isSidecar } from './pod-containers.ts';
import type { PodEvents } from './pod-events.ts';
import type { PodView } from './pod-view.ts';
import type { KubeletRuntime } from './scope.ts';
import { all, run, wait, type Task } from '../task.ts';
import { TerminationOrder } from './termination-order.ts';

/** Every container gets at least this long, however its grace period was used up. */
const minimumGraceSeconds = 2;

export interface KillOptions {
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly events: PodEvents;
  /** Taking the network of a sandbox away. */
  readonly sandboxStopMs: number;
}

export class Killer {
  readonly #options: KillOptions;

  constructor(options: KillOptions) {
    this.#options = options;
  }

  /** Stops all running containers side by side, sidecars last, then the sandboxes. */
  *pod(pod: Pod, view: PodView, graceSeconds?: number): Task<void> {
    const { clock, sandboxStopMs } = this.#options;
    const running = view.containers.filter(({ state }) => state === 'running');
    const order = initContainersOf(pod).some(isSidecar) ? new TerminationOrder(pod, running.map(({ config }) => config.name)) : undefined;
    yield* all(running.map((instance) => {
      const container = findContainer(pod, instance.config.name)?.container;
      return this.#stop(pod, container, instance, { graceSeconds, order, podIP: view.ips[0] ?? '' });
    }));
    const ready = view.sandboxes.filter(({ state }) => state === 'ready');
    for (const sandbox of ready) this.#options.runtime.stopSandbox(sandbox.id);
    if (ready.length > 0) yield* wait<void>((done) => { clock.after(sandboxStopMs, 'kubelet sandbox stop', done); });
  }

  /** Stops one container of a Pod that goes on. */
  *container(pod: Pod, kill: Omit<ContainerKill, 'reason'> & { readonly reason?: ContainerKill['reason'] }, podIP: string, graceSeconds?: number): Task<void> {
    const { container, instance, message, reason } = kill;
    yield* this.#stop(pod, container, instance, { graceSeconds, message, reason, podIP });
  }

  *#stop(pod: Pod, container: SpecContainer | undefined, instance: Container, how: {
    graceSeconds?: number | undefined; message?: string; reason?: ContainerKill['reason'] | undefined; order?: TerminationOrder | undefined; podIP: string;
  }): Task<void> {
    const { runtime, clock, events } = this.#options;
    const name = instance.config.name;
    let grace = how.graceSeconds ?? gracePeriod(pod, container, how.reason);
    if (container) {
      events.container(pod, container, 'Normal', 'Killing', how.message ?? `Stopping container ${name}`);
      if (container.lifecycle?.preStop && grace > 0) grace -= yield* this.#preStop(pod, container, instance, grace, how.podIP);
    }
    if (how.order && grace > 0) grace -= yield* how.order.waitForTurn(clock, name, grace);
    const graceMs = Math.max(grace, minimumGraceSeconds) * 1000;
    yield* wait<void>((done) => runtime.stopContainer(instance.id, graceMs, done));
    how.order?.terminated(name);
  }

  /** Seconds that the hook took, at most the grace period: then it is left to itself. */
  *#preStop(pod: Pod, container: SpecContainer, instance: Container, grace: number, podIP: string): Task<number> {
    const { runtime, clock, events } = this.#options;
    const startedAt = clock.now();
    yield* wait<void>((done) => {
      const timeout = clock.after(grace * 1000, 'preStop grace', done);
      const target = { hook: 'preStop', pod, container, containerId: instance.id, podIP } as const;
      run(runHook(runtime, clock, target, container.lifecycle!.preStop!), (error) => {
        if (error !== undefined) events.container(pod, container, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
        const inTime = clock.now() < startedAt + grace * 1000;
        clock.cancel(timeout);
        if (inTime) done();
      });
    });
    return Math.floor((clock.now() - startedAt) / 1000);
  }
}

/** Seconds that a container has to stop (setTerminationGracePeriod). */
function gracePeriod(pod: Pod, container: SpecContainer | undefined, reason: ContainerKill['reason'] | undefined): number {
  const ofPod = pod.spec.terminationGracePeriodSeconds ?? minimumGraceSeconds;
  const ofProbe = reason === 'startupProbe' ? container?.startupProbe?.terminationGracePeriodSeconds
    : reason === 'livenessProbe' ? container?.livenessProbe?.terminationGracePeriodSeconds : undefined;
  return pod.metadata.deletionGracePeriodSeconds ?? ofProbe ?? ofPod;
}
