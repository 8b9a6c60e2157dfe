/** Counts what namespaces use and writes it into the status of their ResourceQuotas (pkg/controller/resourcequota). */
import type { Clock } from '../clock/clock.ts';
import type { ApiPort, ObjectChange, ResourceName } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { Pod, ResourceQuota } from '../schema/core/v1.ts';
import { addUsage, countedResource, quotaApplies, usageOf, type Usage } from '../schema/quota-usage.ts';
import { canonicalQuantity } from '../schema/values/quantity.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { builtInDeletables, customDeletables } from './namespaced-resources.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

export class ResourceQuotaController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  /** Resources that some quota counts, and how to stop watching them. */
  readonly #watched = new Map<ResourceName, () => void>();

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#queue = new WorkQueue(clock, 'resourcequota-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#watched.set('resourcequotas', this.#port.onChange('resourcequotas', (change) => {
      if (change.object) this.#queue.add(change.key);
      this.#counted(change);
    }));
  }

  close(): void {
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
    this.#queue.close();
  }

  /** An object that counts has come or gone, or has ended. */
  #counted({ object, previous }: ObjectChange): void {
    const phase = (one: unknown) => (one as Pod | undefined)?.status?.phase;
    if (object && previous && phase(object) === phase(previous) && equal(object['spec'], previous['spec'])) return;
    const namespace = (object ?? previous)?.metadata.namespace ?? '';
    for (const { metadata } of this.#port.lister<ResourceQuota>('resourcequotas').list(namespace)) this.#queue.add(`${namespace}/${metadata.name}`);
  }

  *#reconcile(key: string): Task<void> {
    const [namespace = '', name = ''] = key.split('/');
    const quota = this.#port.lister<ResourceQuota>('resourcequotas').get(namespace, name);
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    const status = { hard, used: this.#used(quota, namespace, Object.keys(hard)) };
    if (equal(status, { hard: quota.status?.hard ?? {}, used: quota.status?.used ?? {} })) return;
    yield* this.#queue.write(this.#port, key, { verb: 'update', resource: 'resourcequotas', subresource: 'status', object: { ...quota, status } });
  }

  #used(quota: ResourceQuota, namespace: string, names: readonly string[]): Record<string, string> {
    const total: Usage = new Map();
    const now = this.#clock.now();
    const counted = new Set(names.map(countedResource).filter((resource) => resource !== undefined && this.#watch(resource)) as string[]);
    for (const resource of counted) {
      for (const object of this.#port.lister(resource).list(namespace)) {
        if (quotaApplies(quota, resource, object)) addUsage(total, usageOf(resource, object, now));
      }
    }
    const known = names.filter((name) => counted.has(countedResource(name) ?? ''));
    return Object.fromEntries(known.sort().map((name) => [name, canonicalQuantity(total.get(name)?.canonical() ?? '0')]));
  }

  /** Watches a resource from when the first quota counts it; false for one that is not served. */
  #watch(resource: ResourceName): boolean {
    if (this.#watched.has(resource)) return true;
    const served = [...builtInDeletables, ...customDeletables(this.#port)].some(({ name, namespaced }) => name === resource && namespaced);
    if (served) this.#watched.set(resource, this.#port.onChange(resource, (change) => this.#counted(change)));
    return served;
  }
}
