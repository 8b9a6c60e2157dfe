/** Deletes Jobs some time after they finished (pkg/controller/ttlafterfinished). */
import type { ApiPort } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Job } from '../../schema/batch/v1.ts';
import { timeToMs } from '../../schema/values/time.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import type { Task } from '../task.ts';
import { jobKind } from '../workload-ownership.ts';

const jobs = jobKind.resource;

/** When the Job may go, milliseconds; undefined as long as that is open. */
function expiryOf({ metadata, spec, status }: Job): number | undefined {
  const ttl = spec?.ttlSecondsAfterFinished ?? undefined;
  const end = status?.conditions?.find(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True');
  if (metadata.deletionTimestamp || ttl === undefined || !end?.lastTransitionTime) return undefined;
  return timeToMs(end.lastTransitionTime) + ttl * 1000;
}

export class TtlAfterFinished implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  #stop: (() => void) | undefined;

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#queue = new WorkQueue(clock, 'ttl-after-finished-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stop = this.#port.onChange(jobs, ({ key, object }) => {
      if (object && expiryOf(object as Job) !== undefined) this.#queue.add(key);
    });
  }

  close(): void {
    this.#stop?.();
    this.#queue.close();
  }

  *#reconcile(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const job = this.#port.lister<Job>(jobs).get(namespace, name);
    const expiry = job && expiryOf(job);
    if (expiry === undefined) return this.#queue.forget(key);
    const requeueAfterMs = expiry - this.#clock.now();
    if (requeueAfterMs > 0) return { requeueAfterMs };
    const preconditions = { uid: job!.metadata.uid ?? '' };
    yield* this.#queue.write(this.#port, key, { verb: 'delete', resource: jobs, namespace, name, propagationPolicy: 'Foreground', preconditions });
  }
}
