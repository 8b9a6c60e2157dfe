/**
 * All that a controller knows of the API. Two adapters implement it: the in-process API (synchronous) and a remote
 * cluster over HTTP. Controllers are level-based: change handlers enqueue keys and never branch on the kind of event.
 */
import { assert } from '../lib/assert.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Status } from './errors.ts';
import type { Repetition } from './verbs/repeat.ts';

/** `pods`, `nodes`, `leases.coordination.k8s.io`: plural name, with the group unless it is core. */
export type ResourceName = string;

/** `namespace/name`, or `name` for cluster-scoped objects. */
export type ObjectKey = string;

/** Cached, indexed reads. Objects are frozen; a later write makes a new one. */
export interface Lister<T extends KubeObject = KubeObject> {
  get(namespace: string, name: string): T | undefined;
  /** All objects, or those of one namespace, ordered by key. */
  list(namespace?: string): readonly T[];
  /** The objects under one value of an index (see `IndexName`), ordered by key. O(result). */
  byIndex(index: IndexName, value: string): readonly T[];
  count(): number;
}

/**
 * `node`: pods by spec.nodeName (empty value: unscheduled). `owner`: objects by each metadata.ownerReferences uid.
 * `uid`: by metadata.uid. `involved`: events by involvedObject.uid.
 */
export type IndexName = 'node' | 'owner' | 'uid' | 'involved';

export interface ObjectChange {
  readonly key: ObjectKey;
  /** The object now; undefined when it is gone. */
  readonly object: KubeObject | undefined;
  /** The object before; undefined when it is new. */
  readonly previous: KubeObject | undefined;
  /** Nothing but heartbeats differ. Whoever doesn't care had better not read `object`. */
  readonly renewed: boolean;
}

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

interface Target {
  readonly resource: ResourceName;
  /** Empty or absent for cluster-scoped resources. */
  readonly namespace?: string;
  readonly name: string;
}

export type Write =
  | { readonly verb: 'create'; readonly resource: ResourceName; readonly namespace?: string; readonly object: KubeObject }
  /** The create of an Event, new and in canonical form; it is the port's from then on. */
  | { readonly verb: 'record'; readonly resource: 'events' | 'events.events.k8s.io'; readonly namespace: string; readonly object: KubeObject }
  /** The patch of a recorded Event that happens again. */
  | (Target & { readonly verb: 'repeat'; readonly resource: 'events'; readonly repetition: Repetition })
  /** With metadata.resourceVersion set in the object, only that version is replaced. */
  | { readonly verb: 'update'; readonly resource: ResourceName; readonly subresource?: string; readonly object: KubeObject }
  /** A new status for the object of this uid, whatever its version: what the patch from the stored status to this one does. */
  | { readonly verb: 'updateStatus'; readonly resource: ResourceName; readonly object: KubeObject }
  /**
   * An update of a few scalars, as heartbeats are: what `change` makes of the object. A port may leave out what such a
   * change can't fail at, and call it late or never; it must be pure and set the same members every time.
   */
  | (Target & { readonly verb: 'renew'; readonly subresource?: string; readonly change: (object: KubeObject) => KubeObject })
  | (Target & { readonly verb: 'patch'; readonly subresource?: string; readonly patchType: PatchType; readonly patch: unknown;
      readonly force?: boolean })
  | (Target & { readonly verb: 'delete'; readonly gracePeriodSeconds?: number; readonly preconditions?: Preconditions;
      readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' })
  | { readonly verb: 'bind'; readonly namespace: string; readonly name: string; readonly uid: string; readonly node: string }
  | { readonly verb: 'evict'; readonly namespace: string; readonly name: string; readonly gracePeriodSeconds?: number };

export type Outcome =
  | { readonly ok: true; readonly object: KubeObject | Status }
  | { readonly ok: false; readonly status: Status };

export interface ApiPort {
  lister<T extends KubeObject = KubeObject>(resource: ResourceName): Lister<T>;
  /** Calls `handler` for every existing object (as new ones) and then for every change. Returns a stop function. */
  onChange(resource: ResourceName, handler: (change: ObjectChange) => void): () => void;
  /** The outcome arrives at `done`: at once in process, later over HTTP. */
  submit(write: Write, done?: (outcome: Outcome) => void): void;
}

/** The outcome of a write on a port that answers at once, as those in this process do. */
export function submitNow(port: ApiPort, write: Write): Outcome {
  let outcome: Outcome | undefined;
  port.submit(write, (result) => { outcome = result; });
  assert(outcome !== undefined, 'the port must answer at once');
  return outcome;
}

/** One port per controller, so that field managers and user agents are told apart. */
export interface ApiPorts {
  /** `fieldManager` as in managedFields: `kubelet`, `kube-scheduler`, `kube-controller-manager`. */
  as(fieldManager: string): ApiPort;
}
