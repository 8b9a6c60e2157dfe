/** Admission policies, validating and mutating, and their bindings (pkg/apis/admissionregistration/validation). */
import {
  AuditAnnotation, type MutatingAdmissionPolicy, type MutatingAdmissionPolicyBinding, type Mutation, type ParamKind, type ParamRef,
  type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding, type Validation, type Variable,
} from '../../schema/admissionregistration/v1.ts';
import type { CelType } from '../cel/types.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateExpression, variableType, type ExpressionVariables } from './admission-expression.ts';
import {
  failurePolicies, reinvocationPolicies, validateMatchConditions, validateMatchResources, validateMutableOperations, validateOneOf,
} from './admission-rules.ts';
import { validateConditions } from './conditions.ts';
import { internalForm } from './internal-form.ts';
import { jsonPathFault } from './json-path.ts';
import { validateLabelSelector } from './labels.ts';
import { dns1035Label, dns1123Subdomain, pathSegmentName, qualifiedName } from './names.ts';
import { invalidForEach } from './rules.ts';

const auditAnnotationsMax = 20;
const auditExpressionBytesMax = 5 * 1024;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const actions = ['Audit', 'Deny', 'Warn'];
const notFoundActions = ['Deny', 'Allow'];
const patchTypes = ['ApplyConfiguration', 'JSONPatch'];
const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let',
  'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);
const missingValidations = 'validations or auditAnnotations must contain at least one item';

/** `sameConditions`: the match conditions, and what they may refer to, are those that are stored. */
export function validateValidatingPolicy(policy: ValidatingAdmissionPolicy, sameConditions: boolean, errors: FieldError[]): void {
  const { metadata, spec } = policy;
  const variables = validateCommonSpec(spec, sameConditions, errors);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    errors.push(required('spec.validations', missingValidations), required('spec.auditAnnotations', missingValidations));
    return;
  }
  validations.forEach((validation, i) => validateValidation(validation, variables, `spec.validations[${i}]`, errors));
  if (auditAnnotations.length > auditAnnotationsMax) {
    const printed = auditAnnotations.map((one) => internalForm(AuditAnnotation, one));
    errors.push(invalid('spec.auditAnnotations', printed, `must not have more than ${auditAnnotationsMax} auditAnnotations`));
  }
  const keys = new Set<string>();
  auditAnnotations.forEach((annotation, i) => {
    const path = `spec.auditAnnotations[${i}]`;
    validateAuditAnnotation(annotation, metadata, variables, path, errors);
    if (keys.has(annotation.key)) errors.push(duplicate(`${path}.key`, annotation.key));
    keys.add(annotation.key);
  });
}

export function validateMutatingPolicy({ spec }: MutatingAdmissionPolicy, sameConditions: boolean, errors: FieldError[]): void {
  const before = validateCommonSpec(spec, sameConditions, errors, true);
  const variables = { ...before, patchTypes: true };
  const { mutations = [], reinvocationPolicy: policy } = spec;
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'));
  mutations.forEach((mutation, i) => validateMutation(mutation, variables, `spec.mutations[${i}]`, errors));
  if (policy) validateOneOf(policy, reinvocationPolicies, 'spec.reinvocationPolicy', errors);
  else errors.push(required('spec.reinvocationPolicy'));
}

type Spec = ValidatingAdmissionPolicy['spec'] | MutatingAdmissionPolicy['spec'];

/** Answers what the policy's expressions may refer to. */
function validateCommonSpec(spec: Spec, sameConditions: boolean, errors: FieldError[], isMutating = false): ExpressionVariables {
  const { paramKind, matchConstraints, variables = [] } = spec;
  const params = paramKind !== undefined;
  validateOneOf(spec.failurePolicy, failurePolicies, 'spec.failurePolicy', errors);
  if (paramKind) validateParamKind(paramKind, errors);
  if (matchConstraints) {
    validateMatchResources(matchConstraints, 'spec.matchConstraints', errors);
    if (!matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'));
    if (isMutating) validateMutableOperations(matchConstraints, 'spec.matchConstraints', errors);
  } else errors.push(required('spec.matchConstraints'));
  if (!sameConditions) validateMatchConditions(spec.matchConditions, { params, authorizer: true }, 'spec.matchConditions', errors);
  const composed: Record<string, CelType> = {};
  const known: ExpressionVariables = { params, authorizer: true, ...(variables.length > 0 || isMutating ? { variables: composed } : {}) };
  variables.forEach((variable, i) => {
    validateVariable(variable, known, `spec.variables[${i}]`, errors);
    composed[variable.name] = variableType(variable.expression, known);
  });
  return known;
}

function validateVariable({ name, expression }: Variable, known: ExpressionVariables, path: string, errors: FieldError[]): void {
  if (name.trim() === '') errors.push(required(`${path}.name`, 'name is not specified'));
  else if (!/^[_a-zA-Z]\w*$/.test(name) || reserved.has(name)) errors.push(invalid(`${path}.name`, name, 'must be a valid CEL identifier'));
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
  else validateExpression(expression, known, undefined, `${path}.expression`, errors);
}

function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, errors: FieldError[]): void {
  const path = 'spec.paramKind.apiVersion';
  const parts = apiVersion === '/' ? ['', ''] : apiVersion.split('/');
  if (apiVersion === '') errors.push(required(path));
  else if (parts.length > 2) errors.push(invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const [group, version] = parts.length === 1 ? ['', apiVersion] : parts as [string, string];
    const [groupFault, versionFault] = [dns1123Subdomain(group), dns1035Label(version)];
    if (group && groupFault.length > 0) errors.push(invalid(path, group, groupFault.join(',')));
    if (!version) errors.push(invalid(path, apiVersion, 'version must be specified'));
    else if (versionFault.length > 0) errors.push(invalid(path, version, versionFault.join(',')));
  }
  const fault = dns1035Label(kind.toLowerCase());
  if (!kind) errors.push(required('spec.paramKind.kind'));
  else if (fault.length > 0) errors.push(invalid('spec.paramKind.kind', kind, `may have mixed case, but should otherwise match: ${fault.join(',')}`));
}

