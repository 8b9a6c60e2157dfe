/** Conditions of the type that all kinds may share (apimachinery/pkg/apis/meta/v1/validation, ValidateConditions). */
import type { Condition } from '../../schema/meta/v1.ts';
import { duplicate, invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { validateLabelName } from './labels.ts';
import { conditionReason } from './names.ts';
import { invalidForEach } from './rules.ts';

const statuses = ['False', 'True', 'Unknown'];
const reasonBytesMax = 1024;
const messageBytesMax = 32 * 1024;

export function validateConditions(conditions: readonly Condition[] | undefined, path: string, errors: FieldError[]): void {
  const types = new Set<string>();
  conditions?.forEach((condition, i) => {
    const at = `${path}[${i}]`;
    if (types.has(condition.type)) errors.push(duplicate(`${at}.type`, condition.type));
    types.add(condition.type);
    validateCondition(condition, at, errors);
  });
}

function validateCondition(condition: Condition, path: string, errors: FieldError[]): void {
  const { type, status, observedGeneration, lastTransitionTime, reason, message } = condition;
  validateLabelName(type, `${path}.type`, errors);
  if (!statuses.includes(status)) errors.push(notSupported(`${path}.status`, status, statuses));
  if (observedGeneration !== undefined && observedGeneration < 0) {
    errors.push(invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'));
  }
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`));
  if (!reason) errors.push(required(`${path}.reason`));
  else {
    invalidForEach(conditionReason(reason), reason, `${path}.reason`, errors);
    if (Buffer.byteLength(reason) > reasonBytesMax) errors.push(tooLong(`${path}.reason`, reasonBytesMax));
  }
  if (Buffer.byteLength(message ?? '') > messageBytesMax) errors.push(tooLong(`${path}.message`, messageBytesMax));
}
