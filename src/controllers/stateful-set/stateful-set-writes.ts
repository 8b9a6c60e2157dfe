/** What a StatefulSet makes, changes and deletes, with its Events (pkg/controller/statefulset/stateful_pod_control.go). */
import type { ApiPort, Outcome } from '../../api/port.ts';
import type { StatefulSet } from '../../schema/apps/v1.ts';
import type { PersistentVolumeClaim, Pod } from '../../schema/core/v1.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import { answer, type Task } from '../task.ts';
import { statefulSetKind, workloadReference } from '../workload-ownership.ts';
import { blocksPod, hasOtherController, withOwners } from './stateful-set-claims.ts';
import { claimsOf, ordinalOf, repaired } from './stateful-set-pods.ts';

const claims = 'persistentvolumeclaims';
type Verb = 'Create' | 'Update' | 'Delete';

/** Undefined: it went well. */
type Failed = string | undefined;

export class StatefulSetWrites {
  readonly #port: ApiPort;
  readonly #recorder: EventRecorder;

  constructor(port: ApiPort, recorder: EventRecorder) {
    this.#port = port;
    this.#recorder = recorder;
  }

  /** The claims come first: a Pod without them could not start. */
  *createPod(set: StatefulSet, pod: Pod): Task<Failed> {
    const failed = yield* this.#createClaims(set, pod);
    if (failed) return this.#announcePod(set, 'Create', pod, failed);
    const outcome = yield* answer(this.#port, { verb: 'create', resource: 'pods', namespace: set.metadata.namespace ?? '', object: pod });
    if (!outcome.ok && outcome.status.reason === 'AlreadyExists') return outcome.status.message ?? '';
    const unowned = yield* this.ownClaims(set, pod);
    if (unowned) return this.#announcePod(set, 'Update', pod, unowned);
    return this.#announcePod(set, 'Create', pod, failureOf(outcome));
  }

  *deletePod(set: StatefulSet, pod: Pod): Task<Failed> {
    const { namespace = '', name = '' } = pod.metadata;
    const outcome = yield* answer(this.#port, { verb: 'delete', resource: 'pods', namespace, name });
    return this.#announcePod(set, 'Delete', pod, !outcome.ok && outcome.status.code !== 404 ? failureOf(outcome) : undefined);
  }

  /** Gives a Pod that was changed its identity, volumes and claims back. */
  *repairPod(set: StatefulSet, pod: Pod): Task<Failed> {
    const object = repaired(set, pod);
    const owned = this.ownsClaims(set, pod);
    if (!object && owned) return undefined;
    const failed = (object && object.spec !== pod.spec ? yield* this.#createClaims(set, pod) : undefined) ?? (owned ? undefined : yield* this.ownClaims(set, pod));
    if (failed) return this.#announcePod(set, 'Update', pod, failed);
    return this.#announcePod(set, 'Update', pod, failureOf(yield* answer(this.#port, { verb: 'update', resource: 'pods', object: object ?? pod })));
  }

  /** Makes what claims of a waiting Pod are missing. */
  *completeClaims(set: StatefulSet, pod: Pod): Task<Failed> {
    const failed = yield* this.#createClaims(set, pod);
    if (failed) return failed;
    const unowned = yield* this.ownClaims(set, pod);
    return unowned && this.#announcePod(set, 'Update', pod, unowned);
  }

  isBlocked(set: StatefulSet, pod: Pod): boolean {
    return claimsOf(set, ordinalOf(pod)).some((claim) => blocksPod(set, this.#existing(claim), pod));
  }

  ownsClaims(set: StatefulSet, pod: Pod): boolean {
    return claimsOf(set, ordinalOf(pod)).every((claim) => {
      const existing = this.#existing(claim);
      return !existing || !withOwners(existing, set, pod);
    });
  }

  *ownClaims(set: StatefulSet, pod: Pod): Task<Failed> {
    for (const { metadata } of claimsOf(set, ordinalOf(pod))) {
      const existing = this.#existing({ metadata: metadata! });
      if (!existing) continue;
      if (hasOtherController(existing, set, pod)) {
        const message = `PersistentVolumeClaim ${metadata?.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        this.#announce(set, 'ConflictingController', message, true);
      }
      const object = withOwners(existing, set, pod);
      const failed = object && failureOf(yield* answer(this.#port, { verb: 'update', resource: claims, object }));
      if (failed) return `could not update claim ${metadata?.name} for delete policy ownerRefs: ${failed}`;
    }
    return undefined;
  }

  *#createClaims(set: StatefulSet, pod: Pod): Task<Failed> {
    const failures: string[] = [];
    for (const claim of claimsOf(set, ordinalOf(pod))) {
      const existing = this.#existing(claim);
      const { namespace = '', name = '' } = claim.metadata!;
      if (existing) {
        if (existing.metadata?.deletionTimestamp) failures.push(`pvc ${name} is being deleted`);
        continue;
      }
      const object = { ...claim, apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: claim.metadata! };
      const failed = failureOf(yield* answer(this.#port, { verb: 'create', resource: claims, namespace, object }));
      if (failed) failures.push(`failed to create PVC ${name}: ${failed}`);
      const end = failed ? `failed error: ${failed}` : 'success';
      this.#announce(set, `${failed ? 'Failed' : 'Successful'}Create`, `Create Claim ${name} ${failed ? 'for ' : ''}Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} ${end}`, Boolean(failed));
    }
    return failures.length > 1 ? `[${failures.join(', ')}]` : failures[0];
  }

  #existing({ metadata }: Pick<PersistentVolumeClaim, 'metadata'>): PersistentVolumeClaim | undefined {
    return this.#port.lister(claims).get(metadata?.namespace ?? '', metadata?.name ?? '') as PersistentVolumeClaim | undefined;
  }

  #announcePod(set: StatefulSet, verb: Verb, pod: Pod, failed: Failed): Failed {
    const end = failed ? `failed error: ${failed}` : 'successful';
    this.#announce(set, `${failed ? 'Failed' : 'Successful'}${verb}`, `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} ${end}`, Boolean(failed));
    return failed;
  }

  #announce(set: StatefulSet, reason: string, message: string, warning: boolean): void {
    this.#recorder.event(workloadReference(statefulSetKind, set), warning ? 'Warning' : 'Normal', reason, message);
  }
}

function failureOf(outcome: Outcome): Failed {
  return outcome.ok ? undefined : outcome.status.message ?? '';
}
