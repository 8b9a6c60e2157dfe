/** Update of an existing object, whatever made the new one: PUT, PATCH or a subresource (rest/update.go, store.go). */
import { equal } from '../../lib/json.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { Stored } from '../../store/store.ts';
import { conflict, invalid, notFound, plainError } from '../errors.ts';
import { invalid as invalidField, type FieldError } from '../field-error.ts';
import { trackUpdate } from '../field-managers.ts';
import { normalizeStored } from '../codec/normalize.ts';
import { etcdKey } from '../etcd-key.ts';
import { storageKey } from '../registry.ts';
import { InvalidResourceVersion, parseResourceVersion, resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';
import type { StrategyContext, UpdateStrategy } from '../strategy.ts';
import { validateCommonFields } from '../validation/object-meta.ts';
import { createTracked, fromStorage, printedKind, storageDef } from './create.ts';
import {
  Admission, dedupOwnerReferences, ensureNamespace, put, putOwn, type WriteContext, type Written,
} from './write-context.ts';

export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export interface Change {
  /**
   * Makes the new object, fresh, from the stored one (which is frozen, and undefined when there is none), both in the
   * version of the request. Called once.
   */
  next(old: KubeObject | undefined): KubeObject;
  /** Refuses another object of the same name. */
  readonly uid?: string | undefined;
  /** Creates the object when there is none. */
  readonly allowCreate: boolean;
}

/** PUT: replaces the object by `object` (decoded and defaulted, changed in place). */
export function replace(services: Services, context: WriteContext, object: KubeObject): Written {
  ensureNamespace(object, context.def, context.namespace);
  dedupOwnerReferences(object, context, false);
  return update(services, context, {
    allowCreate: createsOnUpdate(context),
    uid: object.metadata.uid,
    next: (old) => {
      trackUpdate(services, context, object, old);
      return object;
    },
  });
}

/** A status is written by the strategy of its kind, which says of both whether a write may create. */
export const createsOnUpdate = ({ subresource, def }: WriteContext): boolean =>
  (subresource === '' || subresource === 'status') && (def.facts.createOnUpdate ?? false);

/** Changes the object named by `context`. Throws ApiError. */
export function update(services: Services, context: WriteContext, change: Change): Written {
  const { def, namespace, name } = context;
  const current = services.store.get(storageKey(def, namespace, name));
  if (!current) {
    if (!change.allowCreate) throw notFound(def.groupResource, name);
    if (change.uid) checkUid(context, change.uid, undefined);
    const object = change.next(undefined);
    delete object.metadata.resourceVersion;
    return createTracked(services, context, object);
  }
  if (change.uid) checkUid(context, change.uid, current.value);
  const requested = change.next(fromStorage(def, current.value));
  const next = def.conversion ? def.conversion.toStorage(requested) : requested;
  const admission = new Admission(services, context, 'UPDATE');
  return admission.guard(() => {
    admission.admit(next, current.value);
    dedupOwnerReferences(next, context, true);
    checkVersion(context, next, current);
    prepare(services, context, next, current.value, admission.world);
    admission.validate(next, current.value);
    return write(services, context, next, current);
  });
}

/** Refuses another object of the same name. */
export function checkUid(context: WriteContext, uid: string, current: KubeObject | undefined): void {
  const actual = current?.metadata.uid ?? '';
  if (uid === actual) return;
  const { def, namespace, name } = context;
  throw conflict(def.groupResource, name, `StorageError: invalid object, Code: 4, Key: ${etcdKey(def, namespace, name)}, ResourceVersion: 0, `
    + `AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${actual}`);
}

/** A version in the new object must be the stored one; without a version the write is unconditional, where allowed. */
function checkVersion(context: WriteContext, next: KubeObject, current: Stored<KubeObject>): void {
  const { def, name } = context;
  const version = requestedRevision(next);
  if (version === 0) {
    if (def.facts.unconditionalUpdate === false) {
      throw invalid({ group: def.group, kind: def.resource }, name,
        [invalidField('metadata.resourceVersion', 0, 'must be specified for an update')]);
    }
    next.metadata.resourceVersion = resourceVersionOf(current.revision);
  } else if (version !== current.revision) throw conflict(def.groupResource, name, modified);
}

function requestedRevision({ metadata }: KubeObject): number {
  try {
    return parseResourceVersion(metadata.resourceVersion ?? '');
  } catch (error) {
    if (error instanceof InvalidResourceVersion) throw plainError(error.why);
    throw error;
  }
}

function updateStrategy({ def, subresource }: WriteContext): UpdateStrategy {
  return subresource === '' ? def.strategy : def.strategy.subresources?.[subresource] ?? {};
}

/** rest.BeforeUpdate: what an update may not change is put back, then the kind's own rules. */
function prepare(services: Services, context: WriteContext, next: KubeObject, old: KubeObject, world: StrategyContext): void {
  const { def, namespace } = context;
  const strategy = updateStrategy(context);
  ensureNamespace(next, def, namespace);
  const { metadata } = next;
  keep(metadata, 'generation', old.metadata.generation);
  const printed = printedKind(storageDef(services, def), next);
  const refuse = (errors: readonly FieldError[]): void => {
    if (errors.length > 0) throw invalid(printed, metadata.name ?? '', errors);
  };
  refuse(strategy.begin?.(next, old, world) ?? []);
  strategy.prepareForUpdate?.(next, old, world);
  metadata.uid ||= old.metadata.uid!;
  keep(metadata, 'creationTimestamp', old.metadata.creationTimestamp);
  if (old.metadata.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.metadata.deletionTimestamp;
  const grace = old.metadata.deletionGracePeriodSeconds;
  if (grace !== undefined) metadata.deletionGracePeriodSeconds ??= grace;

  const errors: FieldError[] = [];
  validateCommonFields(metadata, old.metadata, def.namespaced, errors);
  errors.push(...strategy.validateUpdate?.(next, old, world) ?? []);
  refuse(errors);
  for (const text of strategy.warningsOnUpdate?.(next, old) ?? []) context.warn(text);
}

function keep<T extends object, K extends keyof T>(target: T, member: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[member];
  else target[member] = value;
}

function write(services: Services, context: WriteContext, next: KubeObject, current: Stored<KubeObject>): Written {
  const { def, dryRun } = context;
  const stored = storageDef(services, def);
  const value = normalizeStored(stored.type, next, current.value);
  if (completesDeletion(context, value, current.value)) {
    if (!dryRun) remove(services, current);
    return { object: fromStorage(def, value), stored: undefined, created: false };
  }
  if (sameButForTimes(value, current.value)) return outcome(def, current);
  if (dryRun) return { object: fromStorage(def, value), stored: undefined, created: false };
  const written = (value.metadata === current.value.metadata ? put : putOwn)(services, current.key, value);
  if (!written.ok) throw conflict(def.groupResource, context.name, modified);
  return outcome(def, written.stored);
}

function outcome(def: WriteContext['def'], stored: Stored<KubeObject>): Written {
  return def.conversion
    ? { object: fromStorage(def, stored.value), stored: undefined, created: false }
    : { object: stored.value, stored, created: false };
}

/** A terminating object goes with its last finalizer, once its grace period is over. */
function completesDeletion({ def }: WriteContext, next: KubeObject, old: KubeObject): boolean {
  return (next.metadata.finalizers?.length ?? 0) === 0
    && old.metadata.deletionTimestamp !== undefined
    && (old.metadata.deletionGracePeriodSeconds ?? 0) === 0
    && !def.strategy.heldBack?.(next);
}

/** Removes a stored object; watchers see its last value with the version of the removal. */
export function remove(services: Services, current: Stored<KubeObject>): KubeObject {
  const { store } = services;
  const resourceVersion = resourceVersionOf(store.revision + 1);
  const last = { ...current.value, metadata: { ...current.value.metadata, resourceVersion } };
  store.remove(current.key, last);
  return last;
}

/** A write that would change nothing but the times of managedFields is no write. */
function sameButForTimes(next: KubeObject, old: KubeObject): boolean {
  const names = Object.keys(next);
  return names.length === Object.keys(old).length
    && names.every((name) => name === 'metadata' || equal(next[name], old[name]))
    && equal(withoutTimes(next.metadata), withoutTimes(old.metadata));
}

function withoutTimes(metadata: ObjectMeta): ObjectMeta {
  const { managedFields } = metadata;
  return managedFields ? { ...metadata, managedFields: managedFields.map(({ time: _, ...entry }) => entry) } : metadata;
}
