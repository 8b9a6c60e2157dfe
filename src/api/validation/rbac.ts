/** Roles and bindings (pkg/apis/rbac/validation). */
import type { ClusterRole, PolicyRule, Role, RoleBinding, Subject } from '../../schema/rbac/v1.ts';
import { storedLabelSelector } from '../../schema/values/label-selector.ts';
import { equal } from '../../lib/json.ts';
import { invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateLabelSelector } from './labels.ts';
import { nameIsDNSSubdomain, pathSegmentName } from './names.ts';
import { invalidForEach } from './rules.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

export function validateRole({ rules }: Role, errors: FieldError[]): void {
  rules?.forEach((rule, i) => validateRule(rule, true, `rules[${i}]`, errors));
}

export function validateClusterRole({ rules, aggregationRule }: ClusterRole, errors: FieldError[]): void {
  rules?.forEach((rule, i) => validateRule(rule, false, `rules[${i}]`, errors));
  if (!aggregationRule) return;
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  selectors.forEach((selector, i) => {
    validateLabelSelector(selector, `${path}[${i}]`, errors);
    if (!storedLabelSelector(selector)) errors.push(invalid(`${path}[${i}]`, null, 'invalid label selector.'));
  });
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: string, errors: FieldError[]): void {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  if (!verbs?.length) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs?.length) {
    const at = `${path}.nonResourceURLs`;
    if (namespaced) errors.push(invalid(at, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups?.length || resources?.length || resourceNames?.length) {
      errors.push(invalid(at, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
    }
    return;
  }
  if (!apiGroups?.length) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!resources?.length) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
}

/** A RoleBinding; a ClusterRoleBinding has the same members when not `namespaced`. */
export function validateBinding({ roleRef, subjects }: RoleBinding, namespaced: boolean, errors: FieldError[]): void {
  if (roleRef.apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup ?? '', [rbacGroup]));
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind, kinds));
  if (!roleRef.name) errors.push(required('roleRef.name'));
  else invalidForEach(pathSegmentName(roleRef.name), roleRef.name, 'roleRef.name', errors);
  subjects?.forEach((subject, i) => validateSubject(subject, namespaced, `subjects[${i}]`, errors));
}

function validateSubject({ kind, name, apiGroup = '', namespace }: Subject, namespaced: boolean, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`));
  switch (kind) {
    case 'ServiceAccount':
      if (name) invalidForEach(nameIsDNSSubdomain(name), name, `${path}.name`, errors);
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      if (!namespaced && !namespace) errors.push(required(`${path}.namespace`));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]));
      break;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  }
}

export function validateBindingUpdate(next: RoleBinding, old: RoleBinding, errors: FieldError[]): void {
  if (!equal(next.roleRef, old.roleRef)) errors.push(invalid('roleRef', internalRef(next.roleRef), 'cannot change roleRef'));
}

/** The reference with the member names of the internal type, as upstream prints it. */
const internalRef = ({ apiGroup = '', kind, name }: RoleBinding['roleRef']) => ({ APIGroup: apiGroup, Kind: kind, Name: name });
