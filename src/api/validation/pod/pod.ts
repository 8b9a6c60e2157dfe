/** Whole Pods on create, and templates of pods inside other objects. */
import type { Pod, PodTemplateSpec } from '../../../schema/core/v1.ts';
import { forbidden, type FieldError } from '../../field-error.ts';
import { validateLabels } from '../labels.ts';
import { nameIsDNSSubdomain, nameIsDNSSubdomainPrefix } from '../names.ts';
import { validateAnnotations, validateObjectMeta, type ObjectMetaRules } from '../object-meta.ts';
import { annotation, mirrorPodAnnotation, validatePodAnnotations, validateProfilesMatch } from './annotations.ts';
import { validateImageTrimmed } from './containers.ts';
import { podOptions, templateOptions } from './options.ts';
import { validatePodSpec } from './pod-spec.ts';

export const podMetaRules: ObjectMetaRules = { namespaced: true, name: nameIsDNSSubdomain, generateName: nameIsDNSSubdomainPrefix };

/** All causes against a new Pod. */
export function validatePodCreate(pod: Pod): FieldError[] {
  const errors: FieldError[] = [];
  validatePodMetadataAndSpec(pod, errors);
  const { spec, metadata } = pod;
  if (spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec.nodeName && spec.schedulingGates?.length) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  validateProfilesMatch(metadata.annotations, spec, 'spec', errors);
  return errors;
}

/** The full document of a Pod, as every way of writing one checks it. */
export function validatePodMetadataAndSpec(pod: Pod, errors: FieldError[]): void {
  const { metadata, spec } = pod;
  validateObjectMeta(metadata, podMetaRules, errors);
  validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', errors);
  const isMirror = annotation(metadata.annotations, mirrorPodAnnotation) !== undefined;
  validatePodSpec(spec, { name: metadata.name ?? '', isMirror }, 'spec', errors, podOptions);
  if (!spec.serviceAccountName) {
    spec.volumes?.forEach((volume, i) => volume.projected?.sources?.forEach((source, j) => {
      if (source.serviceAccountToken) {
        errors.push(forbidden(`spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`,
          'must not be specified when serviceAccountName is not set'));
      }
    }));
  }
  spec.containers?.forEach((container, i) => validateImageTrimmed(container, `spec.containers[${i}]`, errors));
  spec.initContainers?.forEach((container, i) => validateImageTrimmed(container, `spec.initContainers[${i}]`, errors));
}

/** A template of pods (in Deployments, Jobs, PodTemplates …) at `path`. */
export function validatePodTemplateSpec(template: PodTemplateSpec, path: string, errors: FieldError[]): void {
  const { metadata, spec } = template;
  validateLabels(metadata?.labels, `${path}.labels`, errors);
  validateAnnotations(metadata?.annotations, `${path}.annotations`, errors);
  validatePodAnnotations(metadata?.annotations, spec, `${path}.annotations`, errors);
  validatePodSpec(spec, { name: '', isMirror: false }, `${path}.spec`, errors, templateOptions);
  validateProfilesMatch(metadata?.annotations, spec, `${path}.spec`, errors);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
}
