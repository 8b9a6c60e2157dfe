/** How the kubelet's idea of a status is put together with what the API has (status/status_manager.go). Pure. */
import type { ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { condition, endedVerdict, findCondition, isKubeletCondition, isSharedCondition } from './conditions.ts';
import { isTerminalPhase } from './phase.ts';
import { ephemeralContainersOf, initContainersOf, isSidecar } from './pod-containers.ts';
import { mayRestartAllContainers, shouldRestartAfterExit } from './restart-policy.ts';

/** Termination messages of all containers of a Pod together. */
const messageBytesMax = 12 * 1024;

/**
 * The status to write over the API's at `now`: others' conditions first; the end of a Pod is held back while it may have
 * running containers, and so is DisruptionTarget, which is why its transition time is that of the write.
 */
export function mergedStatus(pod: Pod, next: PodStatus, couldHaveRunningContainers: boolean, now: string): PodStatus {
  const old = pod.status;
  const conditions = (old.conditions ?? []).filter(({ type }) => !isKubeletCondition(type));
  const ending = !isTerminalPhase(old.phase) && isTerminalPhase(next.phase);
  for (const c of next.conditions ?? []) {
    if (isKubeletCondition(c.type)) conditions.push(c);
    else if (isSharedCondition(c.type) && ending && !couldHaveRunningContainers) replaceOrAppend(conditions, { ...c, lastTransitionTime: transitionTime(c, old, now) });
  }
  const merged: PodStatus = { conditions, ...next };
  merged.conditions = conditions;
  if (conditions.length === 0) delete merged.conditions;
  const kept = ['nominatedNodeName', 'resize', 'resourceClaimStatuses', 'extendedResourceClaimStatus', 'nodeAllocatableResourceClaimStatuses'] as const;
  for (const member of kept) if (old[member] !== undefined) Object.assign(merged, { [member]: old[member] });
  if (ending && couldHaveRunningContainers) {
    for (const member of ['phase', 'reason', 'message'] as const) {
      delete merged[member];
      if (old[member] !== undefined) merged[member] = old[member];
    }
  }
  if (isTerminalPhase(merged.phase)) markEnded(pod, merged, merged.phase);
  return merged;
}

/** Readiness that is still True when the Pod has ended is taken back. */
function markEnded(pod: Pod, merged: PodStatus, phase: string): void {
  const types = ['ContainersReady', 'Ready'];
  if (!types.some((type) => findCondition(merged.conditions, type)?.status === 'True')) return;
  for (const type of types) {
    const lastTransitionTime = findCondition(merged.conditions, type)?.lastTransitionTime ?? (null as unknown as string);
    replaceOrAppend(merged.conditions!, { ...condition(type, endedVerdict(phase), pod.metadata.generation), lastTransitionTime });
  }
}

export function replaceOrAppend(conditions: PodCondition[], next: PodCondition): void {
  const index = conditions.findIndex(({ type }) => type === next.type);
  if (index < 0) conditions.push(next);
  else conditions[index] = next;
}

function transitionTime({ type, status }: PodCondition, old: PodStatus, now: string): string {
  const before = findCondition(old.conditions, type);
  return before?.status === status ? before.lastTransitionTime! : now;
}

/** Keeps the transition time of every condition whose status has not changed; `now` for the others. */
export function withTransitionTimes(next: PodStatus, old: PodStatus, now: string): PodCondition[] {
  return (next.conditions ?? []).map((c) => {
    if (!isKubeletCondition(c.type) && !isSharedCondition(c.type)) return c;
    if (c.type === 'PodResizePending' || c.type === 'PodResizeInProgress') return c;
    return { ...c, lastTransitionTime: transitionTime(c, old, now) };
  });
}

/** Whether two statuses say the same as far as the kubelet is concerned. */
export function sameByKubelet(a: PodStatus, b: PodStatus): boolean {
  const ownedConditions = (status: PodStatus) =>
    (status.conditions ?? []).filter(({ type }) => isKubeletCondition(type) || isSharedCondition(type));
  const left = ownedConditions(a);
  const right = ownedConditions(b);
  if (left.length !== right.length) return false;
  if (!left.every((c) => { const other = findCondition(right, c.type); return other !== undefined && sameVerdict(c, other); })) return false;
  return sameMembers(a, b) && sameMembers(b, a);
}

/** Members that others write, or that are compared in a way of their own. */
const notCompared: ReadonlySet<string> = new Set([
  'conditions', 'resourceClaimStatuses', 'extendedResourceClaimStatus', 'nodeAllocatableResourceClaimStatuses',
]);

function sameMembers(a: PodStatus, b: PodStatus): boolean {
  for (const name in a) {
    const member = name as keyof PodStatus;
    if (a[member] !== b[member] && !notCompared.has(name) && !equal(a[member], b[member])) return false;
  }
  return true;
}

/** Cuts termination messages to their share, and lists container statuses in their order. */
export function normalized(pod: Pod, status: PodStatus): PodStatus {
  const containers = pod.spec.containers.length + initContainersOf(pod).length + ephemeralContainersOf(pod).length;
  const bytesMax = Math.floor(messageBytesMax / Math.max(1, containers));
  const cut = (state: ContainerState | undefined): ContainerState => {
    const message = state?.terminated?.message;
    if (message === undefined || Buffer.byteLength(message) <= bytesMax) return state ?? {};
    return { terminated: { ...state!.terminated!, message: Buffer.from(message).subarray(0, bytesMax).toString() } };
  };
  const each = (statuses: readonly ContainerStatus[]) =>
    statuses.map((s) => ({ ...s, state: cut(s.state), lastState: cut(s.lastState) }));
  const result = { ...status };
  for (const list of ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const) {
    if (result[list]) result[list] = each(result[list]);
  }
  return result;
}

/** Whether a container that has ended for good would come back to life: such a status is not taken (checkContainerStateTransition). */
export function revivesContainer(pod: Pod, old: PodStatus, next: PodStatus): boolean {
  if (pod.spec.restartPolicy === 'Always' || mayRestartAllContainers(pod.spec)) return false;
  const inits = initContainersOf(pod).filter((container) => !isSidecar(container));
  return [...pod.spec.containers.map((c) => [c, 'containerStatuses'] as const), ...inits.map((c) => [c, 'initContainerStatuses'] as const)]
    .some(([container, list]) => {
      const before = old[list]?.find(({ name }) => name === container.name)?.state?.terminated;
      const after = next[list]?.find(({ name }) => name === container.name);
      if (!before || !after || after.state?.terminated) return false;
      return !(before.exitCode !== 0 && pod.spec.restartPolicy === 'OnFailure') && !shouldRestartAfterExit(container, pod.spec, before.exitCode);
    });
}

/** Conditions as they are compared: without times and generations. */
const sameVerdict = (a: PodCondition, b: PodCondition): boolean =>
  a.status === b.status && (a.reason ?? '') === (b.reason ?? '') && (a.message ?? '') === (b.message ?? '');
