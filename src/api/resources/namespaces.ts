/** Namespaces (pkg/registry/core/namespace): born active, with their name as a label; their content holds them back. */
import type { Namespace } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { invalid, type FieldError } from '../field-error.ts';
import type { Strategy, UpdateStrategy } from '../strategy.ts';
import { nameIsDNSLabel, nameIsDNSLabelPrefix } from '../validation/names.ts';
import { validateFinalizerName, validateStandardFinalizerName } from '../validation/object-meta.ts';
import { genericStrategy } from './generic-strategy.ts';

const finalizer = 'kubernetes';
const nameLabel = 'kubernetes.io/metadata.name';
const asNamespace = (object: KubeObject): Namespace => object as unknown as Namespace;

export function namespaceStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    name: nameIsDNSLabel, generateName: nameIsDNSLabelPrefix,
    object: (object, errors) => validateFinalizers(asNamespace(object), errors),
    status: (object, _old, errors) => validatePhase(asNamespace(object), errors),
  });
  return {
    ...generic,
    convert: setNameLabel,
    prepareForCreate: (object) => {
      const namespace = asNamespace(object);
      const finalizers = namespace.spec.finalizers ?? [];
      namespace.spec.finalizers = finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
      namespace.status = { phase: 'Active' };
      setNameLabel(object);
    },
    prepareForUpdate: (object, old) => {
      const [next, previous] = [asNamespace(object), asNamespace(old)];
      next.status = previous.status;
      next.spec = { ...next.spec };
      delete next.spec.finalizers;
      if (previous.spec.finalizers) next.spec.finalizers = previous.spec.finalizers;
    },
    heldBack: (object) => (asNamespace(object).spec.finalizers?.length ?? 0) > 0,
    markTerminating: (object) => {
      asNamespace(object).status.phase = 'Terminating';
    },
    selectableFields: (object) => ({ 'status.phase': asNamespace(object).status?.phase ?? '' }),
    subresources: { ...generic.subresources, finalize: finalizeStrategy(generic.subresources!['finalize']!) },
  };
}

/** `finalize` takes spec.finalizers, and with it everything but the status. */
const finalizeStrategy = (generic: UpdateStrategy): UpdateStrategy => ({
  ...generic,
  validateUpdate: (next, old, context) => {
    const errors = generic.validateUpdate!(next, old, context);
    validateFinalizers(asNamespace(next), errors);
    return errors;
  },
});

function setNameLabel(object: KubeObject): void {
  if (object.metadata.name) object.metadata.labels = { ...object.metadata.labels, [nameLabel]: object.metadata.name };
}

function validateFinalizers({ spec }: Namespace, errors: FieldError[]): void {
  spec?.finalizers?.forEach((name, i) => {
    const path = `spec.finalizers[${i}]`;
    validateFinalizerName(name, path, errors);
    validateStandardFinalizerName(name, path, errors);
  });
}

function validatePhase({ metadata, status }: Namespace, errors: FieldError[]): void {
  const phase = status?.phase ?? '';
  const isTerminating = metadata?.deletionTimestamp !== undefined;
  if (isTerminating && phase !== 'Terminating') {
    errors.push(invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  }
  if (!isTerminating && phase !== 'Active') errors.push(invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty"));
}
