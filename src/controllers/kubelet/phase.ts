/** The phase of a Pod, counted from its container statuses (kubelet_pods.go getPhase). */
import type { Container, ContainerStatus, Pod } from '../../schema/core/v1.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { RestartingAllContainers, shouldRestartAfterExit } from './restart-policy.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export const isTerminalPhase = (phase: string | undefined): phase is 'Succeeded' | 'Failed' =>
  phase === 'Succeeded' || phase === 'Failed';

export interface PhaseInput {
  readonly pod: Pod;
  /** Statuses of regular and init containers, in any order. */
  readonly statuses: readonly ContainerStatus[];
  /** All containers have stopped for good, whatever the restart policy says. */
  readonly stopped: boolean;
  /** A regular container of the current sandbox exists. */
  readonly initialized: boolean;
}

export function phaseOf({ pod, statuses, stopped, initialized }: PhaseInput): Phase {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const inits = countInits(pod, byName);
  if (inits.failed > 0) return 'Failed';
  const sidecars = countSidecars(pod, byName);
  const mains = countMains(pod, byName);
  const running = sidecars.running + mains.running;
  const unknown = sidecars.unknown + mains.unknown;
  const waiting = sidecars.waiting + mains.waiting;

  if (inits.pending > 0 || (sidecars.pending > 0 && !initialized) || waiting > 0) return 'Pending';
  if (unknown > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (mains.stopped === 0) return 'Pending';
  const ended = mains.stopped === mains.succeeded ? 'Succeeded' : 'Failed';
  if (stopped && !isStaticPod(pod)) return ended;
  return mains.restartable > 0 ? 'Running' : ended;
}

export const isStaticPod = (pod: Pod): boolean => {
  const source = pod.metadata.annotations?.['kubernetes.io/config.source'];
  return source !== undefined && source !== 'api';
};

type Statuses = ReadonlyMap<string, ContainerStatus>;

/** The end that counts for a container that waits for its restart: the last one. */
const lastEnd = (status: ContainerStatus) => status.state?.terminated ?? status.lastState?.terminated;

function restartable(container: Container, pod: Pod, status: ContainerStatus): boolean {
  const end = lastEnd(status)!;
  return shouldRestartAfterExit(container, pod.spec, end.exitCode) || end.reason === RestartingAllContainers;
}

function countInits(pod: Pod, statuses: Statuses) {
  let pending = 0;
  let failed = 0;
  for (const container of initContainersOf(pod)) {
    if (isSidecar(container)) continue;
    const status = statuses.get(container.name);
    const end = status && !status.state?.running ? lastEnd(status) : undefined;
    if (!status || !end) pending++;
    else if (end.exitCode !== 0 && !restartable(container, pod, status)) failed++;
  }
  return { pending, failed };
}

function countSidecars(pod: Pod, statuses: Statuses) {
  let pending = 0;
  let running = 0;
  let waiting = 0;
  let unknown = 0;
  for (const container of initContainersOf(pod)) {
    if (!isSidecar(container)) continue;
    const status = statuses.get(container.name);
    if (!status) unknown++;
    else if (status.state?.running) {
      running++;
      if (!status.started) pending++;
    } else if (status.state?.waiting && !status.lastState?.terminated) {
      pending++;
      waiting++;
    }
  }
  return { pending, running, waiting, unknown };
}

function countMains(pod: Pod, statuses: Statuses) {
  let running = 0;
  let waiting = 0;
  let unknown = 0;
  let stopped = 0;
  let succeeded = 0;
  let restarts = 0;
  for (const container of pod.spec.containers) {
    const status = statuses.get(container.name);
    if (!status?.state) unknown++;
    else if (status.state.running) running++;
    else if (!lastEnd(status)) waiting++;
    else {
      stopped++;
      if (restartable(container, pod, status)) restarts++;
      if (status.state?.terminated?.exitCode === 0) succeeded++;
    }
  }
  return { running, waiting, unknown, stopped, succeeded, restartable: restarts };
}
