/**
 * Deletes objects whose owners are gone, and sees deletions through that wait for dependents (foreground) or leave them
 * behind (orphan). Upstream: pkg/controller/garbagecollector; its graph is here a map from owners to dependents, all else
 * is read when it is needed. Owners live in the namespace of their dependents or in none; anything else counts as absent.
 */
import type { ApiPort, ObjectChange, Outcome, ResourceName } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { CustomResourceDefinition } from '../schema/apiextensions/v1.ts';
import type { OwnerReference } from '../schema/meta/v1.ts';
import { parseApiVersion, type KubeObject } from '../schema/objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { builtInDeletables, deletableOf, type DeletableResource } from './namespaced-resources.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

const crdResource = 'customresourcedefinitions.apiextensions.k8s.io';
const orphanFinalizer = 'orphan';
const foregroundFinalizer = 'foregroundDeletion';

const kindOf = ({ group, kind }: DeletableResource): string => `${group}/${kind}`;
/** Events have no dependents, and there are many of them. */
const watched = builtInDeletables.filter(({ name }) => name !== 'events');
const builtInResources: ReadonlyMap<ResourceName, DeletableResource> = new Map(watched.map((resource) => [resource.name, resource]));
/** `group/Kind` → resource. */
const builtInKinds: ReadonlyMap<string, DeletableResource> = new Map(watched.map((resource) => [kindOf(resource), resource]));

/** `resource|namespace/name` or `resource|name`. */
type ItemKey = string;

interface Item {
  readonly resource: DeletableResource;
  readonly namespace: string;
  readonly name: string;
}

