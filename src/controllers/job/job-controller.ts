/**
 * Runs Jobs: keeps as many Pods at work as a Job asks for, counts how they end and says when the Job is done. Upstream:
 * pkg/controller/job. It keeps nothing but back-offs in memory, which it finds again in the Pods; TTLs are not its own.
 */
import type { ApiPort, ObjectChange } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { Job, JobCondition, JobStatus } from '../../schema/batch/v1.ts';
import type { Pod } from '../../schema/core/v1.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { hasEnded, isReady } from '../pod-readiness.ts';
import { WorkQueue } from '../runner.ts';
import { all, answer, type Task } from '../task.ts';
import { claim, controllerKey, controllerOf, jobKind } from '../workload-ownership.ts';
import { WorkloadPods, type Failure } from '../workload-pods.ts';
import { selectorOf, WorkloadWatch } from '../workload-watch.ts';
import { afterPods, noBackoff, type Backoff } from './job-backoff.ts';
import { isFinished, isSuspended, isTracked, look, newCondition, trackingFinalizer, type Look } from './job-look.ts';
import { planPods } from './job-pods.ts';
import { countUntracked, finalCondition, finished, track, trackedUids, withCondition } from './job-tracking.ts';

const jobs = jobKind.resource;
/** What Pods and the status say is looked at once in so many milliseconds (SyncJobBatchPeriod). */
const batchMs = 1000;
/** After a write that failed. */
const retries = { baseMs: 1000, maxMs: 60_000 };

/** What became of a look: the counters of the status, and the end unless Pods are in its way. */
interface Acted {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly end?: JobCondition | undefined;
  readonly managed?: boolean;
  readonly failure?: Failure | undefined;
}

const managedElsewhere = ({ spec }: Job): boolean => (spec?.managedBy ?? 'kubernetes.io/job-controller') !== 'kubernetes.io/job-controller';

