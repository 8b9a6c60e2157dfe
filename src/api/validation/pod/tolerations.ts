/** `spec.tolerations`. */
import type { Toleration } from '../../../schema/core/v1.ts';
import { invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { validateLabelName } from '../labels.ts';
import { labelValue } from '../names.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
/** Gt and Lt are known to the server although their gate is off, so only its answer to them lists them. */
const operators = ['Equal', 'Exists'];
const comparisonOperators = ['Lt', 'Gt'];

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: string, errors: FieldError[]): void {
  tolerations?.forEach((toleration, i) => {
    const at = `${path}[${i}]`;
    const { key = '', operator = '', effect = '' } = toleration;
    if (key) validateLabelName(key, `${at}.key`, errors);
    else if (operator !== 'Exists') {
      errors.push(invalid(`${at}.operator`, operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    validateValue(operator, toleration.value ?? '', `${at}.operator`, errors);
    if (effect) validateTaintEffect(effect, `${at}.effect`, errors);
  });
}

/** Upstream reports mistakes of the value at the operator. */
function validateValue(operator: string, value: string, path: string, errors: FieldError[]): void {
  if (operator === 'Equal' || operator === '') {
    const texts = labelValue(value);
    if (texts.length > 0) errors.push(invalid(path, value, texts.join(';')));
  } else if (operator === 'Exists') {
    if (value) errors.push(invalid(path, value, "value must be empty when `operator` is 'Exists'"));
  } else {
    const supported = comparisonOperators.includes(operator) ? [...operators, ...comparisonOperators] : operators;
    errors.push(notSupported(path, operator, supported));
  }
}

/** The effect of a taint or a toleration. */
export function validateTaintEffect(effect: string, path: string, errors: FieldError[]): void {
  if (!effect) errors.push(required(path));
  else if (!effects.includes(effect)) errors.push(notSupported(path, effect, effects));
}
