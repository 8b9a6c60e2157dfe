/** Deployments, ReplicaSets, ReplicationControllers, StatefulSets and DaemonSets (pkg/apis/apps/validation). */
import {
  DaemonSetUpdateStrategy, DeploymentStrategy, StatefulSetUpdateStrategy,
  type DaemonSet, type Deployment, type ReplicaSet, type StatefulSet,
} from '../../schema/apps/v1.ts';
import type { StructRef } from '../../schema/builders.ts';
import type { PodTemplateSpec, ReplicationController } from '../../schema/core/v1.ts';
import type { LabelSelector } from '../../schema/meta/v1.ts';
import { fromLabels, fromLabelSelector, LabelSelectorError, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { equal } from '../../lib/json.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { isZeroCount, validateIntOrPercent } from './int-or-percent.ts';
import { validateLabelSelector } from './labels.ts';
import { dns1123Label } from './names.ts';
import { validateClaimSpec } from './persistent-volume-claim-spec.ts';
import { validatePodTemplateSpec } from './pod/pod.ts';
import { invalidForEach, validateImmutable, validateNonNegative } from './rules.ts';

const mismatch = '`selector` does not match template `labels`';
const printed = (ref: unknown, value: object) => new RawValue(goJson(internalForm(ref as StructRef, value)));

/** The selector of a workload and whether its template fits. `kind` stands in the text about an empty selector. */
function validateSelector(selector: LabelSelector | undefined, kind: string, errors: FieldError[]): void {
  if (!selector) {
    errors.push(required('spec.selector'));
    return;
  }
  validateLabelSelector(selector, 'spec.selector', errors);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
    errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${kind}`));
  }
}

/** Whether the selector selects the template's labels; undefined when it is no selector. A missing one selects nothing. */
function selects(selector: LabelSelector | undefined, template: PodTemplateSpec): boolean | undefined {
  try {
    const parsed = fromLabelSelector((selector ?? undefined) as LabelSelectorObject | undefined);
    if (!parsed) return false;
    return parsed.empty || parsed.matches(template.metadata?.labels);
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

function validateTemplate(template: PodTemplateSpec, matches: boolean, owner: string, errors: FieldError[]): void {
  if (!matches) errors.push(invalid('spec.template.metadata.labels', template.metadata?.labels ?? null, mismatch));
  validatePodTemplateSpec(template, 'spec.template', errors);
  validateAlwaysRestarts(template, owner, errors);
}

function validateAlwaysRestarts({ spec }: PodTemplateSpec, owner: string, errors: FieldError[]): void {
  if (spec.restartPolicy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', spec.restartPolicy ?? '', ['Always']));
  if (spec.activeDeadlineSeconds !== undefined) {
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${owner} is not Supported`));
  }
}

function validateSelectedTemplate(selector: LabelSelector | undefined, template: PodTemplateSpec, errors: FieldError[]): void {
  const matches = selects(selector, template);
  if (matches === undefined) errors.push(invalid('spec.selector', selector, 'invalid label selector'));
  else validateTemplate(template, matches, 'ReplicaSet', errors);
}

export function validateDeployment({ spec }: Deployment, errors: FieldError[]): void {
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateSelector(spec.selector, 'deployment', errors);
  validateSelectedTemplate(spec.selector, spec.template, errors);
  validateStrategy(spec.strategy, errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
  const { progressDeadlineSeconds: deadline } = spec;
  validateNonNegative(deadline, 'spec.progressDeadlineSeconds', errors);
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0)) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
}

function validateStrategy(strategy: Deployment['spec']['strategy'], errors: FieldError[]): void {
  if (!strategy) return;
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    if (rollingUpdate) errors.push(forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type === 'RollingUpdate') {
    if (!rollingUpdate) errors.push(required('spec.strategy.rollingUpdate', 'this should be defaulted and never be nil'));
    else validateRolling(rollingUpdate, 'spec.strategy.rollingUpdate', errors);
  } else errors.push(notSupported('spec.strategy', printed(DeploymentStrategy, strategy), ['Recreate', 'RollingUpdate']));
}

interface Rolling { maxUnavailable?: number | string; maxSurge?: number | string }

function validateRolling({ maxUnavailable = 0, maxSurge = 0 }: Rolling, path: string, errors: FieldError[]): void {
  validateIntOrPercent(maxUnavailable, `${path}.maxUnavailable`, errors, false);
  validateIntOrPercent(maxSurge, `${path}.maxSurge`, errors, false);
  if (isZeroCount(maxUnavailable) && isZeroCount(maxSurge)) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'));
  }
}

export function validateReplicaSet({ spec }: ReplicaSet, errors: FieldError[]): void {
  validateNonNegative(spec?.replicas, 'spec.replicas', errors);
  validateNonNegative(spec?.minReadySeconds, 'spec.minReadySeconds', errors);
  validateSelector(spec?.selector, 'deployment', errors);
  if (spec?.template) validateSelectedTemplate(spec.selector, spec.template, errors);
}

