/** Jobs and CronJobs (pkg/apis/batch/validation). */
import type { CronJob, Job, JobSpec } from '../../schema/batch/v1.ts';
import { PodTemplateSpec as PodTemplateType, type PodTemplateSpec } from '../../schema/core/v1.ts';
import type { StructRef } from '../../schema/builders.ts';
import { fromLabelSelector, LabelSelectorError, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { copy, equal } from '../../lib/json.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabelSelector } from './labels.ts';
import { validatePodTemplateSpec } from './pod/pod.ts';
import { fieldIsImmutable, validateImmutable, validateNonNegative } from './rules.ts';

const completionModes = ['NonIndexed', 'Indexed'];
const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];
const failureActions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const replacementPolicies = ['Failed', 'TerminatingOrFailed'];
const indexedParallelismMax = 100_000;

export function validateJob({ spec }: Job, errors: FieldError[]): void {
  validateJobSpec(spec!, 'spec', errors);
  const { selector, template } = spec!;
  if (!selector) errors.push(required('spec.selector'));
  else validateLabelSelector(selector, 'spec.selector', errors);
  if (selects(selector, template) === false) {
    errors.push(invalid('spec.template.metadata.labels', template.metadata?.labels ?? null, '`selector` does not match template `labels`'));
  }
}

