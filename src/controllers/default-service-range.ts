/**
 * Says that the ServiceCIDR `kubernetes`, from which Services get their addresses, is ready
 * (pkg/controlplane/controller/defaultservicecidr). A condition that anybody has set stays.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { ServiceCIDR } from '../schema/networking/v1.ts';
import { formatTime } from '../schema/values/time.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

const resource = 'servicecidrs.networking.k8s.io';
const name = 'kubernetes';

export class DefaultServiceRange implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  #stop: () => void = () => {};

  constructor({ port, clock }: Pick<ControllerContext, 'port' | 'clock'>) {
    this.#port = port;
    this.#clock = clock;
    this.#queue = new WorkQueue(clock, 'kube-apiserver service range', () => this.#judge());
  }

  /** Judges what is there at once, so that the cluster is whole when its first request comes. */
  start(): void {
    this.#judge();
    this.#stop = this.#port.onChange(resource, ({ key, object }) => {
      if (key === name && object && !isJudged(object as unknown as ServiceCIDR)) this.#queue.add(key);
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  *#judge(): Task<void> {
    const range = this.#port.lister(resource).get('', name) as unknown as ServiceCIDR | undefined;
    if (!range || isJudged(range)) return;
    const condition = {
      type: 'Ready', status: 'True', message: 'Kubernetes default Service CIDR is ready', lastTransitionTime: formatTime(this.#clock.now()),
    };
    yield* this.#queue.write(this.#port, name, {
      verb: 'patch', resource, name, subresource: 'status', patchType: 'apply', force: true,
      patch: { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name }, status: { conditions: [condition] } },
    });
  }
}

const isJudged = ({ status }: ServiceCIDR): boolean =>
  (status.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status !== 'Unknown');
