/**
 * Delete: graceful deletion, finalizers, and the moment of removal (store.go Delete, rest/delete.go, and
 * pkg/registry/core/namespace/storage for objects that hold themselves back).
 */
import { copy } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { normalizeStored } from '../codec/normalize.ts';
import { formatTime, timeToMs } from '../../schema/values/time.ts';
import type { Stored } from '../../store/store.ts';
import { conflict, notFound, type Status } from '../errors.ts';
import { answersWithObject } from '../deleted-objects.ts';
import type { DeleteOptions } from '../request-options.ts';
import { storageKey } from '../registry.ts';
import type { Services } from '../services.ts';
import { fromStorage, storageDef } from './create.ts';
import { remove } from './update.ts';
import { Admission, put, type WriteContext } from './write-context.ts';

export interface Deleted {
  /** The object, when it is still there or the resource answers with what it deleted; else a Success. */
  readonly result: KubeObject | Status;
  /** False while finalizers or a grace period hold the object. */
  readonly gone: boolean;
}

/** Deletes the object named by `context`. Throws ApiError. */
export function deleteObject(services: Services, context: WriteContext, options: DeleteOptions): Deleted {
  const { def, namespace, name } = context;
  for (const text of def.strategy.warningsOnDelete?.(options) ?? []) context.warn(text);
  const current = services.store.get(storageKey(def, namespace, name));
  if (!current) throw notFound(def.groupResource, name);
  const admission = new Admission(services, context, 'DELETE');
  admission.admit(undefined, current.value);
  checkPreconditions(context, current.value, options);
  admission.validate(undefined, current.value);
  return new Deletion(services, context, options, current).run();
}

class Deletion {
  readonly #services: Services;
  readonly #context: WriteContext;
  readonly #options: DeleteOptions;
  readonly #current: Stored<KubeObject>;
  readonly #nowMs: number;

  constructor(services: Services, context: WriteContext, options: DeleteOptions, current: Stored<KubeObject>) {
    this.#services = services;
    this.#context = context;
    this.#options = options;
    this.#current = current;
    this.#nowMs = services.clock.now();
  }

