/** What must hold between two successive versions of one Pod, whoever wrote them. */
import type { ContainerStatus, Pod, PodCondition } from '../../src/schema/core/v1.ts';

export interface Change {
  readonly before: Pod;
  readonly after: Pod;
  /** Clock time of the write in whole seconds, as RFC 3339. */
  readonly second: string;
  /** A client wrote the status: what it writes counts, be it true or not. */
  readonly byHand: boolean;
  /** The phase with which the Pod has ended, if it has and no client said so. */
  readonly ended: string | undefined;
}

/** The rules that a change breaks, as sentences. */
export function brokenRules({ before, after, second, byHand, ended }: Change): string[] {
  return [
    ...(byHand || ended === undefined || after.status.phase === ended ? [] : [`phase ${ended} was left for ${after.status.phase}`]),
    ...metadataRules(before, after),
    ...allStatuses(after).flatMap((status) => restartRules(allStatuses(before).find(({ name }) => name === status.name), status)),
    ...(after.status.conditions ?? []).flatMap((one) => {
      const old = before.status.conditions?.find(({ type }) => type === one.type);
      return cameAndWent(before, after, one, second) ? [] : conditionRules(old, one, second);
    }),
  ];
}

export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

function metadataRules({ metadata: before }: Pod, { metadata: after }: Pod): string[] {
  const broken: string[] = [];
  if (before.deletionTimestamp !== undefined) {
    if (after.deletionTimestamp === undefined) broken.push('deletionTimestamp was cleared');
    if (after.deletionGracePeriodSeconds! > before.deletionGracePeriodSeconds!) broken.push('the grace period grew');
  }
  if (after.generation! < before.generation!) broken.push(`generation fell from ${before.generation} to ${after.generation}`);
  if (Number(after.resourceVersion) <= Number(before.resourceVersion)) {
    broken.push(`resourceVersion went from ${before.resourceVersion} to ${after.resourceVersion}`);
  }
  return broken;
}

function restartRules(before: ContainerStatus | undefined, { name, restartCount }: ContainerStatus): string[] {
  if (!before || restartCount >= before.restartCount) return [];
  return [`restartCount of ${name} fell from ${before.restartCount} to ${restartCount}`];
}

/** What was true for a moment between two writes shows only in the time: containers that came, went or got ready made it ready, or had all restarted. */
function cameAndWent(before: Pod, after: Pod, { type, lastTransitionTime }: PodCondition, second: string): boolean {
  const instances = (pod: Pod) => allStatuses(pod).map(({ containerID, ready, state }) => [containerID, ready, Object.keys(state)]).join();
  const possible = type === 'AllContainersRestarting' || (type.endsWith('Ready') && instances(before) !== instances(after));
  return possible && Date.parse(second) - Date.parse(lastTransitionTime!) <= 1000;
}

function conditionRules(before: PodCondition | undefined, { type, status, reason, lastTransitionTime: after }: PodCondition, second: string): string[] {
  if (!before) return [];
  const { status: old, lastTransitionTime: since } = before;
  if (status === old) return after === since ? [] : [`${type} stayed ${status} but lastTransitionTime went from ${since} to ${after} (${before.reason}, ${reason})`];
  // Times have whole seconds, and a status is written a moment after it was made: a quick second change keeps the text.
  return after! > since! || Date.parse(second) - Date.parse(since!) <= 1000 ? [] : [`${type} went to ${status} but lastTransitionTime from ${since} to ${after} at ${second}`];
}

function allStatuses({ status }: Pod): ContainerStatus[] {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}
