/**
 * The whole status of a Pod as the kubelet sees it now (kubelet_pods.go generateAPIPodStatus). Pure; transition times,
 * a first start time and the generation are added by the status manager.
 */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../schema/core/v1.ts';
import type { Millis } from '../../clock/clock.ts';
import { timeToMs } from '../../schema/values/time.ts';
import {
  allContainersRestarting, condition, containersReady, findCondition, initialized, isKubeletCondition, podReady, podReadyToStartContainers,
} from './conditions.ts';
import { containerStatuses, sortedByName, type StatusInput } from './container-status.ts';
import type { PodMemory } from './memory.ts';
import { isTerminalPhase, phaseOf } from './phase.ts';
import { ephemeralContainersOf, initContainersOf } from './pod-containers.ts';
import { allocatedResources, podResourcesStatus, withResources } from './pod-resources.ts';
import { hasActiveRegularContainer, type PodView } from './pod-view.ts';
import { withReadiness } from './readiness.ts';
import { mayRestartAllContainers, restartingAllContainers } from './restart-policy.ts';

export interface GeneratedStatus {
  readonly status: PodStatus;
  /** Containers whose readiness probe should run now instead of at its next turn. */
  readonly probeNow: readonly string[];
  /** activeDeadlineSeconds have passed; every computation says so in an Event. */
  readonly deadlineExceeded: boolean;
}

export const deadlineMessage = 'Pod was active on the node longer than the specified deadline';

/** `stopped`: all containers have stopped for good and none will be started. */
export function podStatus(pod: Pod, view: PodView, memory: PodMemory, stopped: boolean, now: Millis): GeneratedStatus {
  const old = memory.status;
  const input: StatusInput = { pod, view, memory, restartingAll: restartingAllContainers(pod, view, old) };
  const inits = containerStatuses(input, initContainersOf(pod), old.initContainerStatuses);
  const mains = containerStatuses(input, pod.spec.containers, old.containerStatuses);
  const ephemeral = containerStatuses(input, ephemeralContainersOf(pod), old.ephemeralContainerStatuses);

  const { phase, reason, message, deadlineExceeded } = phaseAndReason(pod, view, old, [...mains, ...inits], stopped, now);

  const readyInits = withReadiness(pod, memory, initContainersOf(pod), inits);
  const readyMains = withReadiness(pod, memory, pod.spec.containers, mains);
  const conditions = conditionsOf(pod, view, memory, [...readyInits.statuses, ...readyMains.statuses], phase);
  const requests = allocatedResources(pod);
  const status: PodStatus = {
    phase,
    conditions,
    ...(message === '' ? {} : { message }),
    ...(reason === '' ? {} : { reason }),
    ...addresses(pod, view, memory),
    ...(old.startTime ? { startTime: old.startTime } : {}),
    ...(inits.length > 0 ? { initContainerStatuses: readyInits.statuses } : {}),
    containerStatuses: sortedByName(readyMains.statuses),
    ...(pod.status.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: sortedByName(ephemeral) } : {}),
    ...(Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
    resources: podResourcesStatus(withResources(pod, memory.actuated)),
  };
  return { status, probeNow: [...readyInits.probeNow, ...readyMains.probeNow], deadlineExceeded };
}

function phaseAndReason(
  pod: Pod, view: PodView, old: PodStatus, statuses: readonly ContainerStatus[], stopped: boolean, now: Millis,
) {
  let phase: string = phaseOf({ pod, statuses, stopped, initialized: hasActiveRegularContainer(pod, view) });
  // A Pod that has ended stays ended.
  if (!isTerminalPhase(phase)) phase = [old.phase, pod.status.phase].find(isTerminalPhase) ?? phase;
  let reason = '';
  let message = '';
  if (phase === old.phase) {
    reason = old.reason ?? pod.status.reason ?? '';
    message = old.message ?? pod.status.message ?? '';
  }
  const deadlineExceeded = pastDeadline(pod, old, now);
  if (deadlineExceeded) ({ phase, reason, message } = { phase: 'Failed', reason: 'DeadlineExceeded', message: deadlineMessage });
  if (isTerminalPhase(pod.status.phase)) phase = pod.status.phase;
  return { phase, reason, message, deadlineExceeded };
}

/** Whether activeDeadlineSeconds have passed since the Pod's start time. */
export function pastDeadline(pod: Pod, status: PodStatus, now: Millis): boolean {
  const deadline = pod.spec.activeDeadlineSeconds;
  return deadline !== undefined && Boolean(status.startTime) && now - timeToMs(status.startTime!) >= deadline * 1000;
}

/** In upstream's order: others' conditions, resize, DisruptionTarget, then the kubelet's own. */
function conditionsOf(
  pod: Pod, view: PodView, memory: PodMemory, statuses: readonly ContainerStatus[], phase: string,
): PodCondition[] {
  const generation = pod.metadata.generation;
  const conditions: PodCondition[] = (pod.status.conditions ?? []).filter(({ type }) => !isKubeletCondition(type));
  conditions.push(...memory.resizeConditions);
  const disruption = findCondition(memory.status.conditions, 'DisruptionTarget');
  if (disruption && !conditions.includes(disruption)) {
    const index = conditions.findIndex(({ type }) => type === 'DisruptionTarget');
    if (index < 0) conditions.push(disruption);
    else conditions[index] = disruption;
  }
  conditions.push(condition('PodReadyToStartContainers', podReadyToStartContainers(pod, view), generation));
  conditions.push(condition('Initialized', initialized(pod, statuses, phase, memory.status), generation));
  conditions.push(condition('Ready', podReady(pod, statuses, phase, conditions), generation));
  conditions.push(condition('ContainersReady', containersReady(pod, statuses, phase), generation));
  conditions.push(condition('PodScheduled', { status: 'True' }, generation));
  if (mayRestartAllContainers(pod.spec)) {
    conditions.push(condition('AllContainersRestarting', allContainersRestarting(pod, view, memory.status, phase), undefined));
  }
  return conditions;
}

function addresses(pod: Pod, view: PodView, memory: PodMemory): Partial<PodStatus> {
  const [hostIP] = memory.hostIPs;
  const ips = pod.spec.hostNetwork ? memory.hostIPs : view.ips;
  return {
    ...(hostIP === undefined ? {} : { hostIP, hostIPs: memory.hostIPs.map((ip) => ({ ip })) }),
    ...(ips.length === 0 ? {} : { podIP: ips[0]!, podIPs: ips.map((ip) => ({ ip })) }),
  };
}
