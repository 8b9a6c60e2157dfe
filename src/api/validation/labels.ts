/** Labels and label selectors (apimachinery/pkg/apis/meta/v1/validation). */
import type { LabelSelector } from '../../schema/meta/v1.ts';
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
    const values = requirement.values ?? [];
    switch (requirement.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) {
          errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
        break;
      default:
        errors.push(invalid(`${at}.operator`, requirement.operator, 'not a valid selector operator'));
    }
    validateLabelName(requirement.key, `${at}.key`, errors);
    if (!allowInvalidValues) values.forEach((value, j) => invalidForEach(labelValue(value), value, `${at}.values[${j}]`, errors));
  });
}
