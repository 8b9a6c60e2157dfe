/** Counters in the status of workloads (pkg/apis/apps/validation). */
import type { DaemonSetStatus, DeploymentStatus, ReplicaSetStatus, StatefulSetStatus } from '../../schema/apps/v1.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { validateNonNegative } from './rules.ts';

const aboveReplicas = 'cannot be greater than status.replicas';

export function validateDeploymentStatus(status: DeploymentStatus, old: DeploymentStatus, errors: FieldError[]): void {
  for (const member of ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas',
    'terminatingReplicas', 'collisionCount'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCounts(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], 'readyReplicas', errors);
  validateCollisions(status, old, errors);
}

function validateCollisions({ collisionCount = 0 }: { collisionCount?: number }, old: { collisionCount?: number }, errors: FieldError[]): void {
  if (old.collisionCount !== undefined && collisionCount < old.collisionCount) {
    errors.push(invalid('status.collisionCount', collisionCount, 'cannot be decremented'));
  }
}

export function validateDaemonSetStatus(status: DaemonSetStatus, old: DaemonSetStatus, errors: FieldError[]): void {
  for (const member of ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration',
    'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCollisions(status, old, errors);
}

export function validateStatefulSetStatus(status: StatefulSetStatus, old: StatefulSetStatus, errors: FieldError[]): void {
  for (const member of ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration',
    'collisionCount'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCounts(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'status.readyReplicas', errors);
  validateCollisions(status, old, errors);
}

export function validateReplicaSetStatus(status: ReplicaSetStatus, errors: FieldError[]): void {
  for (const member of ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], 'readyReplicas', errors);
}

type Counts = Readonly<Partial<Record<'replicas' | 'updatedReplicas' | 'fullyLabeledReplicas' | 'readyReplicas' | 'currentReplicas' | 'availableReplicas', number>>>;

/** `ready`: how the text about too many available replicas names the ready ones. */
function validateCounts(status: object, members: readonly (keyof Counts)[], ready: string, errors: FieldError[]): void {
  const counts = status as Counts;
  for (const member of members) {
    const count = counts[member] ?? 0;
    if (count > (counts.replicas ?? 0)) errors.push(invalid(`status.${member}`, count, aboveReplicas));
  }
  const { availableReplicas = 0, readyReplicas = 0 } = counts;
  if (availableReplicas > readyReplicas) errors.push(invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${ready}`));
}
