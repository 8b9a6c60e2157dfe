/**
 * What the status of a Job may become (pkg/registry/batch/job getStatusValidationOptions, pkg/apis/batch/validation). Most
 * rules hold only where something that they speak of changes: a status that is wrong already stays writable.
 */
import { UncountedTerminatedPods, type Job, type JobStatus } from '../../schema/batch/v1.ts';
import { equal } from '../../lib/json.ts';
import { duplicate, invalid, invalidUnprinted, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { firstOverlap, parseIndexes } from './job-indexes.ts';
import { fieldIsImmutable, validateNonNegative } from './rules.ts';

/** A status, its Job's spec, and what it says by its conditions. */
interface Outcome {
  readonly status: JobStatus;
  readonly spec: NonNullable<Job['spec']>;
  is(type: string, value?: string): boolean;
  readonly complete: boolean;
  readonly failed: boolean;
  readonly finished: boolean;
  readonly successMet: boolean;
  readonly failing: boolean;
}

function outcomeOf({ spec, status = {} }: Job): Outcome {
  const is = (type: string, value = 'True') => status.conditions?.some((condition) => condition.type === type && condition.status === value) ?? false;
  const [complete, failed] = [is('Complete'), is('Failed')];
  return {
    status, spec: spec!, is, complete, failed, finished: complete || failed, successMet: is('SuccessCriteriaMet'), failing: is('FailureTarget'),
  };
}

type Change = (member: keyof Outcome | keyof JobStatus) => boolean;

export function validateJobStatus(next: Job, old: Job, errors: FieldError[]): void {
  const [now, before] = [outcomeOf(next), outcomeOf(old)];
  const changes: Change = (member) => (member in now ? now[member as keyof Outcome] !== before[member as keyof Outcome]
    : !equal(now.status[member as keyof JobStatus], before.status[member as keyof JobStatus]));
  validateCounters(now.status, errors);
  validateUncounted(now.status, errors);
  validateCompletion(now, changes, errors);
  validateFinish(now, changes, errors);
  validateIndexes(now, changes, errors);
  validateLiveCounts(now, changes, errors);
  validateSuccess(now, errors);
  validateTransition(now, before, errors);
}

function validateCounters(status: JobStatus, errors: FieldError[]): void {
  for (const member of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) {
    validateNonNegative(status[member], `status.${member}`, errors);
  }
}

function validateUncounted({ uncountedTerminatedPods }: JobStatus, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const member of ['succeeded', 'failed'] as const) {
    uncountedTerminatedPods?.[member]?.forEach((uid, i) => {
      const path = `status.uncountedTerminatedPods.${member}[${i}]`;
      if (!uid) errors.push(invalid(path, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(path, uid));
      seen.add(uid);
    });
  }
}

const refuseConditions = (errors: FieldError[], why: string): void => void errors.push(invalidUnprinted('status.conditions', why));

function validateCompletion({ status, complete, failed, failing, successMet }: Outcome, changes: Change, errors: FieldError[]): void {
  const { startTime, completionTime } = status;
  const path = 'status.completionTime';
  const isTouched = changes('complete') || changes('completionTime');
  if (complete && failed && (changes('complete') || changes('failed'))) refuseConditions(errors, 'cannot set Complete=True and Failed=true conditions');
  if (complete && failing && (changes('complete') || changes('failing'))) refuseConditions(errors, 'cannot set Complete=True and FailureTarget=true conditions');
  if (isTouched && completionTime && !complete) {
    errors.push(invalid(path, completionTime, 'cannot set completionTime when there is no Complete=True condition'));
  }
  if (isTouched && !completionTime && complete) errors.push(required(path, 'completionTime is required for Complete jobs'));
  if ((changes('startTime') || changes('completionTime')) && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
    errors.push(invalid(path, completionTime, 'must be equal to or after `startTime`'));
  }
  if (failed && !failing && (changes('failed') || changes('failedIndexes'))) {
    refuseConditions(errors, 'cannot set Failed=True condition without the FailureTarget=true condition');
  }
  if (complete && !successMet && (changes('complete') || changes('successMet'))) {
    refuseConditions(errors, 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  }
}

function validateFinish({ status, spec, finished }: Outcome, changes: Change, errors: FieldError[]): void {
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if (!finished) return;
  if (active > 0 && (changes('finished') || changes('active'))) errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
  const neverStarts = spec.suspend === true && spec.completions === 0;
  if (!startTime && !neverStarts && (changes('finished') || changes('startTime'))) {
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  }
  if ((uncounted?.failed?.length || uncounted?.succeeded?.length) && (changes('finished') || changes('uncountedTerminatedPods'))) {
    const printed = internalForm(UncountedTerminatedPods, uncounted);
    errors.push(invalid('status.uncountedTerminatedPods', printed, 'must be empty for finished job'));
  }
}

function validateIndexes({ status, spec }: Outcome, changes: Change, errors: FieldError[]): void {
  const { completedIndexes = '', failedIndexes } = status;
  const { completions, backoffLimitPerIndex, completionMode } = spec;
  const check = (member: 'completedIndexes' | 'failedIndexes', text: string) => {
    const parsed = parseIndexes(text, completions!);
    if (typeof parsed === 'string') errors.push(invalid(`status.${member}`, text, `error parsing ${member}: ${parsed}`));
  };
  if (changes('completedIndexes') && completions !== undefined) check('completedIndexes', completedIndexes);
  if (changes('failedIndexes') && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    check('failedIndexes', failedIndexes);
  }
  if (changes('completedIndexes') && completedIndexes && completionMode !== 'Indexed') {
    errors.push(invalid('status.completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  }
  if (failedIndexes === undefined) return;
  if (changes('failedIndexes') && backoffLimitPerIndex === undefined) {
    errors.push(invalid('status.failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  }
  if (completions === undefined || !(changes('failedIndexes') || changes('completedIndexes'))) return;
  const overlap = firstOverlap(completedIndexes, failedIndexes, completions);
  if (overlap !== undefined) {
    errors.push(invalid('status.failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${overlap}`));
  }
}

function validateLiveCounts({ status, finished }: Outcome, changes: Change, errors: FieldError[]): void {
  const { active = 0, ready = 0, terminating = 0 } = status;
  if (terminating > 0 && finished && (changes('finished') || changes('terminating'))) {
    errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  }
  if (ready > active && (changes('ready') || changes('active'))) errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
}

function validateSuccess({ spec, successMet, failed, failing, complete }: Outcome, errors: FieldError[]): void {
  if (successMet && failed) refuseConditions(errors, 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  if (successMet && failing) refuseConditions(errors, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  if (spec.successPolicy && !successMet && complete) {
    refuseConditions(errors, 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True');
  }
}

/** What has come to an end stays there, and nothing is counted down. */
function validateTransition(now: Outcome, before: Outcome, errors: FieldError[]): void {
  const { status, spec } = now;
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (before.is(type) && !now.is(type)) refuseConditions(errors, `cannot disable the terminal ${type}=True condition`);
  }
  const falls = (member: 'failed' | 'succeeded') => (status[member] ?? 0) < (before.status[member] ?? 0);
  if (falls('failed')) errors.push(invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter'));
  const scalesDown = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (falls('succeeded') && !scalesDown) errors.push(invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter'));
  const [end, endBefore] = [status.completionTime, before.status.completionTime];
  if (end && endBefore && end !== endBefore) errors.push(invalid('status.completionTime', end, fieldIsImmutable));
  const [start, startBefore] = [status.startTime, before.status.startTime];
  const resumes = before.is('Suspended') && now.is('Suspended', 'False');
  if (startBefore && start !== startBefore && !spec.suspend && !resumes) {
    errors.push(invalid('status.startTime', start, 'field is immutable for unsuspended job once set'));
  }
  if (before.successMet && !now.successMet) refuseConditions(errors, 'cannot disable the SuccessCriteriaMet=True condition');
  if (before.complete && !before.successMet && now.successMet) {
    refuseConditions(errors, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
  }
}
