/** HorizontalPodAutoscalers in their v2 form (pkg/apis/autoscaling/validation). */
import type {
  CrossVersionObjectReference, HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, HPAScalingRules,
} from '../../schema/autoscaling/v2.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { groupVersionComplaint, validateMetric } from './autoscaler-metrics.ts';
import { pathSegmentName } from './names.ts';
import { invalidForEach, mustBeNonNegative, mustBePositive, validateNonNegative, validatePositive } from './rules.ts';

const stabilizationSecondsMax = 3600;
const periodSecondsMax = 1800;
const selectPolicies = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];

/** `old` is the stored autoscaler, undefined on create. */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler | undefined, errors: FieldError[]): void {
  if (!spec) return;
  const { minReplicas, maxReplicas, scaleTargetRef, behavior } = spec;
  const metrics = spec.metrics ?? [];
  const least = old?.spec?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least) {
    errors.push(invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${least}`));
  }
  if (!maxReplicas) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (maxReplicas < 0) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  validateTarget(scaleTargetRef, old?.spec, errors);
  metrics.forEach((metric, i) => validateMetric(metric, `spec.metrics[${i}]`, errors));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    errors.push(forbidden('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'));
  }
  validateScalingRules(behavior?.scaleUp, 'spec.behavior.scaleUp', errors);
  validateScalingRules(behavior?.scaleDown, 'spec.behavior.scaleDown', errors);
}

/** What is scaled. A version that stays as it is stored is not looked at again. */
function validateTarget(target: CrossVersionObjectReference, old: HorizontalPodAutoscalerSpec | undefined, errors: FieldError[]): void {
  for (const member of ['kind', 'name'] as const) {
    const value = target[member];
    if (!value) errors.push(required(`spec.scaleTargetRef.${member}`));
    else invalidForEach(pathSegmentName(value), value, `spec.scaleTargetRef.${member}`, errors);
  }
  const { apiVersion = '', kind } = target;
  if (old && (old.scaleTargetRef.apiVersion ?? '') === apiVersion && old.scaleTargetRef.kind === kind) return;
  const complaint = groupVersionComplaint(apiVersion, kind === 'ReplicationController');
  if (complaint) errors.push(invalid('spec.scaleTargetRef.apiVersion', apiVersion, complaint));
}

function validateScalingRules(rules: HPAScalingRules | undefined, path: string, errors: FieldError[]): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: seconds = 0, selectPolicy, policies = [], tolerance } = rules;
  if (seconds < 0) errors.push(invalid(`${path}.stabilizationWindowSeconds`, seconds, 'must be greater than or equal to zero'));
  if (seconds > stabilizationSecondsMax) {
    errors.push(invalid(`${path}.stabilizationWindowSeconds`, seconds, `must be less than or equal to ${stabilizationSecondsMax}`));
  }
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) {
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, selectPolicies));
  }
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  policies.forEach(({ type, value, periodSeconds }, i) => {
    const at = `${path}.policies[${i}]`;
    if (!policyTypes.includes(type)) errors.push(notSupported(`${at}.type`, type, policyTypes));
    validatePositive(value, `${at}.value`, errors);
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, mustBePositive));
    if (periodSeconds > periodSecondsMax) {
      errors.push(invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${periodSecondsMax}`));
    }
  });
  if (tolerance !== undefined && parseQuantity(tolerance).sign() < 0) errors.push(invalid(`${path}.tolerance`, tolerance, mustBeNonNegative));
}

export function validateAutoscalerStatus({ status }: HorizontalPodAutoscaler, errors: FieldError[]): void {
  validateNonNegative(status?.currentReplicas, 'status.currentReplicas', errors);
  validateNonNegative(status?.desiredReplicas, 'status.desiredReplicas', errors);
}
