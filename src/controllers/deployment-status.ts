/** What a Deployment says of its rollout: counters and the conditions Available and Progressing (pkg/controller/deployment/progress.go). Pure. */
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../schema/apps/v1.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';
import { maxUnavailable, totalSize, wanted } from './deployment-rollout.ts';

type Conditions = readonly DeploymentCondition[];
interface NewCondition { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }

/** The largest int32: no deadline. */
const noDeadline = 2 ** 31 - 1;

export const progressing = (conditions: Conditions | undefined): DeploymentCondition | undefined => conditions?.find(({ type }) => type === 'Progressing');

/** The seconds that a rollout may stand still; undefined when it may for ever. */
function deadlineMs({ spec }: Deployment): number | undefined {
  const seconds = spec.progressDeadlineSeconds ?? noDeadline;
  return seconds === noDeadline ? undefined : seconds * 1000;
}

/** With the condition set. One with the same status and reason stays as it is (SetDeploymentCondition), unless `renew`. */
export function withCondition(conditions: Conditions, condition: NewCondition, now: number, renew = false): Conditions {
  const before = conditions.find(({ type }) => type === condition.type);
  if (!renew && before?.status === condition.status && before.reason === condition.reason) return conditions;
  const time = formatTime(now);
  const { type, status, reason, message } = condition;
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : time;
  return [...conditions.filter((one) => one !== before), { type, status, lastUpdateTime: time, lastTransitionTime, reason, message }];
}

/** The conditions of a Deployment with those of being paused and resumed, which hold the progress deadline. */
export function pausedConditions(deployment: Deployment, now: number): Conditions {
  const conditions = deployment.status?.conditions ?? [];
  const reason = progressing(conditions)?.reason;
  if (deadlineMs(deployment) === undefined || reason === 'ProgressDeadlineExceeded') return conditions;
  const unknown = { type: 'Progressing', status: 'Unknown' };
  if (deployment.spec.paused && reason !== 'DeploymentPaused') {
    return withCondition(conditions, { ...unknown, reason: 'DeploymentPaused', message: 'Deployment is paused' }, now);
  }
  if (!deployment.spec.paused && reason === 'DeploymentPaused') {
    return withCondition(conditions, { ...unknown, reason: 'DeploymentResumed', message: 'Deployment is resumed' }, now);
  }
  return conditions;
}

/** The conditions once the new ReplicaSet was made or found. */
export function withNewReplicaSet(deployment: Deployment, conditions: Conditions, name: string, created: boolean, now: number): Conditions {
  if (deadlineMs(deployment) === undefined || (!created && progressing(conditions))) return conditions;
  const [reason, verb] = created ? ['NewReplicaSetCreated', 'Created'] : ['FoundNewReplicaSet', 'Found'];
  return withCondition(conditions, { type: 'Progressing', status: 'True', reason, message: `${verb} new replica set "${name}"` }, now);
}

/** The conditions when the new ReplicaSet could not be made. */
export function withFailedCreate(deployment: Deployment, conditions: Conditions, message: string, now: number): Conditions {
  if (deadlineMs(deployment) === undefined) return conditions;
  return withCondition(conditions, { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message }, now);
}

/** The counters and the condition Available (calculateStatus). */
export function countReplicas(
  deployment: Deployment, all: readonly ReplicaSet[], fresh: ReplicaSet | undefined, conditions: Conditions, now: number,
): DeploymentStatus {
  const sum = (count: (status: NonNullable<ReplicaSet['status']>) => number | undefined) =>
    all.reduce((total, { status }) => total + ((status && count(status)) ?? 0), 0);
  const availableReplicas = sum((status) => status.availableReplicas);
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0, replicas: sum((status) => status.replicas), updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum((status) => status.readyReplicas), availableReplicas,
    unavailableReplicas: Math.max(0, totalSize(all) - availableReplicas),
  };
  const enough = availableReplicas >= wanted(deployment) - maxUnavailable(deployment);
  const availability = enough
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
  const collisionCount = deployment.status?.collisionCount;
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    terminatingReplicas: sum((status) => status.terminatingReplicas),
    conditions: [...withCondition(conditions, availability, now)],
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

/** True when all replicas are of the newest template and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const size = wanted(deployment);
  return (status?.updatedReplicas ?? 0) === size && (status?.replicas ?? 0) === size && (status?.availableReplicas ?? 0) === size
    && (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
}

function hasProgressed(old: DeploymentStatus | undefined, next: DeploymentStatus): boolean {
  const outdated = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (next.updatedReplicas ?? 0) > (old?.updatedReplicas ?? 0) || outdated(next) < outdated(old ?? {})
    || (next.readyReplicas ?? 0) > (old?.readyReplicas ?? 0) || (next.availableReplicas ?? 0) > (old?.availableReplicas ?? 0);
}

/** The status with what is to be said about the progress of the rollout (syncRolloutStatus). */
export function withProgress(deployment: Deployment, status: DeploymentStatus, all: readonly ReplicaSet[], fresh: ReplicaSet | undefined, now: number): DeploymentStatus {
  const deadline = deadlineMs(deployment);
  let conditions: Conditions = status.conditions ?? [];
  if (deadline === undefined) conditions = conditions.filter(({ type }) => type !== 'Progressing');
  const current = progressing(conditions);
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (deadline !== undefined && !settled) {
    const subject = fresh ? `ReplicaSet "${fresh.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
    const say = (value: string, reason: string, end: string) => ({ type: 'Progressing', status: value, reason, message: `${subject} ${end}` });
    if (isComplete(deployment, status)) conditions = withCondition(conditions, say('True', 'NewReplicaSetAvailable', 'has successfully progressed.'), now);
    else if (hasProgressed(deployment.status, status)) conditions = withCondition(conditions, say('True', 'ReplicaSetUpdated', 'is progressing.'), now, true);
    else if (current && hasTimedOut(current, deadline, now)) {
      conditions = withCondition(conditions, say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'), now);
    }
  }
  return { ...status, conditions: [...withFailure(conditions, all, fresh, now)] };
}

/** A failure of the new ReplicaSet, else of any, is the Deployment's. */
function withFailure(conditions: Conditions, all: readonly ReplicaSet[], fresh: ReplicaSet | undefined, now: number): Conditions {
  const failures = [fresh, ...all].flatMap((set) => set?.status?.conditions?.filter(({ type }) => type === 'ReplicaFailure') ?? []);
  const [failure] = failures;
  if (!failure) return conditions.filter(({ type }) => type !== 'ReplicaFailure');
  const { type, status, reason = '', message = '' } = failure;
  return withCondition(conditions, { type, status, reason, message }, now);
}

function hasTimedOut({ reason, lastUpdateTime }: DeploymentCondition, deadline: number, now: number): boolean {
  if (reason === 'NewReplicaSetAvailable' || reason === 'DeploymentPaused') return false;
  return reason === 'ProgressDeadlineExceeded' || timeToMs(lastUpdateTime ?? formatTime(now)) + deadline < now;
}

/** Milliseconds until an unfinished rollout may have missed its deadline. */
export function deadlineCheckMs(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const deadline = deadlineMs(deployment);
  const current = progressing(status.conditions);
  if (deadline === undefined || !current || isComplete(deployment, status)) return undefined;
  if (current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable' || current.reason === 'DeploymentPaused') return undefined;
  return Math.max(0, timeToMs(current.lastUpdateTime ?? formatTime(now)) + deadline - now) + 1000;
}