export function validateReplicationController({ spec }: ReplicationController, errors: FieldError[]): void {
  validateNonNegative(spec?.minReadySeconds, 'spec.minReadySeconds', errors);
  if (!Object.keys(spec?.selector ?? {}).length) errors.push(required('spec.selector'));
  validateNonNegative(spec?.replicas, 'spec.replicas', errors);
  if (!spec?.template) {
    errors.push(required('spec.template'));
    return;
  }
  if (!fromLabels(spec.selector ?? {}).matches(spec.template.metadata?.labels)) {
    errors.push(invalid('spec.template.metadata.labels', spec.template.metadata?.labels ?? null, mismatch));
  }
  validatePodTemplateSpec(spec.template, 'spec.template', errors);
  validateAlwaysRestarts(spec.template, 'ReplicationController', errors);
}

const managementPolicies = ['OrderedReady', 'Parallel'];

export function validateStatefulSet({ spec }: StatefulSet, errors: FieldError[]): void {
  const { podManagementPolicy = '', updateStrategy } = spec;
  if (!managementPolicies.includes(podManagementPolicy)) {
    errors.push(invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  }
  const { type = '', rollingUpdate } = updateStrategy ?? {};
  if (type === 'OnDelete' && rollingUpdate) {
    errors.push(invalid('spec.updateStrategy.rollingUpdate', rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === 'RollingUpdate') validateNonNegative(rollingUpdate?.partition, 'spec.updateStrategy.rollingUpdate.partition', errors);
  else if (type !== 'OnDelete') {
    errors.push(invalid('spec.updateStrategy', printed(StatefulSetUpdateStrategy, updateStrategy ?? {}), "must be 'RollingUpdate' or 'OnDelete'"));
  }
  spec.volumeClaimTemplates?.forEach((claim, i) => validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${i}].spec`, errors));
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateNonNegative(spec.ordinals?.start, 'spec.ordinals.start', errors);
  if (spec.serviceName) invalidForEach(dns1123Label(spec.serviceName), spec.serviceName, 'spec.serviceName', errors);
  validateSelector(spec.selector, 'statefulset', errors);
  const matches = selects(spec.selector, spec.template);
  if (matches === undefined) errors.push(invalid('spec.selector', spec.selector, ''));
  else validateTemplate(withClaimVolumes(spec), matches, 'StatefulSet', errors);
}

/** The volumes that the controller will add must count as there. */
function withClaimVolumes({ template, volumeClaimTemplates = [] }: StatefulSet['spec']): PodTemplateSpec {
  if (volumeClaimTemplates.length === 0) return template;
  const claims = volumeClaimTemplates.map(({ metadata }) => ({ name: metadata?.name ?? '', persistentVolumeClaim: { claimName: metadata?.name ?? '' } }));
  const names = new Set(claims.map(({ name }) => name));
  const volumes = [...claims, ...(template.spec.volumes ?? []).filter(({ name }) => !names.has(name))];
  return { ...template, spec: { ...template.spec, volumes } } as PodTemplateSpec;
}

/** What of a StatefulSet may change. */
const changeable = ['replicas', 'template', 'updateStrategy', 'minReadySeconds', 'ordinals', 'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy'] as const;

export function validateStatefulSetUpdate({ spec }: StatefulSet, { spec: old }: StatefulSet, errors: FieldError[]): void {
  const rest = (value: StatefulSet['spec']) => Object.fromEntries(Object.entries(value).filter(([name]) => !(changeable as readonly string[]).includes(name)));
  if (equal(rest(spec), rest(old))) return;
  errors.push(forbidden('spec', "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
}

export function validateDaemonSet({ spec }: DaemonSet, errors: FieldError[]): void {
  validateLabelSelector(spec.selector, 'spec.selector', errors);
  if (selects(spec.selector, spec.template) === false) {
    errors.push(invalid('spec.template.metadata.labels', spec.template.metadata?.labels ?? null, mismatch));
  }
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  if (spec.selector && Object.keys(matchLabels).length + matchExpressions.length === 0) {
    errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset'));
  }
  validatePodTemplateSpec(spec.template, 'spec.template', errors);
  validateAlwaysRestarts(spec.template, 'DaemonSet', errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type === 'RollingUpdate') {
    if (!rollingUpdate) errors.push(required('spec.updateStrategy.rollingUpdate'));
    else validateRolling(rollingUpdate, 'spec.updateStrategy.rollingUpdate', errors);
  } else if (type !== 'OnDelete') {
    errors.push(notSupported('spec.updateStrategy', printed(DaemonSetUpdateStrategy, spec.updateStrategy ?? {}), ['RollingUpdate', 'OnDelete']));
  }
  validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
}

export function validateSelectorImmutable(next: { selector?: unknown }, old: { selector?: unknown }, errors: FieldError[]): void {
  validateImmutable(next.selector, old.selector, 'spec.selector', errors);
}
