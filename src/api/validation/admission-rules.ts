/** What webhooks and admission policies share: which requests they look at (pkg/apis/admissionregistration/validation). */
import type { MatchCondition, MatchResources, NamedRuleWithOperations, RuleWithOperations } from '../../schema/admissionregistration/v1.ts';
import { duplicate, invalid, notSupported, required, tooMany, type FieldError } from '../field-error.ts';
import { validateExpression, type ExpressionVariables } from './admission-expression.ts';
import { validateLabelSelector } from './labels.ts';
import { pathSegmentName, qualifiedName } from './names.ts';
import { invalidForEach } from './rules.ts';

export const failurePolicies = ['Fail', 'Ignore'];
export const matchPolicies = ['Equivalent', 'Exact'];
export const reinvocationPolicies = ['IfNeeded', 'Never'];
const operationNames = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
/** What a mutating policy can change the object of. */
const mutableOperations = operationNames.filter((operation) => operation !== 'DELETE');
const scopes = ['*', 'Cluster', 'Namespaced'];
const conditionsMax = 64;

export function validateOneOf(value: string | undefined, known: readonly string[], path: string, errors: FieldError[]): void {
  if (value !== undefined && !known.includes(value)) errors.push(notSupported(path, value, known));
}

export function validateRule(rule: RuleWithOperations, path: string, errors: FieldError[]): void {
  const { operations = [], apiVersions = [], scope } = rule;
  validateList(operations, `${path}.operations`, 'operations', errors);
  operations.forEach((operation, i) => validateOneOf(operation, operationNames, `${path}.operations[${i}]`, errors));
  validateList(rule.apiGroups, `${path}.apiGroups`, 'API groups', errors);
  validateList(apiVersions, `${path}.apiVersions`, 'API versions', errors);
  apiVersions.forEach((version, i) => {
    if (!version) errors.push(required(`${path}.apiVersions[${i}]`));
  });
  validateResources(rule.resources ?? [], `${path}.resources`, errors);
  validateOneOf(scope, scopes, `${path}.scope`, errors);
}

/** Something must be named, and `*` stands alone. */
function validateList(values: readonly string[] = [], path: string, what: string, errors: FieldError[]): void {
  if (values.length === 0) errors.push(required(path));
  if (values.length > 1 && values.includes('*')) errors.push(invalid(path, values, `if '*' is present, must not specify other ${what}`));
}

/** `pods`, `pods/log`, `pods/*`, `*`, `status` of all and everything: none beside one that says it already. */
function validateResources(resources: readonly string[], path: string, errors: FieldError[]): void {
  if (resources.length === 0) errors.push(required(path));
  const [wholeResources, wholeSubresources] = [new Set<string>(), new Set<string>()];
  let isLastPlain = false;
  resources.forEach((text, i) => {
    const complain = (detail: string): void => void errors.push(invalid(`${path}[${i}]`, text, detail));
    if (!text) {
      errors.push(required(`${path}[${i}]`));
      return;
    }
    const slash = text.indexOf('/');
    if (slash < 0) {
      // The last one without a subresource decides (upstream overwrites its note).
      isLastPlain = text !== '*';
      return;
    }
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholeResources.has(resource)) complain(`if '${resource}/*' is present, must not specify ${text}`);
    if (wholeSubresources.has(subresource)) complain(`if '*/${subresource}' is present, must not specify ${text}`);
    if (subresource === '*') wholeResources.add(resource);
    if (resource === '*') wholeSubresources.add(subresource);
  });
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && isLastPlain) {
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
  }
}

export function validateMatchResources(match: MatchResources | undefined, path: string, errors: FieldError[]): void {
  if (!match) return;
  validateOneOf(match.matchPolicy, matchPolicies, `${path}.matchPolicy`, errors);
  validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`, errors);
  validateLabelSelector(match.objectSelector, `${path}.objectSelector`, errors);
  for (const member of ['resourceRules', 'excludeResourceRules'] as const) {
    match[member]?.forEach((rule, i) => validateNamedRule(rule, `${path}.${member}[${i}]`, errors));
  }
}

/** A policy that changes objects cannot look at deletions. The path does not say which rule. */
export function validateMutableOperations(match: MatchResources | undefined, path: string, errors: FieldError[]): void {
  for (const { operations = [] } of match?.resourceRules ?? []) {
    for (const operation of operations) validateOneOf(operation, mutableOperations, `${path}.resourceRules.operations`, errors);
  }
}

function validateNamedRule(rule: NamedRuleWithOperations, path: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  rule.resourceNames?.forEach((name, i) => {
    const at = `${path}.resourceNames[${i}]`;
    invalidForEach(pathSegmentName(name), name, at, errors);
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  });
  validateRule(rule, path, errors);
}

export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [], variables: ExpressionVariables, path: string, errors: FieldError[],
): void {
  if (conditions.length > conditionsMax) errors.push(tooMany(path, conditions.length, conditionsMax));
  const seen = new Set<string>();
  conditions.forEach(({ name, expression }, i) => {
    const at = `${path}[${i}]`;
    const text = expression.trim();
    if (text === '') errors.push(required(`${at}.expression`));
    else validateExpression(text, variables, ['bool'], `${at}.expression`, errors);
    if (!name) {
      errors.push(required(`${at}.name`));
      return;
    }
    invalidForEach(qualifiedName(name), name, `${at}.name`, errors);
    if (seen.has(name)) errors.push(duplicate(`${at}.name`, name));
    seen.add(name);
  });
}
