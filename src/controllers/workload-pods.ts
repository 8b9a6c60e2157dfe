/** Makes and deletes the Pods of workloads and says so in Events (pkg/controller/controller_utils.go). */
import { submitNow, type ApiPort } from '../api/port.ts';
import type { Status } from '../api/errors.ts';
import type { Pod, PodTemplateSpec } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { EventRecorder, EventType } from './events/event-recorder.ts';
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
  create(owner: KubeObject, pods: readonly KubeObject[]): { readonly created: number; readonly failure?: Failure } {
    let created = 0;
    let failure: Failure | undefined;
    for (let from = 0, size = 1; from < pods.length && !failure; from += size / 2) {
      for (const pod of pods.slice(from, from + size)) {
        const failed = this.#createOne(owner, pod);
        if (!failed) created++;
        failure ??= failed;
      }
      size *= 2;
    }
    return { created, ...(failure ? { failure } : {}) };
  }

  /** Deletes Pods; those that are gone already count as deleted. */
  delete(owner: KubeObject, pods: readonly Pod[]): { readonly deleted: readonly Pod[]; readonly failure?: Failure } {
    const deleted: Pod[] = [];
    let failure: Failure | undefined;
    for (const pod of pods) {
      const { namespace = '', name = '' } = pod.metadata;
      const outcome = submitNow(this.#port, { verb: 'delete', resource: 'pods', namespace, name });
      if (outcome.ok) this.announce(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      if (outcome.ok || outcome.status.code === 404) deleted.push(pod);
      else {
        const message = outcome.status.message ?? '';
        this.announce(owner, 'Warning', 'FailedDelete', `Error deleting: ${message}`);
        failure ??= { reason: 'FailedDelete', message };
      }
    }
    return { deleted, ...(failure ? { failure } : {}) };
  }

  #createOne(owner: KubeObject, object: KubeObject): Failure | undefined {
    const outcome = submitNow(this.#port, { verb: 'create', resource: 'pods', namespace: owner.metadata.namespace ?? '', object });
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
