/** PodDisruptionBudgets and Leases (pkg/apis/policy/validation, pkg/apis/coordination/validation). */
import type { Lease } from '../../schema/coordination/v1.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import { PodDisruptionBudgetSpec } from '../../schema/policy/v1.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { invalid, notSupported, type FieldError } from '../field-error.ts';
import { validateConditions } from './conditions.ts';
import { internalForm } from './internal-form.ts';
import { validateIntOrPercent } from './int-or-percent.ts';
import { validateLabelSelector } from './labels.ts';
import { validateNonNegative } from './rules.ts';

const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];

export function validateBudget({ spec }: PodDisruptionBudget, errors: FieldError[]): void {
  if (!spec) return;
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalid('spec', new RawValue(goJson(internalForm(PodDisruptionBudgetSpec, spec))), 'minAvailable and maxUnavailable cannot be both set'));
  }
  if (minAvailable !== undefined) validateIntOrPercent(minAvailable, 'spec.minAvailable', errors);
  if (maxUnavailable !== undefined) validateIntOrPercent(maxUnavailable, 'spec.maxUnavailable', errors);
  validateLabelSelector(spec.selector, 'spec.selector', errors);
  if (unhealthyPodEvictionPolicy !== undefined && !evictionPolicies.includes(unhealthyPodEvictionPolicy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', unhealthyPodEvictionPolicy, evictionPolicies));
  }
}

export function validateBudgetStatus({ status }: PodDisruptionBudget, errors: FieldError[]): void {
  validateConditions(status?.conditions, 'status.conditions', errors);
  for (const member of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) {
    validateNonNegative(status?.[member], `status.${member}`, errors);
  }
}

export function validateLease({ spec }: Lease, errors: FieldError[]): void {
  const seconds = spec?.leaseDurationSeconds;
  if (seconds !== undefined && seconds <= 0) errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  validateNonNegative(spec?.leaseTransitions, 'spec.leaseTransitions', errors);
}
