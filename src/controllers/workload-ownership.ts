/** Who controls what: adopting objects that a workload selects and releasing those it no longer does (pkg/controller/controller_ref_manager.go). */
import type { ApiPort, Outcome, ResourceName } from '../api/port.ts';
import type { ObjectReference } from '../schema/core/v1.ts';
import type { OwnerReference } from '../schema/meta/v1.ts';
import { parseApiVersion, type KubeObject } from '../schema/objects.ts';
import type { LabelSelector } from '../schema/values/label-selector.ts';
import { referenceTo } from './events/event-recorder.ts';
import { answer, type Task } from './task.ts';

/** A kind of workload, as owner references and Events name it. */
export interface WorkloadKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: ResourceName;
}

export const deploymentKind: WorkloadKind = { apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments.apps' };
export const replicaSetKind: WorkloadKind = { apiVersion: 'apps/v1', kind: 'ReplicaSet', resource: 'replicasets.apps' };
export const statefulSetKind: WorkloadKind = { apiVersion: 'apps/v1', kind: 'StatefulSet', resource: 'statefulsets.apps' };
export const daemonSetKind: WorkloadKind = { apiVersion: 'apps/v1', kind: 'DaemonSet', resource: 'daemonsets.apps' };
export const podKind: WorkloadKind = { apiVersion: 'v1', kind: 'Pod', resource: 'pods' };
export const cronJobKind: WorkloadKind = { apiVersion: 'batch/v1', kind: 'CronJob', resource: 'cronjobs.batch' };
export const replicationControllerKind: WorkloadKind = { apiVersion: 'v1', kind: 'ReplicationController', resource: 'replicationcontrollers' };
export const jobKind: WorkloadKind = { apiVersion: 'batch/v1', kind: 'Job', resource: 'jobs.batch' };

/** The reference to the one owner that manages the object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller);
}

/** The key of the workload of this kind that controls the object; undefined when none does. */
export function controllerKey({ apiVersion, kind }: WorkloadKind, object: KubeObject): string | undefined {
  const controller = controllerOf(object);
  if (controller?.kind !== kind || parseApiVersion(controller.apiVersion).group !== parseApiVersion(apiVersion).group) return undefined;
  return `${object.metadata.namespace}/${controller.name}`;
}

/** The reference by which a workload controls what it makes. */
export function controllerReference({ apiVersion, kind }: WorkloadKind, { metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}

/** What an Event about the workload names. */
export function workloadReference({ apiVersion, kind }: WorkloadKind, workload: KubeObject): ObjectReference {
  return referenceTo(kind, { ...workload, apiVersion });
}

/** A workload that claims objects. */
export interface Claimer<T extends KubeObject = KubeObject> {
  readonly port: ApiPort;
  readonly workload: WorkloadKind;
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
  /** What the workload's objects carry while they are its own. */
  readonly finalizer?: string;
  /** False: there is nothing to adopt, so only what the owner controls is looked at. */
  readonly adopts?: boolean;
  /** What an object needs besides the labels. */
  readonly accepts?: (object: T) => boolean;
}

/**
 * The objects of the owner's namespace that it controls. Matching orphans are adopted; objects that no longer match are
 * released. An owner that is being deleted adopts nothing. Undefined when one of these writes failed: look again later.
 */
export function* claim<T extends KubeObject>(claimer: Claimer<T>, resource: ResourceName): Task<T[] | undefined> {
  const { port, owner, selector, workload, adopts = true, accepts = () => true } = claimer;
  const claimed: T[] = [];
  let failed = false;
  const lister = port.lister<T>(resource);
  for (const object of adopts ? lister.list(owner.metadata.namespace) : lister.byIndex('owner', owner.metadata.uid ?? '')) {
    const controller = controllerOf(object);
    const matches = selector.matches(object.metadata.labels) && accepts(object);
    if (controller) {
      if (controller.uid !== owner.metadata.uid) continue;
      if (matches || owner.metadata.deletionTimestamp) claimed.push(object);
      else if (hasFailed(yield* release(claimer, resource, object, controller.uid))) failed = true;
    } else if (matches && !owner.metadata.deletionTimestamp && !object.metadata.deletionTimestamp) {
      const outcome = yield* patchOwners(claimer, resource, object, {
        ownerReferences: [controllerReference(workload, owner)], ...(claimer.finalizer ? { finalizers: [claimer.finalizer] } : {}),
      });
      if (outcome.ok) claimed.push(outcome.object as T);
      else if (hasFailed(outcome)) failed = true;
    }
  }
  return failed ? undefined : claimed;
}

/** What is gone needs no claim. */
const hasFailed = (outcome: Outcome): boolean => !outcome.ok && outcome.status.code !== 404;

function release<T extends KubeObject>(claimer: Claimer<T>, resource: ResourceName, object: KubeObject, uid: string): Task<Outcome> {
  const { finalizer } = claimer;
  return patchOwners(claimer, resource, object, {
    ownerReferences: [{ $patch: 'delete', uid }], ...(finalizer ? { '$deleteFromPrimitiveList/finalizers': [finalizer] } : {}),
  });
}

function patchOwners<T extends KubeObject>({ port }: Claimer<T>, resource: ResourceName, { metadata }: KubeObject, change: object): Task<Outcome> {
  const { namespace = '', name = '', uid } = metadata;
  return answer(port, { verb: 'patch', resource, namespace, name, patchType: 'strategic', patch: { metadata: { uid, ...change } } });
}
