/** Counts that may be given as a percentage (pkg/apis/apps/validation ValidatePositiveIntOrPercent, IsNotMoreThan100Percent). */
import { invalid, type FieldError } from '../field-error.ts';
import { percent } from './names.ts';
import { invalidForEach, validateNonNegative } from './rules.ts';

/** `cap`: more than 100% is refused, too. */
export function validateIntOrPercent(value: number | string, path: string, errors: FieldError[], cap = true): void {
  if (typeof value === 'number') validateNonNegative(value, path, errors);
  else invalidForEach(percent(value), value, path, errors);
  if (cap && typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100) {
    errors.push(invalid(path, value, 'must not be greater than 100%'));
  }
}

/** Zero in either form; text that is neither number nor percentage counts as zero. */
export const isZeroCount = (value: number | string): boolean => (typeof value === 'number' ? value : Number.parseInt(value, 10) || 0) === 0;