  run(): Deleted {
    const { strategy } = this.#context.def;
    const { value } = this.#current;
    if (strategy.heldBack?.(value)) return this.#hold(copy(value));
    const object = { ...value, metadata: Object.assign({}, value.metadata) };

    const step = this.#gracefully(object);
    if (step === 'pending') return this.#answer(this.#current.value, false);
    const finalizersChanged = this.#setFinalizers(object);
    const held = (object.metadata.finalizers?.length ?? 0) > 0;
    if (step === 'none') {
      if (!held) return this.#remove(this.#current);
      this.#markTerminating(object);
      return { result: this.#store(object), gone: false };
    }
    const period = object.metadata.deletionGracePeriodSeconds ?? 0;
    if (step === 'changed' || finalizersChanged) this.#save(object);
    if (held || period > 0) return { result: this.#shown(), gone: false };
    return this.#remove(this.#saved ?? this.#current);
  }

  #saved: Stored<KubeObject> | undefined;
  #unsaved: KubeObject | undefined;

  /** What a graceful deletion does to the object: nothing to do with grace, nothing new, or a new period. */
  #gracefully(object: KubeObject): 'none' | 'pending' | 'changed' {
    const { metadata } = object;
    const { strategy } = this.#context.def;
    if (!strategy.graceSecondsForDelete) return 'none';
    const requested = this.#options.gracePeriodSeconds;
    if (metadata.deletionTimestamp !== undefined) {
      const old = metadata.deletionGracePeriodSeconds ?? 0;
      if (old === 0) return 'none';
      if (requested === undefined) return 'pending';
      const period = requested < 0 ? 1 : requested;
      if (period >= old) return 'pending';
      const moved = timeToMs(metadata.deletionTimestamp) + (period - old) * 1000;
      // Never in the past; what would be gets a last second, unless none was asked for.
      const late = moved < this.#nowMs;
      metadata.deletionTimestamp = formatTime(Math.max(moved, this.#nowMs));
      metadata.deletionGracePeriodSeconds = late && period !== 0 ? 1 : period;
      return 'changed';
    }
    const period = strategy.graceSecondsForDelete(object, requested);
    if (period === undefined) return 'none';
    metadata.deletionTimestamp = formatTime(this.#nowMs + period * 1000);
    metadata.deletionGracePeriodSeconds = period;
    if ((metadata.generation ?? 0) > 0) metadata.generation = metadata.generation! + 1;
    return 'changed';
  }

  /** Adds or removes the garbage collector's finalizers, as the propagation policy says. */
  #setFinalizers(object: KubeObject): boolean {
    const { metadata } = object;
    const before = metadata.finalizers ?? [];
    const after = before.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
    const policy = this.#propagation(before);
    if (policy === 'Orphan') after.push('orphan');
    if (policy === 'Foreground') after.push('foregroundDeletion');
    if (after.length === before.length && after.every((name) => before.includes(name))) return false;
    if (after.length > 0) metadata.finalizers = after;
    else delete metadata.finalizers;
    return true;
  }

  #propagation(finalizers: readonly string[]): 'Orphan' | 'Foreground' | 'Background' {
    const { defaultGC } = this.#context.def.facts;
    const { orphanDependents, propagationPolicy } = this.#options;
    if (defaultGC === 'Unsupported') return 'Background';
    if (orphanDependents !== undefined) return orphanDependents ? 'Orphan' : 'Background';
    if (propagationPolicy === 'Orphan' || propagationPolicy === 'Foreground' || propagationPolicy === 'Background') return propagationPolicy;
    if (finalizers.includes('orphan')) return 'Orphan';
    if (finalizers.includes('foregroundDeletion')) return 'Foreground';
    return defaultGC === 'OrphanDependents' ? 'Orphan' : 'Background';
  }

  /** Terminating without a grace period: only finalizers hold it. */
  #markTerminating(object: KubeObject): void {
    const { metadata } = object;
    if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0) metadata.generation = metadata.generation! + 1;
    if (metadata.deletionTimestamp === undefined || timeToMs(metadata.deletionTimestamp) > this.#nowMs) {
      metadata.deletionTimestamp = formatTime(this.#nowMs);
    }
    metadata.deletionGracePeriodSeconds = 0;
  }

  /** An object that its own content holds back: the first delete marks it, later ones change nothing. */
  #hold(object: KubeObject): Deleted {
    if (object.metadata.deletionTimestamp !== undefined) return { result: this.#shown(), gone: false };
    object.metadata.deletionTimestamp = formatTime(this.#nowMs);
    this.#setFinalizers(object);
    this.#context.def.strategy.markTerminating?.(object);
    return { result: this.#store(object), gone: false };
  }

  #save(object: KubeObject): void {
    const value = normalizeStored(storageDef(this.#services, this.#context.def).type, object, this.#current.value);
    if (this.#context.dryRun) {
      this.#unsaved = value;
      return;
    }
    const written = put(this.#services, this.#current.key, value);
    if (written.ok) this.#saved = written.stored;
  }

  #store(object: KubeObject): KubeObject {
    const { metadata } = this.#current.value;
    const unchanged = JSON.stringify(object.metadata) === JSON.stringify(metadata);
    if (!unchanged) this.#save(object);
    return this.#shown();
  }

  #shown(): KubeObject {
    return fromStorage(this.#context.def, this.#unsaved ?? this.#saved?.value ?? this.#current.value);
  }

  #remove(stored: Stored<KubeObject>): Deleted {
    if (this.#context.dryRun) return this.#answer(this.#unsaved ?? stored.value, true);
    return this.#answer(remove(this.#services, stored), true);
  }

  #answer(object: KubeObject, gone: boolean): Deleted {
    const { def } = this.#context;
    if (answersWithObject(def.name)) {
      return { result: fromStorage(def, object), gone };
    }
    return { result: deletedStatus(this.#context, object), gone };
  }
}

/** The Success that names what was deleted; unlike other statuses it has no code. */
function deletedStatus({ def }: WriteContext, { metadata }: KubeObject): Status {
  return {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success',
    details: { name: metadata.name!, ...(def.group === '' ? {} : { group: def.group }), kind: def.resource, uid: metadata.uid! },
  } as Status;
}

function checkPreconditions({ def, name }: WriteContext, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = object.metadata;
  // Upstream prints the kind where the resource belongs.
  const printed = { group: def.group, resource: def.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    if (def.strategy.heldBack) {
      throw conflict(def.groupResource, name, `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`);
    }
    throw conflict(printed, name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). `
      + 'The object might have been deleted and then recreated');
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    if (def.strategy.heldBack) {
      throw conflict(def.groupResource, name, `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, `
        + `ResourceVersion in object meta: ${resourceVersion}`);
    }
    throw conflict(printed, name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the `
      + `ResourceVersion in record (${resourceVersion}). The object might have been modified`);
  }
}