export class GarbageCollector implements Controller {
  readonly #port: ApiPort;
  readonly #queue: WorkQueue;
  readonly #customQueue: WorkQueue;
  /** Of custom resources. */
  readonly #resources = new Map<ResourceName, DeletableResource>();
  readonly #kinds = new Map<string, DeletableResource>();
  readonly #customStops = new Map<ResourceName, () => void>();
  #stops: (() => void)[] = [];
  /** uid of an owner → its dependents. */
  readonly #dependents = new Map<string, Set<ItemKey>>();

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#queue = new WorkQueue(clock, 'garbage-collector-controller', (key) => this.#reconcile(key));
    this.#customQueue = new WorkQueue(clock, 'garbage-collector-controller resources', (name) => this.#syncCustomResource(name));
  }

  start(): void {
    this.#stops = watched.map((resource) => this.#watch(resource));
    this.#stops.push(this.#port.onChange(crdResource, ({ key }) => this.#customQueue.add(key)));
  }

  close(): void {
    for (const stop of [...this.#stops, ...this.#customStops.values()]) stop();
    this.#queue.close();
    this.#customQueue.close();
  }

  #watch(resource: DeletableResource): () => void {
    return this.#port.onChange(resource.name, (change) => {
      if (!change.renewed) this.#changed(resource, change);
    });
  }

  #syncCustomResource(name: string): void {
    const crd = this.#port.lister<CustomResourceDefinition>(crdResource).get('', name);
    const established = crd?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
    if (established === this.#resources.has(name)) return;
    const resource = this.#resources.get(name) ?? deletableOf(crd!);
    if (established) {
      this.#resources.set(name, resource);
      this.#kinds.set(kindOf(resource), resource);
      this.#customStops.set(name, this.#watch(resource));
    } else {
      this.#customStops.get(name)!();
      this.#customStops.delete(name);
      this.#resources.delete(name);
      this.#kinds.delete(kindOf(resource));
    }
  }

  #changed(resource: DeletableResource, { key, object, previous }: ObjectChange): void {
    const item = `${resource.name}|${key}`;
    const owners = object?.metadata.ownerReferences;
    const ownersBefore = previous?.metadata.ownerReferences;
    if (!equal(owners, ownersBefore)) {
      for (const { uid } of ownersBefore ?? []) this.#unlink(uid, item);
      for (const { uid } of owners ?? []) this.#link(uid, item);
      if (owners) this.#queue.add(item);
      this.#addOwners(resource, previous);
    }
    if (!object) {
      this.#addDependents(previous?.metadata.uid);
    } else if (object.metadata.deletionTimestamp && object.metadata.finalizers) {
      if (isDeletingDependents(object) && !(previous && isDeletingDependents(previous))) this.#addDependents(object.metadata.uid);
      this.#queue.add(item);
    }
  }

  #link(ownerUid: string, item: ItemKey): void {
    const items = this.#dependents.get(ownerUid);
    if (items) items.add(item);
    else this.#dependents.set(ownerUid, new Set([item]));
  }

  #unlink(ownerUid: string, item: ItemKey): void {
    const items = this.#dependents.get(ownerUid);
    items?.delete(item);
    if (items?.size === 0) this.#dependents.delete(ownerUid);
  }

  #addDependents(ownerUid: string | undefined): void {
    for (const item of this.#dependents.get(ownerUid ?? '') ?? []) this.#queue.add(item);
  }

  /** Owners may be waiting for this object to go. */
  #addOwners(resource: DeletableResource, object: KubeObject | undefined): void {
    for (const owner of object?.metadata.ownerReferences ?? []) {
      const found = this.#ownerItem(resource, object!.metadata.namespace ?? '', owner);
      if (found && found !== 'unknown') this.#queue.add(keyOf(found));
    }
  }

  *#reconcile(key: ItemKey): Task<void> {
    const item = this.#item(key);
    const object = item && this.#get(item);
    if (!object) return;
    if (object.metadata.deletionTimestamp) {
      if (object.metadata.finalizers?.includes(orphanFinalizer)) yield* this.#orphanDependents(key, item, object);
      else if (isDeletingDependents(object)) yield* this.#awaitDependents(key, item, object);
      return;
    }
    yield* this.#collect(key, item, object);
  }

  /** Deletes the object if no owner is left that keeps it. */
  *#collect(key: ItemKey, item: Item, object: KubeObject): Task<void> {
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0) return;
    const solid: OwnerReference[] = [];
    let waiting = 0;
    for (const reference of references) {
      const owner = this.#ownerItem(item.resource, item.namespace, reference);
      // An owner of a kind that is not served may be served later; one in a namespace can't own what is in none.
      if (owner === 'unknown') return this.#queue.retry(key);
      if (owner === undefined) return;
      const found = this.#get(owner);
      if (found?.metadata.uid !== reference.uid) continue;
      if (found.metadata.deletionTimestamp && isDeletingDependents(found)) waiting++;
      else solid.push(reference);
    }
    if (solid.length === references.length) return;
    if (solid.length > 0) {
      yield* this.#patchMetadata(key, item, object, { ownerReferences: solid });
    } else if (waiting > 0 && this.#dependents.has(object.metadata.uid ?? '')) {
      yield* this.#breakCycle(key, item, object);
      yield* this.#delete(key, item, object, 'Foreground');
    } else {
      const finalizers = object.metadata.finalizers ?? [];
      const policy = finalizers.includes(orphanFinalizer) ? 'Orphan' : finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
      yield* this.#delete(key, item, object, policy);
    }
  }

  /** A dependent that itself waits for its dependents may wait for this object: it must not block its owners then. */
  *#breakCycle(key: ItemKey, item: Item, object: KubeObject): Task<void> {
    const circular = this.#dependentsOf(object).some(({ object: dependent }) => isDeletingDependents(dependent));
    const references = object.metadata.ownerReferences ?? [];
    if (!circular || !references.some(({ blockOwnerDeletion }) => blockOwnerDeletion)) return;
    yield* this.#patchMetadata(key, item, object, { ownerReferences: references.map((reference) => ({ ...reference, blockOwnerDeletion: false })) });
  }

  *#awaitDependents(key: ItemKey, item: Item, object: KubeObject): Task<void> {
    const { uid } = object.metadata;
    const blocking = this.#dependentsOf(object).filter(({ object: dependent }) =>
      dependent.metadata.ownerReferences?.some((reference) => reference.uid === uid && reference.blockOwnerDeletion));
    if (blocking.length === 0) yield* this.#removeFinalizer(key, item, object, foregroundFinalizer);
    for (const { key: dependent, object: blocker } of blocking) if (!blocker.metadata.deletionTimestamp) this.#queue.add(dependent);
  }

  *#orphanDependents(key: ItemKey, item: Item, object: KubeObject): Task<void> {
    const { uid } = object.metadata;
    for (const dependent of this.#dependentsOf(object)) {
      const ownerReferences = (dependent.object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      const outcome = yield* this.#patchMetadata(key, dependent.item, dependent.object, { ownerReferences });
      if (!outcome.ok && outcome.status.code !== 404) return;
    }
    yield* this.#removeFinalizer(key, item, object, orphanFinalizer);
  }

  *#removeFinalizer(key: ItemKey, item: Item, object: KubeObject, finalizer: string): Task<void> {
    yield* this.#patchMetadata(key, item, object, { finalizers: (object.metadata.finalizers ?? []).filter((one) => one !== finalizer) });
  }

  *#patchMetadata(key: ItemKey, { resource, namespace, name }: Item, object: KubeObject, lists: Readonly<Record<string, readonly unknown[]>>): Task<Outcome> {
    const entries = Object.entries(lists).map(([member, list]) => [member, list.length > 0 ? list : null]);
    const patch = { metadata: { uid: object.metadata.uid, ...Object.fromEntries(entries) } };
    return yield* this.#queue.write(this.#port, key, { verb: 'patch', resource: resource.name, namespace, name, patchType: 'merge', patch });
  }

  *#delete(key: ItemKey, { resource, namespace, name }: Item, object: KubeObject, propagationPolicy: 'Background' | 'Foreground' | 'Orphan'): Task<void> {
    const { uid } = object.metadata;
    const preconditions = uid === undefined ? {} : { uid };
    yield* this.#queue.write(this.#port, key, { verb: 'delete', resource: resource.name, namespace, name, propagationPolicy, preconditions });
  }

  #dependentsOf({ metadata }: KubeObject): { key: ItemKey; item: Item; object: KubeObject }[] {
    return [...(this.#dependents.get(metadata.uid ?? '') ?? [])].flatMap((key) => {
      const item = this.#item(key);
      const object = item && this.#get(item);
      return object ? [{ key, item, object }] : [];
    });
  }

  /** Where an owner should be; `unknown` when its kind is not served, undefined when it can't own such an object. */
  #ownerItem(resource: DeletableResource, namespace: string, { apiVersion, kind, name }: OwnerReference): Item | 'unknown' | undefined {
    const ownerKind = `${parseApiVersion(apiVersion).group}/${kind}`;
    const owner = builtInKinds.get(ownerKind) ?? this.#kinds.get(ownerKind);
    if (!owner) return 'unknown';
    if (!resource.namespaced && owner.namespaced) return undefined;
    return { resource: owner, namespace: owner.namespaced ? namespace : '', name };
  }

  #item(key: ItemKey): Item | undefined {
    const bar = key.indexOf('|');
    const name = key.slice(0, bar);
    const resource = builtInResources.get(name) ?? this.#resources.get(name);
    if (!resource) return undefined;
    const [namespace, objectName] = resource.namespaced ? key.slice(bar + 1).split('/') : ['', key.slice(bar + 1)];
    return { resource, namespace: namespace ?? '', name: objectName ?? '' };
  }

  #get({ resource, namespace, name }: Item): KubeObject | undefined {
    return this.#port.lister(resource.name).get(namespace, name);
  }
}

const keyOf = ({ resource, namespace, name }: Item): ItemKey => `${resource.name}|${namespace === '' ? '' : `${namespace}/`}${name}`;

const isDeletingDependents = ({ metadata }: KubeObject): boolean =>
  Boolean(metadata.deletionTimestamp) && (metadata.finalizers ?? []).includes(foregroundFinalizer);
