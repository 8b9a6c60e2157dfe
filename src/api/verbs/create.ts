/** Create (apiserver/pkg/registry/generic/registry/store.go, rest/create.go). */
import { safeLetters } from '../../lib/safe-letters.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { ApiError, alreadyExists, invalid, plainError } from '../errors.ts';
import type { FieldError } from '../field-error.ts';
import { trackCreate } from '../field-managers.ts';
import { normalizeStored } from '../codec/normalize.ts';
import { storageKey, type ResourceDef } from '../registry.ts';
import type { Services } from '../services.ts';
import type { StrategyContext } from '../strategy.ts';
import { pathSegmentName, pathSegmentNamePrefix } from '../validation/names.ts';
import { validateGenericObjectMeta } from '../validation/object-meta.ts';
import {
  Admission, dedupOwnerReferences, ensureNamespace, nowText, putNew, type WriteContext, type Written,
} from './write-context.ts';

const suffixLength = 5;
const generatedNameMax = 63;
const generateAttempts = 8;

/** Creates `object` (decoded and defaulted, changed in place). Throws ApiError. */
export function create(services: Services, context: WriteContext, object: KubeObject): Written {
  const { def } = context;
  wipeSystemFields(object);
  ensureNamespace(object, def, context.namespace);
  dedupOwnerReferences(object, context, false);
  trackCreate(services, context, object);
  return createTracked(services, context, object);
}

/** The part of a create that an apply shares: admission, strategy, validation, store. */
export function createTracked(services: Services, context: WriteContext, requested: KubeObject): Written {
  const { def } = context;
  const name = requested.metadata.name || requested.metadata.generateName || '';
  const admission = new Admission(services, context, 'CREATE', name);
  return admission.guard(() => {
    const object = def.conversion ? def.conversion.toStorage(requested) : requested;
    admission.admit(object, undefined);
    dedupOwnerReferences(object, context, true);
    const { metadata } = object;
    metadata.uid = services.random.uuid();
    metadata.creationTimestamp = nowText(services);
    const generated = !metadata.name && !!metadata.generateName;
    if (generated) metadata.name = generateName(services, context, metadata.generateName!);
    prepare(services, context, object, admission.world);
    admission.validate(object, undefined);
    return store(services, context, object, generated);
  });
}

/** What a client may not choose on create. */
function wipeSystemFields(object: KubeObject): void {
  for (const member of ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'] as const) {
    delete object.metadata[member];
  }
}

/** A free name, or after some attempts one that is taken, which the store then refuses. */
function generateName(services: Services, context: WriteContext, prefix: string): string {
  const { strategy } = context.def;
  if (strategy.generateName) return strategy.generateName(prefix);
  const base = prefix.slice(0, generatedNameMax - suffixLength);
  let name = '';
  for (let attempt = 0; attempt < generateAttempts; attempt++) {
    name = base + services.random.text(suffixLength, safeLetters);
    if (!services.store.get(storageKey(context.def, context.namespace, name))) break;
  }
  return name;
}

function prepare(services: Services, context: WriteContext, object: KubeObject, world: StrategyContext): void {
  const { def } = context;
  const { strategy } = def;
  const printed = storageDef(services, def);
  // Only the storage of the resource itself allocates.
  if (context.subresource === '') refuse(printed, object, strategy.begin?.(object, undefined, world) ?? []);
  strategy.prepareForCreate?.(object, world);
  refuse(printed, object, strategy.validateCreate?.(object, world) ?? []);
  const errors: FieldError[] = [];
  validateGenericObjectMeta(object.metadata, { namespaced: def.namespaced, name: pathSegmentName, generateName: pathSegmentNamePrefix }, errors);
  refuse(printed, object, errors);
  for (const text of strategy.warningsOnCreate?.(object) ?? []) context.warn(text);
}

/** The kind that errors name: that of the body, which for custom resources may be another. */
export const printedKind = ({ group, kind, type }: ResourceDef, object: KubeObject) => ({ group, kind: type ? kind : object.kind ?? kind });

function refuse(def: ResourceDef, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(printedKind(def, object), object.metadata.name ?? '', errors);
}

function store(services: Services, context: WriteContext, object: KubeObject, generated: boolean): Written {
  const { def } = context;
  const key = storageKey(def, context.namespace, object.metadata.name!);
  const current = services.store.get(key);
  if (current) throw exists(def, object.metadata.name!, current.value, generated);
  const version = object.metadata.resourceVersion;
  delete object.metadata.resourceVersion;
  if (context.dryRun) {
    return { object: fromStorage(def, normalizeStored(storageDef(services, def).type, object)), stored: undefined, created: true };
  }
  if (version !== undefined && version !== '' && version !== '0') {
    throw plainError('resourceVersion should not be set on objects to be created');
  }
  const written = putNew(services, storageDef(services, def), key, object);
  if (!written.ok) throw exists(def, object.metadata.name!, undefined, generated);
  return def.conversion
    ? { object: fromStorage(def, written.stored.value), stored: undefined, created: true }
    : { object: written.stored.value, stored: written.stored, created: true };
}

/** The definition under which the objects of `def` are stored. */
export function storageDef(services: Services, def: ResourceDef): ResourceDef {
  if (!def.conversion) return def;
  const { group, version, resource } = def.conversion.storageVersion;
  return services.registry.find(group, version, resource)!;
}

/** A stored object in the version of `def`. */
export const fromStorage = (def: ResourceDef, object: KubeObject): KubeObject => def.conversion?.fromStorage(object) ?? object;

function exists(def: ResourceDef, name: string, current: KubeObject | undefined, generated: boolean): ApiError {
  const error = alreadyExists(def.groupResource, name);
  if (current?.metadata.deletionTimestamp !== undefined) error.status.message = `object is being deleted: ${error.status.message}`;
  if (generated) {
    error.status.message += ', the server was not able to generate a unique name for the object';
    error.status.details = { ...error.status.details, retryAfterSeconds: 1 };
  }
  return error;
}
