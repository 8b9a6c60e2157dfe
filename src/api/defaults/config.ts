/** Defaults of ConfigMaps, Secrets, limit ranges, roles and tokens. */
import { TokenRequestSpec } from '../../schema/authentication/v1.ts';
import { LimitRangeItem, Secret } from '../../schema/core/v1.ts';
import { RoleBinding, ClusterRoleBinding } from '../../schema/rbac/v1.ts';
import { PriorityClass } from '../../schema/scheduling/v1.ts';
import { fillMissing } from './resource-list.ts';
import { rule, type Rule } from './rule.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const defaultTokenSeconds = 3600;

export const configDefaults: readonly Rule[] = [
  rule(Secret, (secret) => {
    secret.type ??= 'Opaque';
  }),
  rule(LimitRangeItem, (item) => {
    if (item.type !== 'Container') return;
    const limits = { ...item.default };
    fillMissing(limits, item.max);
    const requests = { ...item.defaultRequest };
    fillMissing(requests, limits);
    fillMissing(requests, item.min);
    if (Object.keys(limits).length > 0) item.default = limits;
    if (Object.keys(requests).length > 0) item.defaultRequest = requests;
  }),
  rule(RoleBinding, defaultBinding),
  rule(ClusterRoleBinding, defaultBinding),
  rule(PriorityClass, (priorityClass) => {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  }),
  rule(TokenRequestSpec, (spec) => {
    spec.expirationSeconds ??= defaultTokenSeconds;
  }),
];

function defaultBinding({ roleRef, subjects = [] }: { roleRef: { apiGroup?: string }; subjects?: { kind: string; apiGroup?: string }[] }): void {
  roleRef.apiGroup ||= rbacGroup;
  for (const subject of subjects) if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= rbacGroup;
}
