/** LimitRanges (pkg/apis/core/validation ValidateLimitRange). */
import type { LimitRange, LimitRangeItem } from '../../schema/core/v1.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { duplicate, forbidden, invalid, required, type FieldError } from '../field-error.ts';
import { qualifiedName } from './names.ts';
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from './resource-names.ts';
import { invalidForEach, keysOf } from './rules.ts';

const limitTypes = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);
/** Above this, upstream compares ratios in whole units instead of thousandths. */
const milliValueMax = (2n ** 63n - 1n) / 1000n;

export function validateLimitRange({ spec }: LimitRange, errors: FieldError[]): void {
  const seen = new Set<string>();
  (spec?.limits ?? []).forEach((limit, i) => {
    const path = `spec.limits[${i}]`;
    validateType(limit.type, `${path}.type`, errors);
    if (seen.has(limit.type)) errors.push(duplicate(`${path}.type`, limit.type));
    seen.add(limit.type);
    validateLimit(limit, path, errors);
  });
}

function validateType(type: string, path: string, errors: FieldError[]): void {
  const texts = qualifiedName(type);
  invalidForEach(texts, type, path, errors);
  if (texts.length === 0 && !type.includes('/') && !limitTypes.has(type)) {
    errors.push(invalid(path, type, 'must be a standard limit type or fully qualified'));
  }
}

type Member = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';

function validateLimit(limit: LimitRangeItem, path: string, errors: FieldError[]): void {
  const validateName = limit.type === 'Pod' || limit.type === 'Container' ? validateContainerResourceName : validateResourceName;
  const names = new Set<string>();
  const validateNames = (member: Member): void => {
    for (const name of keysOf(limit[member])) {
      validateName(name, `${path}.${member}[${name}]`, errors);
      names.add(name);
    }
  };
  validateNames('max');
  validateNames('min');
  for (const member of ['default', 'defaultRequest'] as const) {
    if (limit.type !== 'Pod') validateNames(member);
    else if (limit[member]) errors.push(forbidden(`${path}.${member}`, "may not be specified when `type` is 'Pod'"));
  }
  if (limit.type === 'PersistentVolumeClaim' && limit.min?.['storage'] === undefined && limit.max?.['storage'] === undefined) {
    errors.push(required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
  }
  validateNames('maxLimitRequestRatio');
  for (const name of [...names].sort()) validateAmounts(limit, name, path, errors);
}

/** What the amounts of one resource must be to each other. */
function validateAmounts(limit: LimitRangeItem, name: string, path: string, errors: FieldError[]): void {
  const amount = (member: Member): Quantity | undefined => {
    if (limit.type === 'Pod' && member.startsWith('default')) return undefined;
    const text = limit[member] && Object.hasOwn(limit[member], name) ? limit[member][name] : undefined;
    return text === undefined ? undefined : parseQuantity(text);
  };
  const [min, max, standard, request, ratio] =
    [amount('min'), amount('max'), amount('default'), amount('defaultRequest'), amount('maxLimitRequestRatio')];
  /** `printed` is the amount that upstream shows, which is not always that of the member. */
  const ordered = (least: Quantity | undefined, most: Quantity | undefined, member: Member, printed: Quantity | undefined, words: [string, string]): void => {
    if (!least || !most || least.cmp(most) <= 0) return;
    errors.push(invalid(`${path}.${member}[${name}]`, printed!.canonical(),
      `${words[0]} value ${least.canonical()} is greater than ${words[1]} value ${most.canonical()}`));
  };
  ordered(min, max, 'min', min, ['min', 'max']);
  ordered(min, request, 'defaultRequest', request, ['min', 'default request']);
  ordered(request, max, 'defaultRequest', request, ['default request', 'max']);
  ordered(request, standard, 'defaultRequest', request, ['default request', 'default limit']);
  ordered(min, standard, 'default', min, ['min', 'default']);
  ordered(standard, max, 'default', max, ['default', 'max']);
  if (ratio) validateRatio(ratio, min, max, `${path}.maxLimitRequestRatio[${name}]`, errors);
  if (!isOvercommitAllowed(name) && standard && request && standard.cmp(request) !== 0) {
    errors.push(invalid(`${path}.defaultRequest[${name}]`, request.canonical(),
      `default value ${standard.canonical()} must equal to defaultRequest value ${request.canonical()} in ${name}`));
  }
}

function validateRatio(ratio: Quantity, min: Quantity | undefined, max: Quantity | undefined, path: string, errors: FieldError[]): void {
  if (ratio.cmp(parseQuantity('1')) < 0) errors.push(invalid(path, ratio.canonical(), `ratio ${ratio.canonical()} is less than 1`));
  if (!min || !max) return;
  const exact = [ratio, min, max].every((quantity) => quantity.value() < milliValueMax);
  const actual = exact ? Number(ratio.milliValue()) / 1000 : Number(ratio.value());
  const most = exact ? Number(max.milliValue()) / Number(min.milliValue()) : Number(max.value()) / Number(min.value());
  if (actual > most) errors.push(invalid(path, ratio.canonical(), `ratio ${ratio.canonical()} is greater than max/min = ${most.toFixed(6)}`));
}