export class JobController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #pods: WorkloadPods;
  readonly #queue: WorkQueue;
  readonly #orphans: WorkQueue;
  readonly #watch: WorkloadWatch;
  readonly #backoffs = new Map<string, Backoff>();

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#pods = new WorkloadPods(port, recorder, jobKind);
    this.#queue = new WorkQueue(clock, 'job-controller', (key) => this.#reconcile(key), retries);
    this.#orphans = new WorkQueue(clock, 'job-controller orphans', (key) => this.#releaseOrphan(key), retries);
    this.#watch = new WorkloadWatch({
      port, workload: jobKind, queue: this.#queue,
      workloadChanged: (change) => this.#jobChanged(change),
      dependentChanged: (key, change) => this.#podChanged(key, change),
      orphanChanged: ({ key, object }) => {
        if (isTracked(object as Pod)) this.#orphans.add(key);
      },
    });
  }

  start(): void {
    this.#watch.start();
  }

  close(): void {
    this.#watch.close();
    this.#queue.close();
    this.#orphans.close();
  }

  #jobChanged({ key, object, previous }: ObjectChange): void {
    const job = object as Job | undefined;
    if (!job) this.#backoffs.delete(key);
    if (!job || isFinished(job)) this.#releasePodsOf(job ?? (previous as Job));
    else if (job.metadata.generation === previous?.metadata.generation) this.#queue.addAfter(key, batchMs);
    else this.#queue.add(key);
  }

  #releasePodsOf({ metadata }: Job): void {
    for (const pod of this.#port.lister<Pod>('pods').byIndex('owner', metadata.uid ?? '')) {
      if (isTracked(pod)) this.#orphans.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
    }
  }

  #podChanged(key: string, change: ObjectChange): void {
    const job = this.#jobOf(key);
    const pod = change.object as Pod | undefined;
    if (job && !isFinished(job)) this.#queue.addAfter(key, batchMs);
    else if (pod?.metadata.deletionTimestamp && isTracked(pod)) this.#orphans.add(change.key);
  }

  #jobOf(key: string): Job | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#port.lister<Job>(jobs).get(namespace, name);
  }

  *#reconcile(key: string): Task<void> {
    const job = this.#jobOf(key);
    const selector = job && selectorOf(jobKind, job);
    if (!job || !selector || managedElsewhere(job)) return this.#queue.forget(key);
    if (isFinished(job)) {
      this.#backoffs.delete(key);
      return this.#queue.forget(key);
    }
    const adopts = this.#watch.adopts(key);
    const pods = yield* claim<Pod>({ port: this.#port, workload: jobKind, owner: job, selector, finalizer: trackingFinalizer, adopts }, 'pods');
    if (!pods) {
      if (adopts) this.#watch.adoptLater(key);
      return this.#queue.retry(key);
    }
    const view = look(job, pods, this.#backoffs.get(key) ?? backoffOf(pods), this.#clock.now());
    if (view.deadlineMs !== undefined) this.#queue.addAfter(key, view.deadlineMs);
    const acted = yield* view.end ? this.#end(view, view.end) : this.#manage(key, view);
    const failure = yield* this.#write(key, view, acted);
    if (failure || acted.failure) this.#queue.retry(key);
    else this.#queue.forget(key);
  }

  /** Deletes what is active; a Job is not at its end before that is done. */
  *#end({ job, active, ready, terminating }: Look, end: JobCondition): Task<Acted> {
    const { deleted, failure } = yield* this.#pods.delete(job, active);
    return {
      active: active.length - deleted.length, ready: ready - deleted.filter(isReady).length, terminating: terminating + deleted.length,
      end: deleted.length === active.length ? end : undefined, failure,
    };
  }

  *#manage(key: string, view: Look): Task<Acted> {
    const { job, active, ready, terminating } = view;
    const counters = { active: active.length, ready, terminating };
    const acted = job.metadata.deletionTimestamp ? counters : { ...counters, managed: true, ...(yield* this.#manageActive(key, view, counters)) };
    const { completions } = job.spec!;
    const enough = (completions ?? undefined) === undefined ? view.succeeded > 0 : view.succeeded >= completions!;
    if (!enough || acted.active > 0) return acted;
    const end = newCondition('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods', view.now);
    return { ...acted, end };
  }

  *#manageActive(key: string, view: Look, counters: Acted): Task<Partial<Acted>> {
    const { job } = view;
    const { remove, add, waitMs } = planPods(view);
    if (remove.length > 0) {
      yield* all(remove.map((pod) => this.#untrack(pod)));
      const { deleted, failure } = yield* this.#pods.delete(job, remove);
      const { active, ready, terminating } = counters;
      return { active: active - deleted.length, ready: ready - deleted.filter(isReady).length, terminating: terminating + deleted.length, failure };
    }
    // While it waits to replace a Pod, upstream says that none is active.
    if (waitMs !== undefined) {
      this.#queue.addAfter(key, Math.max(waitMs, batchMs));
      return { active: 0 };
    }
    const { created, failure } = yield* this.#pods.create(job, add);
    return { active: counters.active + created, failure };
  }

  /** Writes the status, takes the finalizers of counted Pods away and writes the status again; true when that failed. */
  *#write(key: string, view: Look, acted: Acted): Task<boolean> {
    const { job, now } = view;
    const draft = this.#draft(view, acted);
    const { status, untrack, full } = track(view, draft, acted.end);
    const flushed = equal(withoutEmpty(status), withoutEmpty(job.status ?? {})) ? job : yield* this.#writeStatus(job, status);
    if (!flushed) return true;
    this.#backoffs.set(key, view.backoff);
    const untracked = yield* all(untrack.map((pod) => this.#untrack(pod)));
    const failed = untracked.includes(false);
    const stillTracked = new Set(trackedUids(view.pods));
    for (const [i, { metadata }] of untrack.entries()) if (untracked[i]) stillTracked.delete(metadata.uid ?? '');
    const counted = countUntracked(flushed.status ?? {}, stillTracked);
    const condition = acted.end && !full && !failed ? finalCondition(acted.end, now) : undefined;
    const done = condition && finished(counted, condition, now);
    const last = done ?? counted;
    if (equal(withoutEmpty(last), withoutEmpty(flushed.status ?? {}))) return failed;
    const written = yield* this.#writeStatus(flushed, last);
    if (written && done) this.#announceEnd(written, condition!);
    return failed || !written;
  }

  /** The status with the counters and what suspending or resuming says. */
  #draft({ job, startedAt, now }: Look, { active, ready, terminating, end, managed }: Acted): JobStatus {
    const { startTime: _, ...before } = job.status ?? {};
    const started = startedAt === undefined ? {} : { startTime: formatTime(startedAt) };
    const status: JobStatus = { ...before, ...started, active, ready, terminating };
    if (!managed || end) return status;
    const conditions = before.conditions ?? [];
    const suspended = isSuspended(job);
    const condition = suspended
      ? newCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', now)
      : newCondition('Suspended', 'False', 'JobResumed', 'Job resumed', now);
    const next = withCondition(conditions, condition);
    if (equal(next, conditions)) return status;
    this.#pods.announce(job, 'Normal', suspended ? 'Suspended' : 'Resumed', condition.message ?? '');
    const { startTime: __, ...unstarted } = status;
    return { ...unstarted, ...(suspended ? {} : { startTime: formatTime(now) }), conditions: next };
  }

  *#writeStatus(job: Job, status: JobStatus): Task<Job | undefined> {
    const outcome = yield* answer(this.#port, { verb: 'update', resource: jobs, subresource: 'status', object: { ...job, status } });
    return outcome.ok ? (outcome.object as Job) : undefined;
  }

  #announceEnd(job: Job, { type, reason = '', message = '' }: JobCondition): void {
    if (type !== 'Complete') return this.#pods.announce(job, 'Warning', reason, message);
    if ((job.status?.succeeded ?? 0) > (job.spec?.completions ?? Infinity)) {
      this.#pods.announce(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
    }
    this.#pods.announce(job, 'Normal', 'Completed', 'Job completed');
  }

  /** False when the finalizer could not be taken from a Pod that is still there. */
  *#untrack({ metadata: { namespace = '', name = '', finalizers } }: Pod): Task<boolean> {
    if (!finalizers?.includes(trackingFinalizer)) return true;
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
    const outcome = yield* answer(this.#port, { verb: 'patch', resource: 'pods', namespace, name, patchType: 'strategic', patch });
    return outcome.ok || outcome.status.code === 404;
  }

  /** Frees a Pod that no running Job counts (handleSingleOrphanPod). */
  *#releaseOrphan(key: string): Task<void> {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    const controller = pod && controllerOf(pod);
    const owner = pod && controllerKey(jobKind, pod);
    if (!pod || (controller && !owner)) return this.#orphans.forget(key);
    const job = owner === undefined ? undefined : this.#jobOf(owner);
    if (job?.metadata.uid === controller?.uid && job && (managedElsewhere(job) || !isFinished(job))) return this.#orphans.forget(key);
    if (yield* this.#untrack(pod)) this.#orphans.forget(key);
    else this.#orphans.retry(key);
  }
}

/** The back-off that counted Pods tell of, after a restart of the controller. */
function backoffOf(pods: readonly Pod[]): Backoff {
  const counted = pods.filter((pod) => !isTracked(pod) && hasEnded(pod));
  const inPhase = (phase: string) => counted.filter(({ status }) => status?.phase === phase);
  return afterPods(noBackoff, inPhase('Succeeded'), inPhase('Failed'));
}

/** Without what Go leaves out, so that two statuses compare. */
function withoutEmpty(status: JobStatus): object {
  return Object.fromEntries(Object.entries(status).filter(([name, value]) =>
    !((['active', 'succeeded', 'failed'].includes(name) && value === 0) || (name === 'completedIndexes' && value === ''))));
}
