/** How much of a device's capacity a claim may ask for (pkg/apis/resource/validation, validateRequestPolicy). */
import type { CapacityRequestPolicy, CapacityRequestPolicyRange } from '../../schema/resource/v1.ts';
import { canonicalQuantity, parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { forbidden, invalid, required, type FieldError } from '../field-error.ts';
import { validateUniqueItems } from './bounded-lists.ts';

const optionsMax = 10;

/** `capacity` is all that there is. */
export function validateRequestPolicy(capacity: string, policy: CapacityRequestPolicy, path: string, errors: FieldError[]): void {
  const { validValues = [], validRange, default: usual } = policy;
  if (validValues.length > 0 && validRange) {
    errors.push(forbidden(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'));
  } else if (validValues.length > 0) {
    if (usual === null) errors.push(required(`${path}.default`, 'required when validValues is defined'));
    else validateValues(usual, capacity, validValues, `${path}.validValues`, errors);
  } else if (validRange) {
    if (usual === null) errors.push(required(`${path}.default`, 'required when validRange is defined'));
    else validateRange(usual, capacity, validRange, `${path}.validRange`, errors);
  }
}

const compare = (a: string, b: string): number => parseQuantity(a).cmp(parseQuantity(b));

function validateValues(usual: string, capacity: string, values: readonly string[], path: string, errors: FieldError[]): void {
  values.slice(1).forEach((value, i) => {
    if (compare(values[i]!, value) > 0) errors.push(invalid(`${path}[${i + 1}]`, canonicalQuantity(value), 'values must be sorted in ascending order'));
  });
  validateUniqueItems(values, optionsMax, (value) => String(parseQuantity(value).value()), (value, at) => {
    if (compare(value, capacity) > 0) errors.push(invalid(at, canonicalQuantity(value), `option is larger than capacity value: ${canonicalQuantity(capacity)}`));
  }, path, errors);
  if (values.length > optionsMax || !values.some((value) => compare(value, usual) === 0)) {
    errors.push(invalid(path, canonicalQuantity(usual), 'default value is not valid according to the requestPolicy'));
  }
}

function validateRange(usual: string, capacity: string, { min, max, step }: CapacityRequestPolicyRange, path: string, errors: FieldError[]): void {
  const text = canonicalQuantity;
  const complain = (member: string, value: string, detail: string): void => void errors.push(invalid(`${path}.${member}`, text(value), detail));
  if (min === undefined) {
    errors.push(required(`${path}.min`, 'required when validRange is defined'));
    return;
  }
  if (compare(min, capacity) > 0) complain('min', min, `min is larger than capacity value: ${text(capacity)}`);
  if (compare(usual, min) < 0) complain('min', usual, `default is less than min: ${text(min)}`);
  if (max !== undefined) {
    if (compare(min, max) > 0) complain('max', min, `min is larger than max: ${text(max)}`);
    if (compare(max, capacity) > 0) complain('max', max, `max is larger than capacity value: ${text(capacity)}`);
    if (compare(usual, max) > 0) complain('max', usual, `default is more than max: ${text(max)}`);
  }
  if (step === undefined) return;
  const first: Quantity = parseQuantity(min).add(parseQuantity(step));
  if (first.cmp(parseQuantity(capacity)) > 0) complain('step', step, `one step ${first.canonical()} is larger than capacity value: ${text(capacity)}`);
  for (const value of [usual, max]) {
    if (value !== undefined && !isMultiple(value, min, step)) complain('step', value, `value is not a multiple of a given step (${text(step)}) from (${text(min)})`);
  }
}

function isMultiple(value: string, min: string, step: string): boolean {
  const size = parseQuantity(step).value();
  return size === 0n || (parseQuantity(value).value() - parseQuantity(min).value()) % size === 0n;
}
