/**
 * Starts the Jobs of CronJobs when they are due, and clears away those that have ended. Upstream: pkg/controller/cronjob.
 * Jobs run by themselves; a moment has one Job at most, since its name is made of the minute.
 */
import type { ApiPort, ObjectChange, Outcome } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { CronJob, CronJobStatus, Job } from '../../schema/batch/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { formatTime, timeToMs } from '../../schema/values/time.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import type { EventRecorder, EventType } from '../events/event-recorder.ts';
import { conditionOf, isFinished } from '../job/job-look.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import { answer, type Task } from '../task.ts';
import { controllerOf, controllerReference, cronJobKind, jobKind, workloadReference } from '../workload-ownership.ts';
import { isNamespaceTerminating } from '../workload-pods.ts';
import { WorkloadWatch } from '../workload-watch.ts';
import { CronJobTimes, InvalidScheduleError } from './cron-job-times.ts';
import { zonedTime } from './schedule-times.ts';

const cronJobs = cronJobKind.resource;
const jobs = jobKind.resource;
const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const minuteMs = 60_000;

type Active = NonNullable<CronJobStatus['active']>;

/** A CronJob at one look; the status grows with what is done. */
interface Look {
  readonly key: string;
  readonly cronJob: CronJob;
  readonly jobs: readonly Job[];
  readonly now: number;
  status: CronJobStatus;
}

const isActive = ({ status }: Look, uid: string | undefined): boolean => status.active?.some((one) => one.uid === uid) ?? false;

