/**
 * The verbs: what a request does to the store once it is decoded. Every path into the API (HTTP, in process, a
 * subresource) ends in the same functions: create, update, delete. They work on plain objects and know nothing of HTTP,
 * encodings or query parameters.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { Stored } from '../../store/store.ts';
import { stepsFor, type AdmissionContext, type AdmissionRequest, type SelectedSteps } from '../admission.ts';
import { badRequest } from '../errors.ts';
import { normalizeStored } from '../codec/normalize.ts';
import { listPrefix, storageKey, type ResourceDef } from '../registry.ts';
import { resourceVersionOf } from '../resource-version.ts';
import type { Services, User } from '../services.ts';

/** One write as its caller describes it. */
export interface WriteContext {
  /** The resource in the version of the request. */
  readonly def: ResourceDef;
  /** Empty for the main resource. */
  readonly subresource: string;
  readonly namespace: string;
  /** Empty for a create. */
  readonly name: string;
  readonly dryRun: boolean;
  /** The field manager. */
  readonly manager: string;
  readonly user: User;
  /** Adds a Warning header. */
  warn(text: string): void;
}

/** What a write left behind, in the version of the request. */
export interface Written {
  readonly object: KubeObject;
  /** The stored version that `object` is; undefined for a dry run, a deletion or another version than the stored one. */
  readonly stored: Stored<KubeObject> | undefined;
  readonly created: boolean;
}

/** How the rules of a write look at the moment and at other objects. */
class WriteWorld implements AdmissionContext {
  readonly now: number;
  readonly random: Services['random'];
  readonly namespace: string;
  readonly user: User;
  readonly #services: Services;

  constructor(services: Services, namespace: string, user: User) {
    this.now = services.clock.now();
    this.random = services.random;
    this.namespace = namespace;
    this.user = user;
    this.#services = services;
  }

  get objects(): number {
    return this.#services.store.count('/');
  }

  get objectsMax(): number {
    return this.#services.objectsMax;
  }

  get(group: string, resource: string, namespace: string, name: string): KubeObject | undefined {
    const { registry, store } = this.#services;
    const def = registry.byGroup(group, resource);
    return def && store.get(storageKey(def, namespace, name))?.value;
  }

  list(group: string, resource: string, namespace: string): readonly KubeObject[] {
    const { registry, store } = this.#services;
    const def = registry.byGroup(group, resource);
    if (!def || store.count(def.prefix) === 0) return [];
    const page = store.list(listPrefix(def, namespace));
    return page.ok ? page.items.map((stored) => stored.value) : [];
  }

  updateStatus(group: string, resource: string, object: KubeObject): void {
    overwrite(this.#services, group, resource, object);
  }
}

/** Runs the admission chain around a write; what a step undoes on failure is undone when anything later throws. */
export class Admission {
  readonly #steps: SelectedSteps;
  readonly #operation: AdmissionRequest['operation'];
  readonly #write: WriteContext;
  readonly #name: string;
  /** What the rules of the write see, those of its strategy too. */
  readonly world: AdmissionContext;
  readonly #undo: (() => void)[] = [];

  /** `name` is what the request is about, which for a create the URL does not tell. */
  constructor(services: Services, context: WriteContext, operation: AdmissionRequest['operation'], name = context.name) {
    this.#steps = stepsFor(services.admission, context.def.name);
    this.#operation = operation;
    this.#write = context;
    this.#name = name;
    this.world = new WriteWorld(services, context.namespace, context.user);
  }

  admit(object: KubeObject | undefined, oldObject: KubeObject | undefined): void {
    const request = this.#request(object, oldObject);
    for (const admit of this.#steps.admit) admit(request, this.world);
  }

  validate(object: KubeObject | undefined, oldObject: KubeObject | undefined): void {
    const request = this.#request(object, oldObject);
    for (const validate of this.#steps.validate) validate(request, this.world);
  }

  /** Runs the rest of a write. */
  guard<R>(write: () => R): R {
    try {
      return write();
    } catch (error) {
      for (const undo of this.#undo.toReversed()) undo();
      throw error;
    }
  }

  #request(object: KubeObject | undefined, oldObject: KubeObject | undefined): AdmissionRequest {
    const { def, subresource, namespace, dryRun, user, warn } = this.#write;
    return {
      operation: this.#operation, group: def.group, version: def.version, resource: def.resource, subresource, kind: def.kind,
      namespace, name: this.#name, object, oldObject, dryRun, userName: user.name, warn, onFailure: (undo) => this.#undo.push(undo),
    };
  }
}

/** Replaces a stored object without checks, as the API server itself does. */
function overwrite(services: Services, group: string, resource: string, object: KubeObject): void {
  const def = services.registry.byGroup(group, resource);
  if (def) put(services, storageKey(def, object.metadata.namespace ?? '', object.metadata.name ?? ''), normalizeStored(def.type, object));
}

/** Stores a new object, changed in place, under the resourceVersion of this write. */
export function putNew({ store }: Services, def: ResourceDef, key: string, object: KubeObject) {
  object.metadata.resourceVersion = resourceVersionOf(store.revision + 1);
  return store.create(key, normalizeStored(def.type, object));
}

/** Replaces a stored object by one in canonical form, which may share its metadata, under the resourceVersion of this write. */
export const put = (services: Services, key: string, object: KubeObject) =>
  putOwn(services, key, { ...object, metadata: { ...object.metadata } });

/** The same for an object whose metadata are nobody else's: it is changed in place. */
export function putOwn({ store }: Services, key: string, object: KubeObject) {
  object.metadata.resourceVersion = resourceVersionOf(store.revision + 1);
  return store.update(key, object);
}

/** Fills or checks the namespace of a body. */
export function ensureNamespace(object: KubeObject, def: ResourceDef, namespace: string): void {
  const expected = def.namespaced ? namespace : '';
  const actual = object.metadata.namespace ?? '';
  if (actual === expected) return;
  if (actual === '') object.metadata.namespace = expected;
  else if (expected === '') delete object.metadata.namespace;
  else throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

const duplicateOwners = '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, '
  + 'and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ';
const duplicateOwnersAfterAdmission = '.metadata.ownerReferences contains duplicate entries after mutating admission happens; '
  + 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ';

/** Keeps the first of equal owner references, with a warning. */
export function dedupOwnerReferences(object: KubeObject, context: WriteContext, afterAdmission: boolean): void {
  const references = object.metadata.ownerReferences;
  if (!references || references.length < 2) return;
  const duplicates: string[] = [];
  const kept: typeof references = [];
  for (const reference of references) {
    if (kept.some((other) => JSON.stringify(other) === JSON.stringify(reference))) duplicates.push(reference.uid);
    else kept.push(reference);
  }
  if (duplicates.length === 0) return;
  object.metadata.ownerReferences = kept;
  context.warn((afterAdmission ? duplicateOwnersAfterAdmission : duplicateOwners) + duplicates.join(', '));
}

export const nowText = (services: Services): string => formatTime(services.clock.now());
