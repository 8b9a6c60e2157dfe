/** Makes sure that a container's image is on the node, with upstream's events and errors (images/image_manager.go). */
import type { Container, Pod } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ImageInfo, ImageUser, PullResult } from '../../runtime/runtime.ts';
import { formatDuration } from '../../schema/values/duration.ts';
import { Backoff } from './backoff.ts';
import { imageNameError } from './image-name.ts';
import type { WaitingReason } from './memory.ts';
import type { PodEvents } from './pod-events.ts';
import type { KubeletRuntime } from './scope.ts';
import { wait, type Task } from '../task.ts';

const backoffInitialMs = 10_000;
const backoffMaxMs = 300_000;

export type EnsuredImage = { readonly ok: true; readonly image: ImageInfo } | ({ readonly ok: false } & WaitingReason);

export class Images {
  readonly #clock: Clock;
  readonly #runtime: KubeletRuntime;
  readonly #events: PodEvents;
  readonly #backoff: Backoff;
  /** What the last pull of a key ended with; shown while its back-off lasts. */
  readonly #lastError = new Map<string, string>();

  constructor(clock: Clock, runtime: KubeletRuntime, events: PodEvents) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#events = events;
    this.#backoff = new Backoff(clock, backoffInitialMs, backoffMaxMs);
  }

  *ensure(pod: Pod, container: Container): Task<EnsuredImage> {
    const reference = container.image ?? '';
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    const nameError = imageNameError(reference);
    if (nameError !== undefined) {
      const message = `Failed to apply default image tag "${reference}": ${nameError}`;
      return this.#failed(pod, container, 'InspectFailed', 'InvalidImageName', message);
    }
    const present = policy === 'Always' ? undefined : this.#runtime.imageStatus(reference, imageUser(pod, container));
    if (present) {
      const message = `Container image "${reference}" already present on machine and can be accessed by the pod`;
      this.#events.container(pod, container, 'Normal', 'Pulled', message);
      return { ok: true, image: present };
    }
    if (policy === 'Never') {
      const message = `Container image "${reference}" is not present with pull policy of Never`;
      return this.#failed(pod, container, 'ErrImageNeverPull', 'ErrImageNeverPull', message);
    }
    return yield* this.#pull(pod, container, reference);
  }

  forget(podUid: string): void {
    this.#backoff.forget(podUid);
    for (const key of this.#lastError.keys()) if (key.startsWith(podUid)) this.#lastError.delete(key);
  }

  *#pull(pod: Pod, container: Container, reference: string): Task<EnsuredImage> {
    const key = `${pod.metadata.uid}_${reference}`;
    if (this.#backoff.activeSinceUpdate(key)) {
      const message = `Back-off pulling image "${reference}"`;
      this.#events.container(pod, container, 'Normal', 'BackOff', message);
      const lastError = this.#lastError.get(key);
      return { ok: false, reason: 'ImagePullBackOff', message: lastError === undefined ? message : `${message}: ${lastError}` };
    }
    this.#lastError.delete(key);
    this.#events.container(pod, container, 'Normal', 'Pulling', `Pulling image "${reference}"`);
    const startedAt = this.#clock.now();
    const result = yield* wait<PullResult>((done) => this.#runtime.pullImage(reference, done, imageUser(pod, container)));
    if (!result.ok) {
      this.#events.container(pod, container, 'Warning', 'Failed', `Failed to pull image "${reference}": ${result.message}`);
      this.#backoff.next(key, this.#clock.now());
      this.#lastError.set(key, `ErrImagePull: ${result.message}`);
      return { ok: false, reason: 'ErrImagePull', message: result.message };
    }
    const took = printMs(result.tookMs);
    const waited = printMs(this.#clock.now() - startedAt);
    const message = `Successfully pulled image "${reference}" in ${took} (${waited} including waiting). Image size: ${result.image.sizeBytes} bytes.`;
    this.#events.container(pod, container, 'Normal', 'Pulled', message);
    return { ok: true, image: result.image };
  }

  #failed(pod: Pod, container: Container, event: string, reason: string, message: string): EnsuredImage {
    this.#events.container(pod, container, 'Warning', event, message);
    return { ok: false, reason, message };
  }
}

function imageUser({ metadata }: Pod, container: Container): ImageUser {
  const { uid = '', namespace = '', name = '', labels = {}, annotations = {} } = metadata;
  return { podUid: uid, namespace, pod: name, labels, annotations, container: container.name };
}

const printMs = (ms: number): string => formatDuration(BigInt(Math.trunc(ms)) * 1_000_000n);
