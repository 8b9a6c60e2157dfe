/** Labels and label selectors (apimachinery/pkg/apis/meta/v1/validation). */
import type { LabelSelector, LabelSelectorRequirement } from '../../schema/meta/v1.ts';
import { forbidden, invalid, required, type FieldError } from '../field-error.ts';
import { qualifiedName, labelValue } from './names.ts';
import { invalidForEach, keysOf } from './rules.ts';

export function validateLabelName(name: string, path: string, errors: FieldError[]): void {
  invalidForEach(qualifiedName(name), name, path, errors);
}

/** A map of labels; upstream's paths do not name the key. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string, errors: FieldError[]): void {
  for (const name of keysOf(labels)) {
    validateLabelName(name, path, errors);
    invalidForEach(labelValue(labels![name]!), labels![name], path, errors);
  }
}

/** `allowInvalidValues`: for kinds that let stand the values which were not checked when they were stored. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string, errors: FieldError[], allowInvalidValues = false): void {
  if (!selector) return;
  validateLabels(selector.matchLabels, `${path}.matchLabels`, errors);
  selector.matchExpressions?.forEach((requirement, i) => {
    const at = `${path}.matchExpressions[${i}]`;
    const { operator } = requirement;
    if (!selectorOperators.includes(operator)) errors.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'));
    validateLabelRequirement(requirement, at, errors, allowInvalidValues);
  });
}

const selectorOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** One requirement of a label selector, whose operator may be one that is not known. */
export function validateLabelRequirement(
  { key, operator, values = [] }: LabelSelectorRequirement, path: string, errors: FieldError[], allowInvalidValues = false,
): void {
  validateOperands(operator, values, path, errors);
  validateLabelName(key, `${path}.key`, errors);
  if (!allowInvalidValues) values.forEach((value, i) => invalidForEach(labelValue(value), value, `${path}.values[${i}]`, errors));
}

/** Some operators need values, others take none. */
export function validateOperands(operator: string, values: readonly string[], path: string, errors: FieldError[]): void {
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
    errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  }
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  }
}
