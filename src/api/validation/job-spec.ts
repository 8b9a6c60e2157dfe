/** What Jobs and the templates of CronJobs share (pkg/apis/batch/validation: validateJobSpec). */
import { SuccessPolicy as SuccessPolicyType, type JobSpec, type SuccessPolicyRule } from '../../schema/batch/v1.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { invalid, notSupported, required, tooLong, tooMany, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { parseIndexes } from './job-indexes.ts';
import { validateFailurePolicy } from './job-failure-policy.ts';
import { dns1123Subdomain, patternError } from './names.ts';
import { validatePodTemplateSpec } from './pod/pod.ts';
import { invalidForEach, validateNonNegative } from './rules.ts';

const completionModes = ['NonIndexed', 'Indexed'];
const replacementPolicies = ['Failed', 'TerminatingOrFailed'];
const indexesMax = 100_000;
/** More completions than `indexesMax` with a limit per index allow only this many of the others. */
const manyCompletionsMax = 10_000;
const managedByBytesMax = 63;
const successRulesMax = 20;
const succeededIndexesBytesMax = 64 * 1024;

export function validateJobSpec(spec: JobSpec, path: string, errors: FieldError[]): void {
  for (const member of ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex',
    'maxFailedIndexes'] as const) {
    validateNonNegative(spec[member], `${path}.${member}`, errors);
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (spec.managedBy !== undefined) validateManagedBy(spec.managedBy, `${path}.managedBy`, errors);
  validateCompletion(spec, path, errors);
  if (spec.podFailurePolicy) validateFailurePolicy(spec, `${path}.podFailurePolicy`, errors);
  validateSuccessPolicy(spec, `${path}.successPolicy`, errors);
  validateReplacement(spec, `${path}.podReplacementPolicy`, errors);
  validatePodTemplateSpec(spec.template, `${path}.template`, errors);
  validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`, errors);
}

/** `example.com/path` (apimachinery/pkg/util/validation IsDomainPrefixedPath). */
function validateManagedBy(value: string, path: string, errors: FieldError[]): void {
  const slash = value.indexOf('/');
  if (value === '') errors.push(required(path));
  else if (slash <= 0 || slash === value.length - 1) {
    errors.push(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  } else {
    const [domain, rest] = [value.slice(0, slash), value.slice(slash + 1)];
    invalidForEach(dns1123Subdomain(domain), domain, path, errors);
    if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)) {
      errors.push(invalid(path, rest, patternError('Invalid path', "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+")));
    }
  }
  if (Buffer.byteLength(value) > managedByBytesMax) errors.push(tooLong(path, managedByBytesMax));
}

function validateCompletion(spec: JobSpec, path: string, errors: FieldError[]): void {
  const { completionMode } = spec;
  if (completionMode !== undefined && !completionModes.includes(completionMode)) {
    errors.push(notSupported(`${path}.completionMode`, completionMode, completionModes));
  }
  if (completionMode === 'Indexed') validateIndexed(spec, path, errors);
  if (completionMode !== undefined && completionMode !== 'NonIndexed') return;
  for (const member of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
    if (spec[member] !== undefined) errors.push(invalid(`${path}.${member}`, spec[member], 'requires indexed completion mode'));
  }
}

function validateIndexed({ completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex }: JobSpec, path: string, errors: FieldError[]): void {
  const atMost = (member: string, value: number, max: string) => errors.push(invalid(`${path}.${member}`, value, `must be less than or equal to ${max}`));
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  if (parallelism > indexesMax) atMost('parallelism', parallelism, `${indexesMax} when completion mode is Indexed`);
  const failed = maxFailedIndexes ?? 0;
  if (completions !== undefined && maxFailedIndexes !== undefined && failed > completions) atMost('maxFailedIndexes', failed, 'completions');
  if (failed > indexesMax) atMost('maxFailedIndexes', failed, String(indexesMax));
  if (completions === undefined || completions <= indexesMax || backoffLimitPerIndex === undefined) return;
  if (maxFailedIndexes === undefined) errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${indexesMax}`));
  const limit = `${manyCompletionsMax} when completions are above ${indexesMax} and used with backoff limit per index`;
  if (parallelism > manyCompletionsMax) atMost('parallelism', parallelism, limit);
  if (failed > manyCompletionsMax) atMost('maxFailedIndexes', failed, limit);
}

function validateSuccessPolicy({ successPolicy, completionMode, completions = 0 }: JobSpec, path: string, errors: FieldError[]): void {
  if (!successPolicy) return;
  if (completionMode !== 'Indexed') {
    const printed = new RawValue(goJson(internalForm(SuccessPolicyType, successPolicy)));
    errors.push(invalid(path, printed, 'requires indexed completion mode'));
    return;
  }
  const rules = successPolicy.rules ?? [];
  if (rules.length === 0) errors.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > successRulesMax) errors.push(tooMany(`${path}.rules`, rules.length, successRulesMax));
  rules.forEach((rule, i) => validateSuccessRule(rule, completions, `${path}.rules[${i}]`, errors));
}

function validateSuccessRule({ succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule, completions: number, path: string, errors: FieldError[]): void {
  if (count === undefined && indexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  let total = 0;
  if (indexes !== undefined) {
    const at = `${path}.succeededIndexes`;
    if (Buffer.byteLength(indexes) > succeededIndexesBytesMax) errors.push(tooLong(at, succeededIndexesBytesMax));
    const parsed = parseIndexes(indexes, completions);
    if (typeof parsed === 'string') errors.push(invalid(at, indexes, `error parsing succeededIndexes: ${parsed}`));
    else total = parsed;
  }
  if (count === undefined) return;
  const at = `${path}.succeededCount`;
  validateNonNegative(count, at, errors);
  const atMost = (max: number, what: string) => {
    if (count > max) errors.push(invalid(at, count, `must be less than or equal to ${max} (the number of ${what})`));
  };
  atMost(completions, 'specified completions');
  if (indexes !== undefined) atMost(total, 'indexes in the specified succeededIndexes field');
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
