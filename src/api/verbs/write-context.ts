/**
 * The verbs: what a request does to the store once it is decoded. Every path into the API (HTTP, in process, a
 * subresource) ends in the same functions: create, update, delete. They work on plain objects and know nothing of HTTP,
 * encodings or query parameters.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { Stored } from '../../store/store.ts';
import type { AdmissionContext, AdmissionRequest } from '../admission.ts';
import { badRequest } from '../errors.ts';
import { normalizeStored } from '../codec/normalize.ts';
import { listPrefix, resourceName, storageKey, type ResourceDef } from '../registry.ts';
import { resourceVersionOf } from '../resource-version.ts';
import type { Services, User } from '../services.ts';
import type { StrategyContext } from '../strategy.ts';

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

export function strategyContext(services: Services, namespace: string, user: User): StrategyContext {
  const { registry, store } = services;
  return {
    now: services.clock.now(),
    random: services.random,
    namespace,
    user,
    get: (group, resource, inNamespace, name) => {
      const def = registry.byName(resourceName(group, resource));
      return def && store.get(storageKey(def, inNamespace, name))?.value;
    },
    list: (group, resource, inNamespace) => {
      const def = registry.byName(resourceName(group, resource));
      const page = def && store.list(listPrefix(def, inNamespace));
      return page?.ok ? page.items.map((stored) => stored.value) : [];
    },
  };
}

/** Runs the admission chain around a write; what a step undoes on failure is undone when anything later throws. */
export class Admission {
  readonly #services: Services;
  readonly #request: Omit<AdmissionRequest, 'object' | 'oldObject'>;
  readonly #context: AdmissionContext;
  readonly #undo: (() => void)[] = [];

  constructor(services: Services, context: WriteContext, operation: AdmissionRequest['operation']) {
    const { def } = context;
    this.#services = services;
    this.#request = {
      operation, group: def.group, version: def.version, resource: def.resource, subresource: context.subresource,
      kind: def.kind, namespace: context.namespace, name: context.name, dryRun: context.dryRun,
      userName: context.user.name, warn: (text) => context.warn(text), onFailure: (undo) => this.#undo.push(undo),
    };
    this.#context = {
      ...strategyContext(services, context.namespace, context.user),
      updateStatus: (group, resource, object) => overwrite(services, group, resource, object),
    };
  }

  admit(object: KubeObject | undefined, oldObject: KubeObject | undefined): void {
    const request = { ...this.#request, object, oldObject };
    for (const step of this.#services.admission) step.admit?.(request, this.#context);
  }

  validate(object: KubeObject | undefined, oldObject: KubeObject | undefined): void {
    const request = { ...this.#request, object, oldObject };
    for (const step of this.#services.admission) step.validate?.(request, this.#context);
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
}

/** Replaces a stored object without checks, as the API server itself does. */
function overwrite(services: Services, group: string, resource: string, object: KubeObject): void {
  const def = services.registry.byName(resourceName(group, resource));
  if (def) put(services, def, storageKey(def, object.metadata.namespace ?? '', object.metadata.name ?? ''), normalizeStored(def.type, object), 'update');
}

/** Stores an object under the resourceVersion of this write. That of an update is canonical already, version included. */
export function put(services: Services, def: ResourceDef, key: string, object: KubeObject, how: 'create' | 'update') {
  const { store } = services;
  const value = { ...object, metadata: { ...object.metadata, resourceVersion: resourceVersionOf(store.revision + 1) } };
  return how === 'create' ? store.create(key, normalizeStored(def.type, value)) : store.update(key, value);
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
