/** Nodes (pkg/registry/core/node): the kubelet that registers one sends its status along. */
import type { Node } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateNode, validateNodeUpdate } from '../validation/node.ts';
import { genericStrategy } from './generic-strategy.ts';

const asNode = (object: KubeObject): Node => object as unknown as Node;

export function nodeStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateNode(asNode(object), errors),
    update: (next, old, errors) => validateNodeUpdate(asNode(next), asNode(old), errors),
    updateSteps: ['metadata', 'object', 'change', 'update'],
    status: (next, old, errors) => validateNodeUpdate(asNode(next), asNode(old), errors),
  });
  return {
    ...generic,
    convert: syncPodCIDR,
    prepareForCreate: () => undefined,
    selectableFields: (object) => ({ 'spec.unschedulable': String(asNode(object).spec?.unschedulable ?? false) }),
  };
}

/** podCIDR is the first of podCIDRs, and wins when they differ. */
function syncPodCIDR(object: KubeObject): void {
  const { spec } = asNode(object);
  if (!spec) return;
  if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
  if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
}
