/**
 * Keeps claims that Pods use, and volumes that are bound, from disappearing: a finalizer holds them back until nobody
 * needs them (pkg/controller/volume/pvcprotection and pvprotection).
 */
import type { ApiPort } from '../api/port.ts';
import type { PersistentVolume, Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { hasEnded } from './pod-readiness.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';
import { claimNames } from './volumes/pod-claims.ts';

const claims = 'persistentvolumeclaims';
const volumes = 'persistentvolumes';

/** Adds the finalizer to live objects and takes it away from deleted ones that are not in use. */
function* protect(port: ApiPort, queue: WorkQueue, key: string, resource: string, finalizer: string, object: KubeObject, inUse: boolean): Task<void> {
  const { namespace, name = '', finalizers = [], deletionTimestamp } = object.metadata;
  const present = finalizers.includes(finalizer);
  const wanted = deletionTimestamp ? present && inUse : true;
  if (present === wanted) return;
  const next = wanted ? [...finalizers, finalizer] : finalizers.filter((one) => one !== finalizer);
  const patch = { metadata: { finalizers: next.length > 0 ? next : null } };
  yield* queue.write(port, key, { verb: 'patch', resource, name, ...(namespace === undefined ? {} : { namespace }), patchType: 'merge', patch });
}

export class ClaimProtection implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'persistentvolumeclaim-protection-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(claims, ({ key, object }) => {
        if (object) this.#queue.add(key);
      }),
      this.#port.onChange('pods', ({ object, previous }) => {
        if (!object || hasEnded(object as Pod)) for (const key of claimKeys((object ?? previous) as Pod)) this.#queue.add(key);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  *#reconcile(key: string): Task<void> {
    const [namespace = '', name = ''] = key.split('/');
    const claim = this.#port.lister(claims).get(namespace, name);
    if (!claim) return;
    const inUse = claim.metadata.deletionTimestamp !== undefined && this.#port.lister<Pod>('pods').list(namespace)
      .some((pod) => pod.spec?.nodeName && !hasEnded(pod) && claimKeys(pod).includes(key));
    yield* protect(this.#port, this.#queue, key, claims, 'kubernetes.io/pvc-protection', claim, inUse);
  }
}

export class VolumeProtection implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  #stop = () => {};

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'persistentvolume-protection-controller', (name) => this.#reconcile(name));
  }

  start(): void {
    this.#stop = this.#port.onChange(volumes, ({ key, object }) => {
      if (object) this.#queue.add(key);
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  *#reconcile(name: string): Task<void> {
    const volume = this.#port.lister<PersistentVolume>(volumes).get('', name);
    if (volume) yield* protect(this.#port, this.#queue, name, volumes, 'kubernetes.io/pv-protection', volume, volume.status?.phase === 'Bound');
  }
}

const claimKeys = (pod: Pod): string[] => claimNames(pod).map((name) => `${pod.metadata.namespace}/${name}`);
