/** Makes the claims of Pods' generic ephemeral volumes (pkg/controller/volume/ephemeral). The garbage collector deletes them. */
import type { ApiPort } from '../../api/port.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../schema/core/v1.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { referenceTo, type EventRecorder } from '../events/event-recorder.ts';
import { WorkQueue } from '../runner.ts';
import { answer, type Task } from '../task.ts';
import { controllerKey, controllerOf, controllerReference, podKind } from '../workload-ownership.ts';
import { claimNameOf } from './pod-claims.ts';

const claims = 'persistentvolumeclaims';

export class EphemeralClaims implements Controller {
  readonly #port: ApiPort;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'ephemeral-volume-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('pods', ({ key, object, previous }) => {
        if (object && !previous && ephemeralVolumes(object as Pod).length > 0) this.#queue.add(key);
      }),
      this.#port.onChange(claims, ({ object, previous }) => {
        const pod = object || !previous ? undefined : controllerKey(podKind, previous);
        if (pod !== undefined) this.#queue.add(pod);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  *#reconcile(key: string): Task<void> {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    if (!pod || pod.metadata.deletionTimestamp) return this.#queue.forget(key);
    for (const volume of ephemeralVolumes(pod)) {
      const trouble = yield* this.#ensure(pod, volume);
      if (trouble === undefined) continue;
      this.#recorder.event(referenceTo('Pod', pod), 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${trouble}`);
      return this.#queue.retry(key);
    }
    this.#queue.forget(key);
  }

  /** What is wrong with the claim of a volume, which is made when there is none. */
  *#ensure(pod: Pod, volume: Volume): Task<string | undefined> {
    const { namespace = '', name: podName, uid } = pod.metadata;
    const name = claimNameOf(pod, volume)!;
    const existing = this.#port.lister<PersistentVolumeClaim>(claims).get(namespace, name);
    if (existing) {
      return controllerOf(existing)?.uid === uid ? undefined
        : `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
    }
    const { metadata = {}, spec } = volume.ephemeral!.volumeClaimTemplate!;
    const { labels, annotations } = metadata;
    const object: PersistentVolumeClaim = {
      apiVersion: 'v1', kind: 'PersistentVolumeClaim',
      metadata: {
        name, namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerReference(podKind, pod)],
      },
      spec, status: {},
    };
    const outcome = yield* answer(this.#port, { verb: 'create', resource: claims, namespace, object });
    return outcome.ok ? undefined : `create PVC ${name}: ${outcome.status.message}`;
  }
}

const ephemeralVolumes = (pod: Pod): readonly Volume[] => (pod.spec?.volumes ?? []).filter(({ ephemeral }) => ephemeral?.volumeClaimTemplate);
