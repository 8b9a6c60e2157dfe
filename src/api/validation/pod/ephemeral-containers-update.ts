/** The subresource `ephemeralcontainers`: containers may be added, and stay as they are. */
import { EphemeralContainer as EphemeralContainerType, type Pod } from '../../../schema/core/v1.ts';
import { quote } from '../../../lib/go-format.ts';
import { forbidden, type FieldError } from '../../field-error.ts';
import { internalForm } from '../internal-form.ts';
import { validateObjectMetaUpdate } from '../object-meta.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { diffOfJson } from '../unified-diff.ts';
import { annotation, mirrorPodAnnotation, validatePodAnnotationsUpdate } from './annotations.ts';
import { validatePodMetadataAndSpec } from './pod.ts';

/** All causes, without those that every kind's update has in common. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  if (annotation(old.metadata.annotations, mirrorPodAnnotation) !== undefined) {
    return [forbidden('', 'static pods do not support ephemeral containers')];
  }
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validatePodMetadataAndSpec(pod, errors);
  validatePodAnnotationsUpdate(pod.metadata.annotations, old.metadata.annotations, pod.spec, 'metadata.annotations', errors);
  const path = 'spec.ephemeralContainers';
  for (const container of old.spec.ephemeralContainers ?? []) {
    const next = pod.spec.ephemeralContainers?.findLast(({ name }) => name === container.name);
    const existing = `existing ephemeral containers ${quote(container.name)}`;
    if (!next) errors.push(forbidden(path, `${existing} may not be removed\n`));
    else if (!semanticEqual(EphemeralContainerType, container, next)) {
      const difference = diffOfJson(internalForm(EphemeralContainerType, container), internalForm(EphemeralContainerType, next));
      errors.push(forbidden(path, `${existing} may not be changed\n${difference}`));
    }
  }
  return errors;
}
