/**
 * The conditions that a kubelet writes, from container statuses (status/generate.go). Transition times are not its
 * business: the status manager keeps them.
 */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../schema/core/v1.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { newestInstance, sandboxChange, type PodView } from './pod-view.ts';
import { restartingAllContainers } from './restart-policy.ts';

/** Conditions that only the kubelet writes. */
const owned = new Set([
  'PodScheduled', 'Ready', 'Initialized', 'ContainersReady', 'PodReadyToStartContainers', 'PodResizePending', 'PodResizeInProgress',
  'AllContainersRestarting',
]);
export const isKubeletCondition = (type: string): boolean => owned.has(type);
/** Conditions that the kubelet may write as well as others. */
export const isSharedCondition = (type: string): boolean => type === 'DisruptionTarget';

/** What a condition says, without who said it when. */
interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

/** A condition as the kubelet hands it on; its times are filled in by the status manager. */
export function condition(type: string, verdict: Verdict, observedGeneration: number | undefined): PodCondition {
  return {
    type,
    ...(observedGeneration === undefined || observedGeneration === 0 ? {} : { observedGeneration }),
    status: verdict.status,
    lastProbeTime: null as unknown as string,
    lastTransitionTime: null as unknown as string,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
  };
}

export const findCondition = (conditions: readonly PodCondition[] | undefined, type: string): PodCondition | undefined =>
  conditions?.find((c) => c.type === type);

/** The verdict on readiness once a Pod has ended. */
export function endedVerdict(phase: string): Verdict {
  return { status: 'False', reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' };
}

export function podReadyToStartContainers(pod: Pod, view: PodView): Verdict {
  return { status: sandboxChange(pod, view).createSandbox ? 'False' : 'True' };
}

export function initialized(pod: Pod, statuses: readonly ContainerStatus[], phase: string, old: PodStatus): Verdict {
  const inits = initContainersOf(pod);
  if (statuses.length === 0 && inits.length > 0) return { status: 'False', reason: 'UnknownContainerStatuses' };
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of inits) {
    const status = byName.get(container.name);
    if (!status) unknown.push(container.name);
    else if (isSidecar(container) ? !status.started : !status.ready) incomplete.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'True', reason: 'PodCompleted' };
  const mainStarted = pod.spec.containers.some(({ name }) => {
    const state = byName.get(name)?.state;
    return state?.running !== undefined || state?.terminated !== undefined;
  });
  const message = listed([['unknown', unknown], ['incomplete', incomplete]]);
  // Once initialized a Pod stays so, even while a new sandbox runs its init containers again.
  if (mainStarted || message === '' || findCondition(old.conditions, 'Initialized')?.status === 'True') return { status: 'True' };
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

export function containersReady(pod: Pod, statuses: readonly ContainerStatus[], phase: string): Verdict {
  if (statuses.length === 0) return { status: 'False', reason: 'UnknownContainerStatuses' };
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const { name } of [...initContainersOf(pod).filter(isSidecar), ...pod.spec.containers]) {
    const status = byName.get(name);
    if (!status) unknown.push(name);
    else if (!status.ready) unready.push(name);
  }
  if (phase === 'Failed' || (phase === 'Succeeded' && unknown.length === 0)) return endedVerdict(phase);
  const message = listed([['unknown', unknown], ['unready', unready]]);
  return message === '' ? { status: 'True' } : { status: 'False', reason: 'ContainersNotReady', message };
}

/** Ready: the containers are, and every readiness gate is True among `conditions`. */
export function podReady(
  pod: Pod, statuses: readonly ContainerStatus[], phase: string, conditions: readonly PodCondition[],
): Verdict {
  const containers = containersReady(pod, statuses, phase);
  if (containers.status !== 'True') return containers;
  const missing: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const gate = findCondition(conditions, conditionType);
    if (!gate) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (gate.status !== 'True') missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`);
  }
  return missing.length === 0 ? { status: 'True' } : { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

export function allContainersRestarting(pod: Pod, view: PodView, old: PodStatus, phase: string): Verdict {
  if (phase === 'Succeeded' || phase === 'Failed') return endedVerdict(phase);
  const cleanedUp = [...initContainersOf(pod), ...pod.spec.containers].every(({ name }) => newestInstance(view, name) === undefined);
  if (cleanedUp || !restartingAllContainers(pod, view, old)) return { status: 'False' };
  return { status: 'True', reason: 'RestartAllContainersStarted', message: 'container exited with restart policy rule' };
}

/** Whether a status-only change of the Pod by others changes what Ready would say (status.NeedToReconcilePodReadiness). */
export function readinessOutdated(pod: Pod): boolean {
  if ((pod.spec.readinessGates ?? []).length === 0) return false;
  const now = findCondition(pod.status.conditions, 'Ready');
  if (!now) return false;
  const next = podReady(pod, pod.status.containerStatuses ?? [], pod.status.phase ?? '', pod.status.conditions ?? []);
  return now.status !== next.status || (now.message ?? '') !== (next.message ?? '');
}

function listed(groups: readonly (readonly [string, readonly string[]])[]): string {
  return groups.filter(([, names]) => names.length > 0)
    .map(([what, names]) => `containers with ${what} status: [${names.join(' ')}]`)
    .join(', ');
}
