/** Questions about rights (pkg/apis/authorization/validation). */
import {
  NonResourceAttributes, type LocalSubjectAccessReview, type ResourceAttributes, type SelfSubjectAccessReview, type SubjectAccessReview,
} from '../../schema/authorization/v1.ts';
import { ObjectMeta } from '../../schema/meta/v1.ts';
import { structType } from '../../schema/struct-type.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { normalize } from '../codec/normalize.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabelRequirement, validateOperands } from './labels.ts';

type Selector<Requirement> = { readonly rawSelector?: string; readonly requirements?: readonly Requirement[] } | undefined;

export function validateSelfAccessReview({ spec, metadata }: SelfSubjectAccessReview, errors: FieldError[]): void {
  validateAttributes(spec, errors);
  validateEmpty(metadata, 'must be empty', errors);
}

export function validateAccessReview({ spec, metadata }: SubjectAccessReview, errors: FieldError[]): void {
  validateSubject(spec, errors);
  validateEmpty(metadata, 'must be empty', errors);
}

export function validateLocalAccessReview({ spec, metadata = {} }: LocalSubjectAccessReview, errors: FieldError[]): void {
  validateSubject(spec, errors);
  const { namespace, ...rest } = metadata;
  validateEmpty(rest, 'must be empty except for namespace', errors, metadata);
  const { resourceAttributes, nonResourceAttributes } = spec;
  const asked = resourceAttributes?.namespace ?? '';
  if (resourceAttributes && asked !== (namespace ?? '')) {
    errors.push(invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace'));
  }
  if (nonResourceAttributes) {
    errors.push(invalid('spec.nonResourceAttributes', printed(nonResourceAttributes), 'disallowed on this kind of request'));
  }
}

type Spec = SubjectAccessReview['spec'];

function validateSubject(spec: Spec, errors: FieldError[]): void {
  const selectors: FieldError[] = [];
  validateAttributes(spec, errors, selectors);
  if (!spec.user && !spec.groups?.length) errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'));
  errors.push(...selectors);
}

/** Causes about the selectors come last, in `selectors` if given. */
function validateAttributes(
  { resourceAttributes, nonResourceAttributes }: Pick<Spec, 'resourceAttributes' | 'nonResourceAttributes'>, errors: FieldError[], selectors = errors,
): void {
  if (resourceAttributes && nonResourceAttributes) {
    errors.push(invalid('spec.nonResourceAttributes', printed(nonResourceAttributes), 'cannot be specified in combination with resourceAttributes'));
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    errors.push(invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'));
  }
  if (resourceAttributes) validateSelectors(resourceAttributes, selectors);
}

const printed = (attributes: NonResourceAttributes): RawValue => new RawValue(goJson(internalForm(NonResourceAttributes, attributes)));

function validateSelectors({ fieldSelector, labelSelector }: ResourceAttributes, errors: FieldError[]): void {
  validateSelector(fieldSelector, 'spec.resourceAttributes.fieldSelector', errors, ({ key, operator, values = [] }, path) => {
    if (!key) errors.push(required(`${path}.key`, 'must be specified'));
    validateOperands(operator, values, path, errors);
  });
  validateSelector(labelSelector, 'spec.resourceAttributes.labelSelector', errors, (requirement, path) => validateLabelRequirement(requirement, path, errors));
}

function validateSelector<Requirement>(
  selector: Selector<Requirement>, path: string, errors: FieldError[], each: (requirement: Requirement, path: string) => void,
): void {
  if (!selector) return;
  const { rawSelector, requirements = [] } = selector;
  if (rawSelector && requirements.length > 0) {
    errors.push(invalid(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements'));
  }
  if (!rawSelector && requirements.length === 0) {
    errors.push(required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`));
  }
  requirements.forEach((requirement, i) => each(requirement, `${path}.requirements[${i}]`));
}

/** Field managers are tracked even in what is never stored. */
function validateEmpty(metadata: ObjectMeta | undefined, why: string, errors: FieldError[], shown = metadata): void {
  const { managedFields: _, ...rest } = metadata ?? {};
  if (Object.keys(rest).length > 0) errors.push(invalid('metadata', normalize(structType(ObjectMeta), shown), why));
}
