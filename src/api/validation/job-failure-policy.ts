/** What a Job does about failed Pods (pkg/apis/batch/validation: validatePodFailurePolicy). */
import type { JobSpec, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from '../../schema/batch/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { asSent } from '../codec/emptied.ts';
import { duplicate, invalid, invalidUnprinted, notSupported, required, tooMany, type FieldError } from '../field-error.ts';
import { validateLabelName } from './labels.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];
const rulesMax = 20;
const exitCodesMax = 255;
const patternsMax = 20;

export function validateFailurePolicy({ podFailurePolicy, backoffLimitPerIndex, template }: JobSpec, path: string, errors: FieldError[]): void {
  const rules = podFailurePolicy?.rules ?? [];
  if (rules.length > rulesMax) errors.push(tooMany(`${path}.rules`, rules.length, rulesMax));
  const { containers = [], initContainers = [] } = template.spec;
  const names = new Set([...(containers ?? []), ...initContainers].map(({ name }) => name));
  rules.forEach((rule, i) => validateRule(rule, backoffLimitPerIndex !== undefined, `${path}.rules[${i}]`, names, errors));
}

function validateRule(rule: PodFailurePolicyRule, hasIndexLimit: boolean, path: string, names: ReadonlySet<string>, errors: FieldError[]): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (action === 'FailIndex') {
    if (!hasIndexLimit) errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  } else validateChoice(action, actions, `${path}.action`, errors);
  if (onExitCodes) validateExitCodes(onExitCodes, `${path}.onExitCodes`, names, errors);
  const hasConditions = onPodConditions.length > 0;
  if (onPodConditions.length > patternsMax) errors.push(tooMany(`${path}.onPodConditions`, onPodConditions.length, patternsMax));
  onPodConditions.forEach(({ type, status }, i) => {
    const at = `${path}.onPodConditions[${i}]`;
    validateLabelName(type, `${at}.type`, errors);
    validateChoice(status, statuses, `${at}.status`, errors);
  });
  if (onExitCodes && hasConditions) errors.push(invalidUnprinted(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && !hasConditions) errors.push(invalidUnprinted(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validateChoice(value: string | undefined, supported: readonly string[], path: string, errors: FieldError[]): void {
  if (!value) errors.push(required(path, `valid values: [${supported.map(quote).join(' ')}]`));
  else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
}

function validateExitCodes(codes: PodFailurePolicyOnExitCodesRequirement, path: string, names: ReadonlySet<string>, errors: FieldError[]): void {
  const { operator, containerName } = codes;
  const values = codes.values ?? [];
  validateChoice(operator, operators, `${path}.operator`, errors);
  if (containerName !== undefined && !names.has(containerName)) {
    errors.push(invalid(`${path}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'));
  }
  if (values.length === 0) errors.push(invalid(`${path}.values`, asSent(codes, 'values'), 'at least one value is required'));
  else if (values.length > exitCodesMax) errors.push(tooMany(`${path}.values`, values.length, exitCodesMax));
  const seen = new Set<number>();
  values.forEach((value, i) => {
    if (operator === 'In' && value === 0) errors.push(invalid(`${path}.values[${i}]`, value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(`${path}.values[${i}]`, value));
    seen.add(value);
  });
  if (values.some((value, i) => i > 0 && values[i - 1]! > value)) errors.push(invalid(`${path}.values`, values, 'must be ordered'));
}
