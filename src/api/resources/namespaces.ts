/** Namespaces (pkg/registry/core/namespace/strategy.go): born active, with the finalizer of their controller and their name as a label. */
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Namespace } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { Strategy } from '../strategy.ts';
import { genericStrategy } from './generic-strategy.ts';

const finalizer = 'kubernetes';
const nameLabel = 'kubernetes.io/metadata.name';

export function namespaceStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts);
  return {
    ...generic,
    convert: (object) => {
      if (object.metadata.name) object.metadata.labels = { ...object.metadata.labels, [nameLabel]: object.metadata.name };
    },
    prepareForCreate: (object, context) => {
      generic.prepareForCreate?.(object, context);
      const namespace = object as unknown as Namespace;
      const finalizers = namespace.spec.finalizers ?? [];
      namespace.spec.finalizers = finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
      namespace.status = { phase: 'Active' };
    },
    selectableFields: (object: KubeObject) => ({ 'status.phase': (object as unknown as Namespace).status?.phase ?? '' }),
  };
}
