/** Makes and deletes the Pods of workloads and says so in Events (pkg/controller/controller_utils.go). */
import type { ApiPort } from '../api/port.ts';
import type { Status } from '../api/errors.ts';
import type { Pod, PodTemplateSpec } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { EventRecorder, EventType } from './events/event-recorder.ts';
import { all, answer, inBatches, type Task } from './task.ts';
import { controllerReference, workloadReference, type WorkloadKind } from './workload-ownership.ts';

/** Why Pods could not be made or deleted. */
export interface Failure { readonly reason: string; readonly message: string }

/** A Pod as the template says (GetPodFromTemplate). */
export function podFromTemplate(workload: WorkloadKind, owner: KubeObject, template: PodTemplateSpec | undefined): KubeObject {
  const { metadata, spec } = template ?? {};
  const { labels, annotations, finalizers } = metadata ?? {};
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(workload, owner)],
      ...(finalizers ? { finalizers } : {}),
    },
    spec,
  };
}

/** True when a create failed because its namespace is going away; nobody needs to hear of that. */
export function isNamespaceTerminating(status: Status): boolean {
  return status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
}

export class WorkloadPods {
  readonly #port: ApiPort;
  readonly #recorder: EventRecorder;
  readonly #workload: WorkloadKind;

  constructor(port: ApiPort, recorder: EventRecorder, workload: WorkloadKind) {
    this.#port = port;
    this.#recorder = recorder;
    this.#workload = workload;
  }

  announce(owner: KubeObject, type: EventType, reason: string, message: string): void {
    this.#recorder.event(workloadReference(this.#workload, owner), type, reason, message);
  }

  /**
   * Makes the Pods in batches of one, two, four and so on; after a batch with a failure the rest is left for later
   * (slowStartBatch). Tells how many there are now, those of a namespace that is going away included, and the first failure.
   */
  *create(owner: KubeObject, pods: readonly KubeObject[]): Task<{ readonly created: number; readonly failure?: Failure }> {
    const results = yield* inBatches(pods, (pod) => this.#createOne(owner, pod), (failure) => failure !== undefined);
    const failures = results.filter((failure) => failure !== undefined);
    return { created: results.length - failures.length, ...(failures[0] ? { failure: failures[0] } : {}) };
  }

  /** Deletes Pods; those that are gone already count as deleted. */
  *delete(owner: KubeObject, pods: readonly Pod[]): Task<{ readonly deleted: readonly Pod[]; readonly failure?: Failure }> {
    const failures = yield* all(pods.map((pod) => this.#deleteOne(owner, pod)));
    const failure = failures.find((one) => one !== undefined);
    return { deleted: pods.filter((_, i) => !failures[i]), ...(failure ? { failure } : {}) };
  }

  *#deleteOne(owner: KubeObject, { metadata: { namespace = '', name = '' } }: Pod): Task<Failure | undefined> {
    const outcome = yield* answer(this.#port, { verb: 'delete', resource: 'pods', namespace, name });
    if (outcome.ok) this.announce(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    if (outcome.ok || outcome.status.code === 404) return undefined;
    const message = outcome.status.message ?? '';
    this.announce(owner, 'Warning', 'FailedDelete', `Error deleting: ${message}`);
    return { reason: 'FailedDelete', message };
  }

  *#createOne(owner: KubeObject, object: KubeObject): Task<Failure | undefined> {
    const outcome = yield* answer(this.#port, { verb: 'create', resource: 'pods', namespace: owner.metadata.namespace ?? '', object });
    if (outcome.ok) {
      this.announce(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${(outcome.object as KubeObject).metadata.name}`);
      return undefined;
    }
    if (isNamespaceTerminating(outcome.status)) return undefined;
    const message = outcome.status.message ?? '';
    this.announce(owner, 'Warning', 'FailedCreate', `Error creating: ${message}`);
    return { reason: 'FailedCreate', message };
  }
}
