/** Nodes (pkg/registry/core/node): the kubelet that registers one sends its status along. */
import type { Node } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { warningsForCIDR } from '../validation/cidrs.ts';
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
  const status = generic.subresources!['status']!;
  return {
    ...generic,
    convert: syncPodCIDR,
    prepareForCreate: dropConfigSource,
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate!(next, old, context);
      dropConfigSource(next);
    },
    warningsOnCreate: warningsFor,
    warningsOnUpdate: warningsFor,
    subresources: { status: { ...status, prepareForUpdate: (next, old, context) => {
      status.prepareForUpdate!(next, old, context);
      dropConfigSource(next);
    } } },
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

/** Dynamic kubelet configuration is no more: nodes that do not have it yet do not get it. */
function dropConfigSource(object: KubeObject): void {
  const { spec, status } = asNode(object);
  delete spec?.configSource;
  delete status?.config;
}

function warningsFor(object: KubeObject): string[] {
  const { externalID, podCIDRs = [] } = asNode(object).spec ?? {};
  return [
    ...(externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...podCIDRs.flatMap((value, i) => warningsForCIDR(value, `spec.podCIDRs[${i}]`)),
  ];
}
