/** StatefulSets (pkg/apis/apps/validation: ValidateStatefulSetSpec, ValidateStatefulSetUpdate). */
import { RollingUpdateStatefulSetStrategy, StatefulSetSpec as SpecType, StatefulSetUpdateStrategy, type StatefulSet } from '../../schema/apps/v1.ts';
import type { PodTemplateSpec } from '../../schema/core/v1.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { asSent } from '../codec/emptied.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabels } from './labels.ts';
import { dns1123Label } from './names.ts';
import { validateAnnotations } from './object-meta.ts';
import { validateClaimSpec } from './persistent-volume-claim-spec.ts';
import { validatePodAnnotations } from './pod/annotations.ts';
import { validatePodTemplateSpec } from './pod/pod.ts';
import { invalidForEach, validateNonNegative } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';
import { selectorMismatch, selects, validateAlwaysRestarts, validateSelector } from './workloads.ts';

type Spec = StatefulSet['spec'];

const managementPolicies = ['OrderedReady', 'Parallel'];
const retentionPolicies = ['Retain', 'Delete'];

export function validateStatefulSet({ spec }: StatefulSet, errors: FieldError[]): void {
  validateSpec(spec, true, errors);
}

/** `isNew`: what cannot change later is checked, too. */
function validateSpec(spec: Spec, isNew: boolean, errors: FieldError[]): void {
  const { podManagementPolicy = '' } = spec;
  if (podManagementPolicy === '') errors.push(required('spec.podManagementPolicy'));
  else if (!managementPolicies.includes(podManagementPolicy)) {
    errors.push(invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  }
  validateUpdateStrategy(spec.updateStrategy ?? {}, errors);
  validateRetention(spec.persistentVolumeClaimRetentionPolicy, errors);
  if (isNew) spec.volumeClaimTemplates?.forEach((claim, i) => validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${i}].spec`, errors));
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateNonNegative(spec.ordinals?.start, 'spec.ordinals.start', errors);
  if (isNew && spec.serviceName) invalidForEach(dns1123Label(spec.serviceName), spec.serviceName, 'spec.serviceName', errors);
  validateSelector(spec.selector, 'statefulset', errors);
  const matches = selects(spec.selector, spec.template);
  if (matches === undefined) errors.push(invalid('spec.selector', spec.selector, ''));
  else validateTemplate(asControllerMakesIt(spec), matches, errors);
  validateAlwaysRestarts(spec.template, 'StatefulSet', errors);
}

function validateUpdateStrategy(strategy: NonNullable<Spec['updateStrategy']>, errors: FieldError[]): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === '') errors.push(required('spec.updateStrategy'));
  else if (type === 'OnDelete' && rollingUpdate) {
    const printed = new RawValue(goJson(internalForm(RollingUpdateStatefulSetStrategy, rollingUpdate)));
    errors.push(invalid('spec.updateStrategy.rollingUpdate', printed, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === 'RollingUpdate') validateNonNegative(rollingUpdate?.partition, 'spec.updateStrategy.rollingUpdate.partition', errors);
  else if (type !== 'OnDelete') {
    const printed = new RawValue(goJson(internalForm(StatefulSetUpdateStrategy, strategy)));
    errors.push(invalid('spec.updateStrategy', printed, "must be 'RollingUpdate' or 'OnDelete'"));
  }
}

function validateRetention(policy: Spec['persistentVolumeClaimRetentionPolicy'], errors: FieldError[]): void {
  if (!policy) return;
  for (const member of ['whenDeleted', 'whenScaled'] as const) {
    const value = policy[member] ?? '';
    if (!retentionPolicies.includes(value)) {
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${member}`, value, retentionPolicies));
    }
  }
}

/** The metadata of the template is checked twice. */
function validateTemplate(template: PodTemplateSpec, matches: boolean, errors: FieldError[]): void {
  const { metadata, spec } = template;
  if (!matches) errors.push(invalid('spec.template.metadata.labels', asSent(metadata, 'labels'), selectorMismatch));
  validatePodTemplateSpec(template, 'spec.template', errors);
  validateLabels(metadata?.labels, 'spec.template.labels', errors);
  validateAnnotations(metadata?.annotations, 'spec.template.annotations', errors);
  validatePodAnnotations(metadata?.annotations, spec, 'spec.template.annotations', errors);
}

/** The controller sets the hostname and subdomain and adds a volume for each claim, so those are not the user's mistakes. */
function asControllerMakesIt({ template, volumeClaimTemplates = [] }: Spec): PodTemplateSpec {
  const { hostname: _hostname, subdomain: _subdomain, ...spec } = template.spec;
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''));
  const claims = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...spec, volumes: [...claims, ...(spec.volumes ?? []).filter(({ name }) => !names.has(name))] } };
}

/** What of a StatefulSet may change. */
const changeable = ['replicas', 'template', 'updateStrategy', 'minReadySeconds', 'ordinals', 'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy'] as const;

export function validateStatefulSetUpdate({ spec }: StatefulSet, { spec: old }: StatefulSet, errors: FieldError[]): void {
  validateSpec(spec, false, errors);
  const kept = { ...spec };
  for (const member of changeable) {
    if (old[member] === undefined) delete kept[member];
    else Object.assign(kept, { [member]: old[member] });
  }
  if (semanticEqual(SpecType, kept, old)) return;
  errors.push(forbidden('spec', "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
}
