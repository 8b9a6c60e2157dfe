/** ResourceQuotas (pkg/apis/core/validation ValidateResourceQuota). */
import { ScopeSelector, type ResourceQuota, type ResourceQuotaSpec, type ScopedResourceSelectorRequirement } from '../../schema/core/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { equal } from '../../lib/json.ts';
import { asSent } from '../codec/emptied.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { isStandardQuotaResource, validateResourceName, validateResourceQuantity } from './resource-names.ts';
import { fieldIsImmutable, keysOf } from './rules.ts';

const podResources: ReadonlySet<string> = new Set([
  'pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory',
]);
/** The standard resources that each scope can narrow. */
const resourcesOfScope: Readonly<Record<string, ReadonlySet<string>>> = {
  Terminating: podResources, NotTerminating: podResources, NotBestEffort: podResources, PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  BestEffort: new Set(['pods']),
  VolumeAttributesClass: new Set(['persistentvolumeclaims', 'requests.storage']),
};
const scopesThatExist = new Set(['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']);
const conflicts = [['BestEffort', 'NotBestEffort'], ['NotTerminating', 'Terminating']] as const;

export function validateQuota({ spec }: ResourceQuota, errors: FieldError[]): void {
  if (!spec) return;
  validateQuantities(spec.hard, 'spec.hard', errors);
  validateScopes(spec, errors);
  if (spec.scopeSelector) validateScopeSelector(spec, spec.scopeSelector.matchExpressions ?? [], errors);
}

export function validateQuotaStatus({ status }: ResourceQuota, errors: FieldError[]): void {
  validateQuantities(status?.hard, 'status.hard', errors);
  validateQuantities(status?.used, 'status.used', errors);
}

export function validateQuotaUpdate({ spec }: ResourceQuota, old: ResourceQuota, errors: FieldError[]): void {
  const scopesOf = (scopes: readonly string[] | undefined): string[] => [...new Set(scopes)].sort();
  if (!equal(scopesOf(spec?.scopes), scopesOf(old.spec?.scopes))) errors.push(invalid('spec.scopes', asSent(spec, 'scopes'), fieldIsImmutable));
}

function validateQuantities(quantities: Readonly<Record<string, string>> | undefined, path: string, errors: FieldError[]): void {
  for (const name of keysOf(quantities)) {
    const at = `${path}[${name}]`;
    validateResourceName(name, at, errors);
    if (!name.includes('/') && !isStandardQuotaResource(name)) errors.push(invalid(at, name, 'must be a standard resource for quota'));
    validateResourceQuantity(name, parseQuantity(quantities![name]!), at, errors);
  }
}

const isScope = (scope: string): boolean => Object.hasOwn(resourcesOfScope, scope);

/** How many of the limited resources a scope says nothing about: one cause for each. */
function misfits({ hard }: ResourceQuotaSpec, scope: string): number {
  if (!isScope(scope)) return 0;
  return keysOf(hard).filter((name) => isStandardQuotaResource(name) && !resourcesOfScope[scope]!.has(name)).length;
}

function validateScopes(spec: ResourceQuotaSpec, errors: FieldError[]): void {
  const scopes = spec.scopes ?? [];
  for (const scope of scopes) {
    if (!isScope(scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'));
    for (let i = misfits(spec, scope); i > 0; i--) errors.push(invalid('spec.scopes', scopes, 'unsupported scope applied to resource'));
  }
  validateConflicts(scopes, 'spec.scopes', spec, errors);
}

function validateConflicts(scopes: readonly string[], path: string, spec: ResourceQuotaSpec, errors: FieldError[]): void {
  for (const pair of conflicts) {
    if (pair.every((scope) => scopes.includes(scope))) errors.push(invalid(path, asSent(spec, 'scopes'), 'conflicting scopes'));
  }
}

function validateScopeSelector(spec: ResourceQuotaSpec, requirements: readonly ScopedResourceSelectorRequirement[], errors: FieldError[]): void {
  const path = 'spec.scopeSelector.matchExpressions';
  const printed = new RawValue(goJson(internalForm(ScopeSelector, spec.scopeSelector!)));
  for (const { scopeName, operator, values = [] } of requirements) {
    if (!isScope(scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'));
    for (let i = misfits(spec, scopeName); i > 0; i--) errors.push(invalid(path, printed, 'unsupported scope applied to resource'));
    if (scopesThatExist.has(scopeName) && operator !== 'Exists') {
      errors.push(invalid(`${path}.operator`, operator, "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
        + 'ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or '
        + 'ResourceQuotaScopeCrossNamespacePodAffinity'));
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.push(invalid(`${path}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
      }
    } else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  validateConflicts(requirements.map(({ scopeName }) => scopeName), path, spec, errors);
}
