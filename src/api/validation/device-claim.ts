/** Requests for devices: claims, their templates, and classes (pkg/apis/resource/validation). */
import type {
  DeviceClaim, DeviceClass, DeviceClassSpec, DeviceConstraint, DeviceRequest, DeviceSelector, DeviceToleration, ExactDeviceRequest,
  OpaqueDeviceConfiguration, ResourceClaimTemplate,
} from '../../schema/resource/v1.ts';
import { isObject } from '../../lib/json.ts';
import { invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { validateItems, validateUniqueItems } from './bounded-lists.ts';
import { validateDriverName, validateFullyQualifiedName, validateLabelLike } from './device-names.ts';
import { validateSelectorExpression } from './device-selector.ts';
import { validateLabelName } from './labels.ts';
import { dns1123Subdomain, labelValue } from './names.ts';
import { validateTemplateMeta } from './object-meta.ts';
import { isExtendedResource } from './resource-names.ts';
import { invalidForEach, mustBePositive } from './rules.ts';

export const requestsMax = 32;
const alternativesMax = 8;
const constraintsMax = 32;
export const configurationsMax = 32;
const selectorsMax = 32;
export const rawBytesMax = 10 * 1024;
const allocationModes = ['All', 'ExactCount'];
export const taintEffects = ['NoExecute', 'NoSchedule', 'None'];
const tolerationOperators = ['Equal', 'Exists'];
const badReference = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

export function validateDeviceClaim(claim: DeviceClaim, path: string, errors: FieldError[]): void {
  const known = requestNames(claim);
  validateUniqueItems(claim.requests, requestsMax, ({ name }) => name, validateRequest, `${path}.requests`, errors);
  validateItems(claim.constraints, constraintsMax, (constraint, at) => validateConstraint(constraint, known, at, errors), `${path}.constraints`, errors);
  validateItems(claim.config, configurationsMax, ({ requests, opaque }, at) => {
    validateReferences(requests, known, `${at}.requests`, errors);
    validateOpaque(opaque, at, errors);
  }, `${path}.config`, errors);
}

/** The names of requests, each with those of its alternatives. Of two requests with one name the last counts. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export const requestNames = ({ requests }: DeviceClaim): RequestNames =>
  new Map((requests ?? []).map(({ name, firstAvailable = [] }) => [name, new Set(firstAvailable.map((sub) => sub.name))]));

export function validateReferences(names: readonly string[] | undefined, known: RequestNames, path: string, errors: FieldError[]): void {
  validateUniqueItems(names, requestsMax, (name) => name, (name, at) => validateReference(name, known, at, errors), path, errors);
}

export function validateReference(name: string, known: RequestNames, path: string, errors: FieldError[]): void {
  const parts = name.split('/');
  const [request = '', alternative] = parts;
  if (parts.length <= 2) for (const part of parts) validateLabelLike(part, path, errors);
  const alternatives = parts.length <= 2 ? known.get(request) : undefined;
  if (!alternatives || (alternative !== undefined && !alternatives.has(alternative))) errors.push(invalid(path, name, badReference));
}

function validateRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, path: string, errors: FieldError[]): void {
  validateLabelLike(name, `${path}.name`, errors);
  const hasAlternatives = firstAvailable.length > 0;
  const must = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly && hasAlternatives) errors.push(invalid(path, null, `${must}, but multiple fields are set`));
  else if (exactly) validateExactRequest(exactly, `${path}.exactly`, errors);
  else if (hasAlternatives) {
    validateUniqueItems(firstAvailable, alternativesMax, (sub) => sub.name, (sub, at) => {
      validateLabelLike(sub.name, `${at}.name`, errors);
      validateExactRequest(sub, at, errors);
    }, `${path}.firstAvailable`, errors);
  } else errors.push(required(path, must));
}

type Request = Pick<ExactDeviceRequest, 'deviceClassName' | 'selectors' | 'allocationMode' | 'count' | 'tolerations'>;

function validateExactRequest({ deviceClassName: name, selectors, allocationMode = '', count = 0, tolerations }: Request, path: string, errors: FieldError[]): void {
  if (name) invalidForEach(dns1123Subdomain(name), name, `${path}.deviceClassName`, errors);
  else errors.push(required(`${path}.deviceClassName`));
  validateItems(selectors, selectorsMax, validateSelector, `${path}.selectors`, errors);
  if (!allocationModes.includes(allocationMode)) errors.push(notSupported(`${path}.allocationMode`, allocationMode, allocationModes));
  else if (allocationMode === 'All') {
    if (count !== 0) errors.push(invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'"));
  } else if (count <= 0) errors.push(invalid(`${path}.count`, count, mustBePositive));
  tolerations?.forEach((toleration, i) => validateToleration(toleration, `${path}.tolerations[${i}]`, errors));
}

function validateSelector({ cel }: DeviceSelector, path: string, errors: FieldError[]): void {
  if (!cel) {
    errors.push(required(`${path}.cel`));
    return;
  }
  validateSelectorExpression(cel.expression, `${path}.cel.expression`, errors);
}

function validateToleration({ key, operator = '', value = '', effect }: DeviceToleration, path: string, errors: FieldError[]): void {
  if (key) validateLabelName(key, `${path}.key`, errors);
  switch (operator) {
    case 'Exists':
      if (value) errors.push(invalid(`${path}.value`, value, 'must be empty for operator `Exists`'));
      break;
    case 'Equal':
      invalidForEach(labelValue(value), value, `${path}.value`, errors);
      break;
    case '':
      errors.push(required(`${path}.operator`));
      break;
    default:
      errors.push(notSupported(`${path}.operator`, operator, tolerationOperators));
  }
  if (effect && !taintEffects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, taintEffects));
}

function validateConstraint(constraint: DeviceConstraint, known: RequestNames, path: string, errors: FieldError[]): void {
  const { requests, matchAttribute, distinctAttribute } = constraint;
  validateReferences(requests, known, `${path}.requests`, errors);
  if (matchAttribute !== undefined) validateFullyQualifiedName(matchAttribute, `${path}.matchAttribute`, errors);
  else if (distinctAttribute !== undefined) validateFullyQualifiedName(distinctAttribute, `${path}.distinctAttribute`, errors);
  else errors.push(required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'));
}

export function validateOpaque(opaque: OpaqueDeviceConfiguration | undefined, path: string, errors: FieldError[]): void {
  if (!opaque) {
    errors.push(required(`${path}.opaque`));
    return;
  }
  validateDriverName(opaque.driver, `${path}.opaque.driver`, errors);
  validateRawObject(opaque.parameters, `${path}.opaque.parameters`, errors);
}

/** JSON of any shape, as long as it is an object. */
export function validateRawObject(raw: unknown, path: string, errors: FieldError[]): void {
  if (raw === undefined || raw === null) errors.push(required(path));
  else if (Buffer.byteLength(JSON.stringify(raw)) > rawBytesMax) errors.push(tooLong(path, rawBytesMax));
  else if (!isObject(raw)) errors.push(invalid(path, '<value omitted>', 'must be a valid JSON object'));
}

export function validateClaimTemplate({ spec }: ResourceClaimTemplate, errors: FieldError[]): void {
  validateTemplateMeta(spec.metadata, 'spec.metadata', errors);
  validateDeviceClaim(spec.spec.devices, 'spec.spec.devices', errors);
}

export function validateDeviceClass({ spec }: DeviceClass, errors: FieldError[]): void {
  const { selectors, config, extendedResourceName: name }: DeviceClassSpec = spec;
  validateItems(selectors, selectorsMax, validateSelector, 'spec.selectors', errors);
  validateItems(config, configurationsMax, ({ opaque }, at) => validateOpaque(opaque, at, errors), 'spec.config', errors);
  if (name !== undefined && !isExtendedResource(name)) {
    errors.push(invalid('spec.extendedResourceName', name, 'must be a valid extended resource name'));
  }
}