function validateValidation(validation: Validation, known: ExpressionVariables, path: string, errors: FieldError[]): void {
  const { expression, message = '', messageExpression = '', reason } = validation;
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
  else validateExpression(expression, known, ['bool'], `${path}.expression`, errors);
  if (messageExpression.trim() !== '') {
    validateExpression(messageExpression, { ...known, authorizer: false }, ['string'], `${path}.messageExpression`, errors);
  } else if (messageExpression !== '') errors.push(invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  if (message !== '' && message.trim() === '') errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim())) errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  validateOneOf(reason, reasons, `${path}.reason`, errors);
}

function validateAuditAnnotation(
  { key, valueExpression }: AuditAnnotation, { name }: ObjectMeta, known: ExpressionVariables, path: string, errors: FieldError[],
): void {
  if (name) invalidForEach(qualifiedName(`${name}/${key}`), `${name}/${key}`, `${path}.key`, errors);
  else errors.push(invalid(`${path}.key`, key, 'requires metadata.name be non-empty'));
  const at = `${path}.valueExpression`;
  const text = valueExpression.trim();
  if (text === '') errors.push(required(at, 'valueExpression is not specified'));
  else if (Buffer.byteLength(text) > auditExpressionBytesMax) errors.push(required(at, `must not exceed ${auditExpressionBytesMax} bytes in length`));
  else validateExpression(text, known, ['string', 'null_type'], at, errors, valueExpression);
}

function validateMutation({ patchType, applyConfiguration, jsonPatch }: Mutation, known: ExpressionVariables, path: string, errors: FieldError[]): void {
  if (!patchType) {
    errors.push(required(`${path}.patchType`));
    return;
  }
  if (!patchTypes.includes(patchType)) {
    errors.push(notSupported(`${path}.patchType`, patchType, patchTypes));
    return;
  }
  const isPatch = patchType === 'JSONPatch';
  const [own, other] = isPatch ? ['jsonPatch', 'applyConfiguration'] as const : ['applyConfiguration', 'jsonPatch'] as const;
  const [given, spare] = isPatch ? [jsonPatch, applyConfiguration] : [applyConfiguration, jsonPatch];
  if (!given) errors.push(required(`${path}.${own}`, `must be specified when patchType is ${patchType}`));
  else {
    const text = (given.expression ?? '').trim();
    const at = `${path}.${own}.expression`;
    if (text === '') errors.push(required(at));
    else validateExpression(text, known, [isPatch ? 'list(JSONPatch)' : 'Object'], at, errors);
  }
  if (spare) errors.push(invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${patchType}`));
}

export function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding, errors: FieldError[]): void {
  validateCommonBinding(spec, errors);
  const path = 'spec.validationActions';
  const { validationActions: chosen = [] } = spec;
  chosen.forEach((action, i) => {
    validateOneOf(action, actions, `${path}[${i}]`, errors);
    if (chosen.indexOf(action) < i) errors.push(duplicate(`${path}[${i}]`, action));
  });
  if (chosen.includes('Deny') && chosen.includes('Warn')) {
    errors.push(invalid(path, chosen, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'));
  }
  if (chosen.length === 0) errors.push(required(path, 'at least one validation action is required'));
}

export function validateMutatingBinding({ spec }: MutatingAdmissionPolicyBinding, errors: FieldError[]): void {
  validateCommonBinding(spec, errors);
  validateMutableOperations(spec.matchResources, 'spec.matchResources', errors);
}

function validateCommonBinding({ policyName, paramRef, matchResources }: MutatingAdmissionPolicyBinding['spec'], errors: FieldError[]): void {
  if (policyName) invalidForEach(dns1123Subdomain(policyName), policyName, 'spec.policyName', errors);
  else errors.push(required('spec.policyName'));
  if (paramRef) validateParamRef(paramRef, 'spec.paramRef', errors);
  validateMatchResources(matchResources, 'spec.matchResources', errors);
}

function validateParamRef({ name, selector, parameterNotFoundAction: action }: ParamRef, path: string, errors: FieldError[]): void {
  const exclusive = 'name and selector are mutually exclusive';
  if (name) {
    invalidForEach(pathSegmentName(name), name, `${path}.name`, errors);
    if (selector) errors.push(forbidden(`${path}.name`, exclusive));
  }
  if (selector) {
    validateLabelSelector(selector, `${path}.selector`, errors);
    if (name) errors.push(forbidden(`${path}.selector`, exclusive));
  }
  if (!name && !selector) errors.push(required(path, 'one of name or selector must be specified'));
  if (action) validateOneOf(action, notFoundActions, `${path}.parameterNotFoundAction`, errors);
  else errors.push(required(`${path}.parameterNotFoundAction`));
}

export function validatePolicyStatus({ status }: ValidatingAdmissionPolicy, errors: FieldError[]): void {
  status?.typeChecking?.expressionWarnings?.forEach(({ fieldRef, warning }, i) => {
    const path = `status.typeChecking.expressionWarnings[${i}]`;
    if (!warning) errors.push(required(`${path}.warning`));
    const at = fieldRef.trim();
    const fault = jsonPathFault(at);
    if (at === '') errors.push(required(`${path}.fieldRef`));
    else if (fault) errors.push(invalid(`${path}.fieldRef`, at, `invalid JSONPath: ${fault}`));
  });
  validateConditions(status?.conditions, 'status.conditions', errors);
}
