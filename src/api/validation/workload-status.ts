/** Counters in the status of Deployments and ReplicaSets (pkg/apis/apps/validation). */
import type { DeploymentStatus, ReplicaSetStatus } from '../../schema/apps/v1.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { validateNonNegative } from './rules.ts';

const aboveReplicas = 'cannot be greater than status.replicas';

export function validateDeploymentStatus(status: DeploymentStatus, old: DeploymentStatus, errors: FieldError[]): void {
  for (const member of ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas',
    'terminatingReplicas', 'collisionCount'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCounts(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], errors);
  if (old.collisionCount !== undefined && (status.collisionCount ?? 0) < old.collisionCount) {
    errors.push(invalid('status.collisionCount', status.collisionCount ?? 0, 'cannot be decremented'));
  }
}

export function validateReplicaSetStatus(status: ReplicaSetStatus, errors: FieldError[]): void {
  for (const member of ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
  validateCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], errors);
}

type Counts = Readonly<Partial<Record<'replicas' | 'updatedReplicas' | 'fullyLabeledReplicas' | 'readyReplicas' | 'availableReplicas', number>>>;

function validateCounts(status: object, members: readonly (keyof Counts)[], errors: FieldError[]): void {
  const counts = status as Counts;
  for (const member of members) {
    const count = counts[member] ?? 0;
    if (count > (counts.replicas ?? 0)) errors.push(invalid(`status.${member}`, count, aboveReplicas));
  }
  const { availableReplicas = 0, readyReplicas = 0 } = counts;
  if (availableReplicas > readyReplicas) errors.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'));
}
