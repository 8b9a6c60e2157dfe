/** Roles and bindings (pkg/registry/rbac): names are path segments, and the change of the metadata is checked last. */
import type { ClusterRole, Role, RoleBinding } from '../../schema/rbac/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { pathSegmentName } from '../validation/names.ts';
import { validateBinding, validateBindingUpdate, validateClusterRole, validateRole } from '../validation/rbac.ts';
import { genericStrategy, type Validation } from './generic-strategy.ts';

const as = <T>(object: KubeObject): T => object as unknown as T;

const shared: Validation = { name: pathSegmentName, generateName: pathSegmentName, updateSteps: ['metadata', 'object', 'change', 'update'] };

export const roleStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  ...shared,
  object: (object, errors) => validateRole(as<Role>(object), errors),
});

export const clusterRoleStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  ...shared,
  object: (object, errors) => validateClusterRole(as<ClusterRole>(object), errors),
});

export const bindingStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  ...shared,
  object: (object, errors) => validateBinding(as<RoleBinding>(object), facts.namespaced, errors),
  update: (next, old, errors) => validateBindingUpdate(as<RoleBinding>(next), as<RoleBinding>(old), errors),
});