function selects(selector: JobSpec['selector'], template: PodTemplateSpec): boolean | undefined {
  try {
    return fromLabelSelector((selector ?? undefined) as LabelSelectorObject | undefined)?.matches(template.metadata?.labels) ?? false;
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

function validateJobSpec(spec: JobSpec, path: string, errors: FieldError[]): void {
  for (const member of ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex',
    'maxFailedIndexes'] as const) {
    validateNonNegative(spec[member], `${path}.${member}`, errors);
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (spec.managedBy !== undefined && !/^[^/]+\/.+$/.test(spec.managedBy)) {
    errors.push(invalid(`${path}.managedBy`, spec.managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  }
  validateCompletion(spec, path, errors);
  if (spec.podFailurePolicy) validateFailurePolicy(spec, `${path}.podFailurePolicy`, errors);
  validateReplacement(spec, `${path}.podReplacementPolicy`, errors);
  validatePodTemplateSpec(spec.template, `${path}.template`, errors);
  validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`, errors);
}

function validateCompletion(spec: JobSpec, path: string, errors: FieldError[]): void {
  const { completionMode = 'NonIndexed', completions, parallelism } = spec;
  if (!completionModes.includes(completionMode)) errors.push(notSupported(`${path}.completionMode`, completionMode, completionModes));
  if (completionMode === 'Indexed') {
    if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
    if ((parallelism ?? 0) > indexedParallelismMax) {
      errors.push(invalid(`${path}.parallelism`, parallelism, `must be less than or equal to ${indexedParallelismMax} when completion mode is Indexed`));
    }
    if (completions !== undefined && (spec.maxFailedIndexes ?? 0) > completions) {
      errors.push(invalid(`${path}.maxFailedIndexes`, spec.maxFailedIndexes, 'must be less than or equal to completions'));
    }
  } else if (completionMode === 'NonIndexed') {
    for (const member of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[member] !== undefined) errors.push(invalid(`${path}.${member}`, spec[member], 'requires indexed completion mode'));
    }
  }
}

function validateFailurePolicy(spec: JobSpec, path: string, errors: FieldError[]): void {
  spec.podFailurePolicy!.rules?.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`;
    if (!rule.action) errors.push(required(`${at}.action`, 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'));
    else if (!failureActions.includes(rule.action)) errors.push(notSupported(`${at}.action`, rule.action, failureActions));
    else if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
      errors.push(invalid(`${at}.action`, rule.action, 'requires the backoffLimitPerIndex to be set'));
    }
    const hasConditions = (rule.onPodConditions?.length ?? 0) > 0;
    if (rule.onExitCodes && hasConditions) errors.push(invalid(at, new RawValue(''), 'specifying both OnExitCodes and OnPodConditions is not supported'));
    if (!rule.onExitCodes && !hasConditions) errors.push(invalid(at, new RawValue(''), 'specifying one of OnExitCodes and OnPodConditions is required'));
  });
}

function validateReplacement({ podReplacementPolicy: policy, podFailurePolicy }: JobSpec, path: string, errors: FieldError[]): void {
  if (policy === undefined) return;
  const accepted = podFailurePolicy ? ['Failed'] : replacementPolicies;
  if (!accepted.includes(policy)) errors.push(notSupported(path, policy, accepted));
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: string, errors: FieldError[]): void {
  const { restartPolicy = '' } = template.spec;
  if (restartPolicy === 'Always' || restartPolicy === '') errors.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') errors.push(notSupported(path, restartPolicy, ['OnFailure', 'Never']));
  else if (podFailurePolicy && restartPolicy !== 'Never') {
    errors.push(invalid(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

/** What of a Job may not change, checked after the whole new Job. */
export function validateJobUpdate({ spec: next }: Job, { spec: old, status }: Job, errors: FieldError[]): void {
  validateCompletionsUpdate(next!, old!, errors);
  validateImmutable(next!.selector, old!.selector, 'spec.selector', errors);
  const mayReschedule = old!.suspend === true && status?.startTime === undefined;
  const allowed = mayReschedule ? withSchedulingOf(old!.template, next!.template) : old!.template;
  if (!equal(next!.template, allowed)) {
    errors.push(invalid('spec.template', new RawValue(goJson(internalForm(PodTemplateType as StructRef, next!.template))), fieldIsImmutable));
  }
  for (const member of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const) {
    validateImmutable(next![member], old![member], `spec.${member}`, errors);
  }
}

function validateCompletionsUpdate(next: JobSpec, old: JobSpec, errors: FieldError[]): void {
  if (next.completions === old.completions) return;
  const indexed = old.completionMode === 'Indexed' && next.completions !== undefined && old.completions !== undefined;
  if (!indexed) validateImmutable(next.completions, old.completions, 'spec.completions', errors);
  else if (next.completions !== next.parallelism) {
    errors.push(invalid('spec.completions', next.completions, 'can only be modified in tandem with spec.parallelism'));
  }
}

/** A Job that has not started may still be told where to run. */
function withSchedulingOf(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const allowed = copy(old);
  for (const member of ['nodeSelector', 'tolerations', 'schedulingGates'] as const) put(allowed.spec, next.spec, member);
  for (const member of ['labels', 'annotations'] as const) put((allowed.metadata ??= {}), next.metadata ?? {}, member);
  const nodeAffinity = next.spec.affinity?.nodeAffinity;
  const { nodeAffinity: _, ...others } = allowed.spec.affinity ?? {};
  const affinity = { ...(nodeAffinity ? { nodeAffinity } : {}), ...others };
  if (Object.keys(affinity).length > 0 || next.spec.affinity) allowed.spec.affinity = affinity;
  else delete allowed.spec.affinity;
  return allowed;
}

function put<T extends object, K extends keyof T>(target: T, source: T, member: K): void {
  if (source[member] === undefined) delete target[member];
  else target[member] = source[member];
}

export function validateCronJob({ metadata, spec }: CronJob, errors: FieldError[]): void {
  const { schedule = '', concurrencyPolicy = '', jobTemplate } = spec!;
  if (schedule === '') errors.push(required('spec.schedule'));
  else validateSchedule(schedule, errors);
  validateNonNegative(spec!.startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors);
  if (concurrencyPolicy === '') errors.push(required('spec.concurrencyPolicy'));
  else if (!concurrencyPolicies.includes(concurrencyPolicy)) errors.push(notSupported('spec.concurrencyPolicy', concurrencyPolicy, concurrencyPolicies));
  if (jobTemplate.spec) {
    if (jobTemplate.spec.manualSelector) errors.push(notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']));
    validateJobSpec(jobTemplate.spec, 'spec.jobTemplate.spec', errors);
  }
  validateNonNegative(spec!.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit', errors);
  validateNonNegative(spec!.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit', errors);
  const nameBytesMax = 52;
  if ((metadata?.name ?? '').length > nameBytesMax) {
    errors.push(invalid('metadata.name', metadata!.name, `must be no more than ${nameBytesMax} characters`));
  }
}

/** The words of the cron parser for the mistakes that people make (github.com/robfig/cron). */
function validateSchedule(schedule: string, errors: FieldError[]): void {
  if (schedule.includes('TZ')) {
    errors.push(invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
    return;
  }
  if (schedule.startsWith('@')) {
    if (!/^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/.test(schedule)) {
      errors.push(invalid('spec.schedule', schedule, `unrecognized descriptor: ${schedule}`));
    }
    return;
  }
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    errors.push(invalid('spec.schedule', schedule, `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`));
  }
}

