/** Deployments, ReplicaSets, ReplicationControllers and DaemonSets (pkg/apis/apps/validation). */
import {
  DaemonSetUpdateStrategy, DeploymentStrategy, type DaemonSet, type Deployment, type ReplicaSet,
} from '../../schema/apps/v1.ts';
import type { StructRef } from '../../schema/builders.ts';
import type { PodTemplateSpec, ReplicationController } from '../../schema/core/v1.ts';
import type { LabelSelector } from '../../schema/meta/v1.ts';
import { fromLabels, fromLabelSelector, LabelSelectorError, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { asSent } from '../codec/emptied.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { isZeroCount, validateIntOrPercent } from './int-or-percent.ts';
import { validateLabelSelector } from './labels.ts';
import { validatePodTemplateSpec } from './pod/pod.ts';
import { validateImmutable, validateNonNegative } from './rules.ts';

export const selectorMismatch = '`selector` does not match template `labels`';
const printed = (ref: StructRef, value: object) => new RawValue(goJson(internalForm(ref, value)));

/** The selector of a workload and whether its template fits. `kind` stands in the text about an empty selector. */
export function validateSelector(selector: LabelSelector | undefined, kind: string, errors: FieldError[]): void {
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
export function selects(selector: LabelSelector | null | undefined, template: PodTemplateSpec): boolean | undefined {
  if (!selector) return false;
  try {
    const parsed = fromLabelSelector(selector as LabelSelectorObject)!;
    return parsed.empty || parsed.matches(template.metadata?.labels);
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

function validateTemplate(template: PodTemplateSpec, matches: boolean, owner: string, errors: FieldError[]): void {
  if (!matches) errors.push(invalid('spec.template.metadata.labels', asSent(template.metadata, 'labels'), selectorMismatch));
  validatePodTemplateSpec(template, 'spec.template', errors);
  validateAlwaysRestarts(template, owner, errors);
}

export function validateAlwaysRestarts({ spec }: PodTemplateSpec, owner: string, errors: FieldError[]): void {
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
  validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`, errors);
}

/** One of both must not be zero, and only one. */
function validateDaemonRolling({ maxUnavailable = 0, maxSurge = 0 }: Rolling, path: string, errors: FieldError[]): void {
  const counts = [[maxUnavailable, `${path}.maxUnavailable`], [maxSurge, `${path}.maxSurge`]] as const;
  for (const [count, at] of counts) validateIntOrPercent(count, at, errors, false);
  for (const [count, at] of counts) validateAtMostAll(count, at, errors);
  const [isStill, isExact] = [isZeroCount(maxUnavailable), isZeroCount(maxSurge)];
  if (!isStill && !isExact) errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (isStill && isExact) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
}

function validateAtMostAll(count: number | string, path: string, errors: FieldError[]): void {
  if (typeof count === 'string' && /^\d+%$/.test(count) && Number.parseInt(count, 10) > 100) {
    errors.push(invalid(path, count, 'must not be greater than 100%'));
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
    errors.push(invalid('spec.template.metadata.labels', asSent(spec.template.metadata, 'labels'), selectorMismatch));
  }
  validatePodTemplateSpec(spec.template, 'spec.template', errors);
  validateAlwaysRestarts(spec.template, 'ReplicationController', errors);
}

export function validateDaemonSet({ spec }: DaemonSet, errors: FieldError[]): void {
  validateLabelSelector(spec.selector, 'spec.selector', errors);
  if (selects(spec.selector, spec.template) === false) {
    errors.push(invalid('spec.template.metadata.labels', asSent(spec.template.metadata, 'labels'), selectorMismatch));
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
    else validateDaemonRolling(rollingUpdate, 'spec.updateStrategy.rollingUpdate', errors);
  } else if (type !== 'OnDelete') {
    errors.push(notSupported('spec.updateStrategy', printed(DaemonSetUpdateStrategy, spec.updateStrategy ?? {}), ['RollingUpdate', 'OnDelete']));
  }
  validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
}

export function validateSelectorImmutable(next: { selector?: unknown }, old: { selector?: unknown }, errors: FieldError[]): void {
  validateImmutable(next.selector, old.selector, 'spec.selector', errors);
}
