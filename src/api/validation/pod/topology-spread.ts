/** `spec.topologySpreadConstraints`. */
import type { TopologySpreadConstraint } from '../../../schema/core/v1.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { validateLabelSelector } from '../labels.ts';
import { validatePositive } from '../rules.ts';
import { validateMatchLabelKeys } from './affinity.ts';

const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const inclusionPolicies = ['Honor', 'Ignore'];

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined, path: string, errors: FieldError[],
): void {
  constraints?.forEach((constraint, i) => {
    const at = `${path}[${i}]`;
    const { topologyKey, whenUnsatisfiable } = constraint;
    validatePositive(constraint.maxSkew, `${at}.maxSkew`, errors);
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (!actions.includes(whenUnsatisfiable)) errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions));
    if (constraints.slice(i + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)) {
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    }
    validateMinDomains(constraint, `${at}.minDomains`, errors);
    for (const member of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[member];
      if (policy !== undefined && !inclusionPolicies.includes(policy)) {
        errors.push(notSupported(`${at}.${member}`, policy, inclusionPolicies));
      }
    }
    validateMatchLabelKeys(constraint, at, errors);
    validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`, errors);
  });
}

function validateMinDomains(constraint: TopologySpreadConstraint, path: string, errors: FieldError[]): void {
  const { minDomains, whenUnsatisfiable } = constraint;
  if (minDomains === undefined) return;
  validatePositive(minDomains, path, errors);
  if (whenUnsatisfiable !== 'DoNotSchedule') {
    errors.push(invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`));
  }
}
