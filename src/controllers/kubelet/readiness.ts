/** Whether containers are started and ready, from what their probes found (prober_manager.go UpdatePodStatus). */
import type { Container, ContainerStatus, Pod } from '../../schema/core/v1.ts';
import { findCondition } from './conditions.ts';
import { containerStatusInOrder } from './member-order.ts';
import type { PodMemory } from './memory.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { timeToMs } from '../../schema/values/time.ts';

/** A restarted kubelet takes over the readiness of containers that ran at least this long before it. */
const restartGraceMs = 10_000;

export interface Readiness {
  readonly statuses: ContainerStatus[];
  /** Containers whose readiness probe should run now instead of at its next turn. */
  readonly probeNow: readonly string[];
}

export function withReadiness(
  pod: Pod, memory: PodMemory, containers: readonly Container[], statuses: readonly ContainerStatus[],
): Readiness {
  const inits = new Set(initContainersOf(pod));
  const probeNow: string[] = [];
  const result = statuses.map((old, i) => {
    const container = containers[i]!;
    const status: ContainerStatus = { started: false, ...old };
    status.started = isStarted(memory, old);
    if (inits.has(container) && !isSidecar(container)) {
      if (status.state?.terminated?.exitCode === 0) status.ready = true;
    } else if (status.started) {
      status.ready = isReady(pod, memory, container, status);
      if (!hasPassed(memory, status) && memory.probes.probed('readiness', status.name)) probeNow.push(status.name);
    }
    return containerStatusInOrder(status);
  });
  return { statuses: result, probeNow };
}

function isStarted(memory: PodMemory, status: ContainerStatus): boolean {
  if (!status.state?.running) return false;
  const result = memory.probes.result('startup', status.containerID ?? '');
  if (result !== undefined) return result === 'success';
  return status.started === true || !memory.probes.probed('startup', status.name);
}

const hasPassed = (memory: PodMemory, status: ContainerStatus) =>
  memory.probes.result('readiness', status.containerID ?? '') === 'success';

function isReady(pod: Pod, memory: PodMemory, container: Container, status: ContainerStatus): boolean {
  if (!status.state?.running) return false;
  if (hasPassed(memory, status)) return true;
  let ready = !memory.probes.probed('readiness', status.name);
  const startedAt = timeToMs(status.state.running.startedAt);
  if (startedAt < memory.kubeletStartedAt - restartGraceMs) {
    if (memory.probes.result('readiness', status.containerID ?? '') === undefined) ready = true;
    if (container.readinessProbe && findCondition(pod.status.conditions, 'Ready')?.status !== 'True') ready = false;
  }
  return ready;
}
