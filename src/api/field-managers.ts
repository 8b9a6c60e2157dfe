/** managedFields of every write: which manager owns which fields. The machinery is in `apply/`; this says how it is used. */
import { parseApiVersion, type KubeObject } from '../schema/objects.ts';
import { applyPatch, type Applied } from './apply/apply.ts';
import { updateManagedFields, type VersionedForm, type WriteKind } from './apply/ownership.ts';
import { freeObjectModel, objectTypeOf, type ObjectType } from './apply/type-model.ts';
import { typeNamed } from './transform.ts';
import type { ResourceDef } from './registry.ts';
import type { Services } from './services.ts';
import type { WriteContext } from './verbs/write-context.ts';

/** Fills metadata.managedFields of a new object. */
export function trackCreate(services: Services, context: WriteContext, object: KubeObject): void {
  trackUpdate(services, context, object, undefined);
}

/** Brings metadata.managedFields of `object` up to date with its difference from `old`. */
export function trackUpdate(services: Services, context: WriteContext, object: KubeObject, old: KubeObject | undefined): void {
  if (!context.def.facts.verbs.includes('patch')) return;
  const kind = writeKind(services, context);
  const entries = updateManagedFields({ live: old, next: object, manager: context.manager, ...kind });
  if (entries) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

/** The outcome of a server-side apply. Throws ApiError. */
export function trackApply(
  services: Services, context: WriteContext, applied: Readonly<Record<string, unknown>>, live: KubeObject | undefined, force: boolean,
): Applied {
  const { def, manager } = context;
  return applyPatch({ ...writeKind(services, context), gvk: def, live, applied, manager, force });
}

/** Owners of the fields of an object that is answered but not stored: a token request. */
export function trackTransient(services: Services, context: WriteContext, object: KubeObject): void {
  const type = objectTypeOf(typeNamed(object.apiVersion!, object.kind!)!);
  const { subresource, manager } = context;
  const kind = { type, apiVersion: object.apiVersion!, subresource, now: services.clock.now() };
  const entries = updateManagedFields({ ...kind, live: undefined, next: object, manager });
  if (entries) object.metadata.managedFields = entries;
}

function writeKind(services: Services, context: WriteContext): Required<WriteKind> {
  const { def, subresource } = context;
  return {
    type: objectType(def), apiVersion: def.apiVersion, subresource, now: services.clock.now(),
    servedVersions: services.registry.servedVersions(def),
    resetFields: def.facts.resetFields?.[subresource],
    inVersion: (apiVersion) => formIn(services, def, apiVersion),
  };
}

function formIn({ registry }: Services, def: ResourceDef, apiVersion: string): VersionedForm | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const other = registry.find(group, version, def.resource);
  return other && {
    type: objectType(other),
    convert: (object) => {
      const stored = def.conversion?.toStorage(object) ?? object;
      return other.conversion?.fromStorage(stored) ?? stored;
    },
  };
}

const free: ObjectType = { model: freeObjectModel, empty: {} };

const objectType = (def: ResourceDef): ObjectType => def.applyType ?? (def.type ? objectTypeOf(def.type) : free);
