/** CronJobs (pkg/apis/batch/validation: ValidateCronJobCreate, ValidateCronJobUpdate). */
import type { CronJob } from '../../schema/batch/v1.ts';
import { scheduleError } from '../../schema/values/cron-schedule.ts';
import { invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateJobSpec } from './job-spec.ts';
import { validateNonNegative } from './rules.ts';

const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];
/** A Job's name has a time stamp of 11 characters more. */
const nameMax = 52;

export function validateCronJob(cronJob: CronJob, errors: FieldError[]): void {
  validateSpec(cronJob, undefined, errors);
  const name = cronJob.metadata?.name ?? '';
  if (name.length > nameMax) errors.push(invalid('metadata.name', name, `must be no more than ${nameMax} characters`));
}

export const validateCronJobUpdate = (next: CronJob, old: CronJob, errors: FieldError[]): void => validateSpec(next, old, errors);

function validateSpec(cronJob: CronJob, old: CronJob | undefined, errors: FieldError[]): void {
  const spec = cronJob.spec!;
  const { concurrencyPolicy = '', jobTemplate, timeZone } = spec;
  validateSchedule(cronJob, old, errors);
  validateNonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors);
  if (timeZone !== undefined && timeZone !== old?.spec?.timeZone) validateTimeZone(timeZone, 'spec.timeZone', errors);
  if (concurrencyPolicy === '') errors.push(required('spec.concurrencyPolicy'));
  else if (!concurrencyPolicies.includes(concurrencyPolicy)) errors.push(notSupported('spec.concurrencyPolicy', concurrencyPolicy, concurrencyPolicies));
  const job = jobTemplate.spec!;
  validateJobSpec(job, 'spec.jobTemplate.spec', errors);
  if (job.selector) errors.push(invalid('spec.jobTemplate.spec.selector', job.selector, '`selector` will be auto-generated'));
  if (job.manualSelector) errors.push(notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']));
  validateNonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit', errors);
  validateNonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit', errors);
}

function validateSchedule({ spec }: CronJob, old: CronJob | undefined, errors: FieldError[]): void {
  const path = 'spec.schedule';
  const { schedule = '', timeZone } = spec!;
  if (schedule === '') {
    errors.push(required(path));
    return;
  }
  const problem = scheduleError(schedule);
  if (problem) errors.push(invalid(path, schedule, problem));
  if (!schedule.includes('TZ')) return;
  if (!old?.spec?.schedule.includes('TZ')) errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (timeZone !== undefined) errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
}

function validateTimeZone(zone: string, path: string, errors: FieldError[]): void {
  const unknown = `unknown time zone ${zone}`;
  if (zone === '') errors.push(invalid(path, zone, 'timeZone must be nil or non-empty string'));
  else if (zone.split('/').some((part) => part === '.' || part === '..' || !/^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part))) {
    errors.push(invalid(path, zone, unknown));
  } else if (zone.toLowerCase() === 'local') {
    errors.push(invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  } else if (!isTimeZone(zone)) errors.push(invalid(path, zone, unknown));
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