export class CronJobController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #watch: WorkloadWatch;

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'cronjob-controller', (key) => this.#reconcile(key));
    this.#watch = new WorkloadWatch({
      port, workload: cronJobKind, dependents: jobs, queue: this.#queue, workloadChanged: (change) => this.#changed(change),
    });
  }

  start(): void {
    this.#watch.start();
  }

  close(): void {
    this.#watch.close();
    this.#queue.close();
  }

  /** A new schedule begins at its next moment; a late start is not made up for before. */
  #changed({ key, object, previous }: ObjectChange): void {
    const [now, before] = [object, previous].map((one) => (one as CronJob | undefined)?.spec);
    const rescheduled = now && before && (now.schedule !== before.schedule || now.timeZone !== before.timeZone);
    if (rescheduled) this.#queue.addAfter(key, new CronJobTimes(object as CronJob, this.#clock.now()).nextLookMs());
    else this.#queue.add(key);
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const cronJob = this.#port.lister<CronJob>(cronJobs).get(namespace, name);
    if (!cronJob) return this.#queue.forget(key);
    const own = this.#port.lister<Job>(jobs).byIndex('owner', cronJob.metadata?.uid ?? '')
      .filter((job) => controllerOf(job)?.uid === cronJob.metadata?.uid);
    const look: Look = { key, cronJob, jobs: own, now: this.#clock.now(), status: cronJob.status ?? {} };
    yield* this.#clearAway(look);
    const result = yield* this.#sync(look);
    const written = yield* this.#writeStatus(look);
    if (result === 'failed' || !written) return this.#queue.retry(key);
    this.#queue.forget(key);
    return result;
  }

  /** Deletes the oldest ended Jobs beyond the limits. */
  *#clearAway(look: Look): Task<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = look.cronJob.spec!;
    const rank = ({ metadata, status }: Job) => `${status?.startTime ?? 'never'} ${metadata?.name}`;
    for (const [type, limit] of [['Complete', successfulJobsHistoryLimit], ['Failed', failedJobsHistoryLimit]] as const) {
      const ended = look.jobs.filter((job) => conditionOf(job, type)?.status === 'True').sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
      const surplus = Math.max(0, ended.length - (limit ?? Infinity));
      for (const job of ended.slice(0, surplus)) yield* this.#deleteJob(look, job);
    }
  }

  *#sync(look: Look): Task<ReconcileResult | 'failed' | void> {
    const { cronJob, now } = look;
    this.#trackJobs(look);
    if (cronJob.metadata?.deletionTimestamp || cronJob.spec!.suspend) return;
    const times = new CronJobTimes(cronJob, now);
    let due: ReturnType<CronJobTimes['due']>;
    try {
      due = times.due();
    } catch (error) {
      if (!(error instanceof InvalidScheduleError)) throw error;
      return this.#announce(look, 'Warning', 'InvalidSchedule', `invalid schedule: ${cronJob.spec!.schedule} : ${error.message}`);
    }
    if (due?.manyMissed) {
      const advice = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#announce(look, 'Warning', 'TooManyMissedTimes', advice);
    }
    if (due && this.#mayStart(look, due.at)) {
      const step = yield* this.#start(look, due.at);
      if (step !== 'started') return step === 'failed' ? 'failed' : undefined;
    }
    // Since the last start is now a part of the status.
    return { requeueAfterMs: new CronJobTimes({ ...cronJob, status: look.status }, now).nextLookMs() };
  }

  /** Takes ended Jobs and those that are gone from the list of active ones. */
  #trackJobs(look: Look): void {
    for (const job of look.jobs) {
      const { name, uid } = job.metadata!;
      const active = isActive(look, uid);
      if (!isFinished(job)) {
        if (!active) this.#announce(look, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
        continue;
      }
      const succeeded = conditionOf(job, 'Complete')?.status === 'True';
      if (active) {
        dropActive(look, uid);
        this.#announce(look, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${succeeded ? 'Complete' : 'Failed'}`);
      }
      const { completionTime } = job.status ?? {};
      const last = look.status.lastSuccessfulTime;
      if (succeeded && completionTime && (!last || timeToMs(completionTime) > timeToMs(last))) look.status = { ...look.status, lastSuccessfulTime: completionTime };
    }
    for (const { uid, name, namespace = '' } of look.status.active ?? []) {
      if (look.jobs.some(({ metadata }) => metadata?.uid === uid) || this.#port.lister(jobs).get(namespace, name ?? '')) continue;
      this.#announce(look, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
      dropActive(look, uid);
    }
  }

  #mayStart(look: Look, at: number): boolean {
    const { cronJob, status, now } = look;
    const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec!;
    if (at + (startingDeadlineSeconds ?? Infinity) * 1000 < now) {
      const moment = new Date(at).toUTCString().replace('GMT', '+0000');
      this.#announce(look, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${moment}`);
      return false;
    }
    if (status.active?.some(({ name }) => name === jobName(cronJob, at)) || timeToMs(status.lastScheduleTime) === at) return false;
    if (concurrencyPolicy !== 'Forbid' || !status.active?.length) return true;
    this.#announce(look, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return false;
  }

  /** Makes the Job of a moment, in the place of others if the policy says so; `done` when somebody else made it. */
  *#start(look: Look, at: number): Task<'started' | 'done' | 'failed'> {
    const { cronJob } = look;
    const { namespace = '' } = cronJob.metadata!;
    if (cronJob.spec!.concurrencyPolicy === 'Replace' && !(yield* this.#replaceActive(look))) return 'failed';
    const object = newJob(cronJob, at);
    const outcome = yield* answer(this.#port, { verb: 'create', resource: jobs, namespace, object });
    const job = outcome.ok ? (outcome.object as Job) : this.#existing(look, object, outcome);
    if (job === 'done' || job === 'failed') return job;
    if (outcome.ok) this.#announce(look, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata!.name}`);
    const active: Active = [...(look.status.active ?? []), workloadReference(jobKind, job)];
    look.status = { ...look.status, active, lastScheduleTime: formatTime(at) };
    return 'started';
  }

  *#replaceActive(look: Look): Task<boolean> {
    for (const { namespace = '', name = '' } of look.status.active ?? []) {
      const job = this.#port.lister<Job>(jobs).get(namespace, name);
      if (!job) {
        this.#announce(look, 'Warning', 'FailedGet', `Get job: jobs.batch "${name}" not found`);
        return false;
      }
      if (!(yield* this.#deleteJob(look, job))) return false;
    }
    return true;
  }

  /** A Job of this name that is there already: it counts as started if it is the CronJob's own and was forgotten. */
  #existing(look: Look, { metadata: { name = '' } }: KubeObject, outcome: Exclude<Outcome, { ok: true }>): Job | 'done' | 'failed' {
    const { namespace = '', uid } = look.cronJob.metadata!;
    const { status } = outcome;
    if (status.reason === 'AlreadyExists') {
      const job = this.#port.lister<Job>(jobs).get(namespace, name);
      if (!job) return 'failed';
      return controllerOf(job)?.uid === uid && !isActive(look, job.metadata?.uid) ? job : 'done';
    }
    if (!isNamespaceTerminating(status)) this.#announce(look, 'Warning', 'FailedCreate', `Error creating job: ${status.message ?? ''}`);
    return 'failed';
  }

  *#deleteJob(look: Look, { metadata }: Job): Task<boolean> {
    const { namespace = '', name = '', uid } = metadata!;
    const outcome = yield* answer(this.#port, { verb: 'delete', resource: jobs, namespace, name, propagationPolicy: 'Background' });
    if (!outcome.ok) {
      this.#announce(look, 'Warning', 'FailedDelete', `Deleted job: ${outcome.status.message ?? ''}`);
      return false;
    }
    dropActive(look, uid);
    this.#announce(look, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    return true;
  }

  *#writeStatus({ cronJob, status }: Look): Task<boolean> {
    if (equal(status, cronJob.status ?? {})) return true;
    return (yield* answer(this.#port, { verb: 'update', resource: cronJobs, subresource: 'status', object: { ...cronJob, status } as KubeObject })).ok;
  }

  #announce({ cronJob }: Look, type: EventType, reason: string, message: string): void {
    this.#recorder.event(workloadReference(cronJobKind, cronJob as KubeObject), type, reason, message);
  }
}

function dropActive(look: Look, uid: string | undefined): void {
  const { active, ...status } = look.status;
  const left = active?.filter((one) => one.uid !== uid) ?? [];
  look.status = left.length > 0 ? { ...status, active: left } : status;
}

const jobName = ({ metadata }: CronJob, at: number): string => `${metadata?.name}-${Math.floor(at / minuteMs)}`;

function newJob(cronJob: CronJob, at: number): KubeObject {
  const { metadata, spec } = cronJob.spec!.jobTemplate;
  return {
    apiVersion: 'batch/v1', kind: 'Job',
    metadata: {
      name: jobName(cronJob, at), ...(metadata?.labels ? { labels: metadata.labels } : {}),
      annotations: { ...metadata?.annotations, [scheduledAnnotation]: zonedTime(at, cronJob.spec!.timeZone ?? undefined) },
      ownerReferences: [controllerReference(cronJobKind, cronJob as KubeObject)],
    },
    spec,
  };
}
