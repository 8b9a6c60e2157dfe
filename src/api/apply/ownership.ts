/**
 * Who owns which fields after a write that is no apply (structured-merge-diff merge/update.go Update, and the managers that
 * apimachinery/pkg/util/managedfields wraps around it). Called for every create, update and patch, before admission.
 */
import type { Millis } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import { compare } from './compare.ts';
import { difference, isEmpty, setOf, union, type FieldSet } from './field-set.ts';
import { capUpdateOwners, dropEmptyOwners, identityOf, isReset, readOwners, writeOwners, type Identity, type Owners } from './managed-fields.ts';
import { withoutResetFields } from './reset-fields.ts';
import type { ObjectType, TypeModel } from './type-model.ts';
import { TypedValueError } from './typed-value.ts';

/** How an object is written. */
export interface WriteKind {
  readonly type: ObjectType;
  /** Of the request; an owner's fields are those of this version. */
  readonly apiVersion: string;
  /** Empty for the resource itself. */
  readonly subresource: string;
  /** API versions in which the resource is served; entries of others are dropped. Absent: only `apiVersion`. */
  readonly servedVersions?: readonly string[];
  /** Fields that are reset here (`ResourceFacts.resetFields` of the subresource), whose ownership is not tracked. */
  readonly resetFields?: readonly string[] | undefined;
  readonly now: Millis;
  /** The object in another of `servedVersions`. Absent: it looks the same in all. */
  readonly inVersion?: ((apiVersion: string) => VersionedForm | undefined) | undefined;
}

/** How an object looks in another version. */
export interface VersionedForm {
  readonly type: ObjectType;
  convert(object: KubeObject): KubeObject;
}

export interface UpdateRequest extends WriteKind {
  /** The stored object; undefined for a create. */
  readonly live: KubeObject | undefined;
  /** The object to be stored, with the managedFields that the client sent. */
  readonly next: KubeObject;
  /** Empty counts as `unknown`. */
  readonly manager: string;
}

/** The managedFields that `next` is stored with; undefined for none. */
export function updateManagedFields(request: UpdateRequest): ManagedFieldsEntry[] | undefined {
  const { type, live, next, manager } = request;
  const owners = ownersBefore(request);
  if (owners.size === 0 && live?.metadata.uid) return undefined;
  try {
    // That managedFields themselves differ does not matter: they are among the untracked.
    recordUpdate(owners, request, live ?? type.empty, next, manager);
  } catch (error) {
    // List items that cannot be told apart: the object is stored without managedFields.
    if (error instanceof TypedValueError) return undefined;
    throw error;
  }
  capUpdateOwners(owners);
  return writeOwners(owners);
}

/** The client's own entries count on the resource itself, when they can be read; else the stored ones. */
function ownersBefore({ live, next, subresource }: UpdateRequest): Owners {
  const stored = live?.metadata.managedFields;
  const sent = next.metadata.managedFields;
  if (subresource === '' && !equal(sent, stored)) {
    if (isReset(sent)) return new Map();
    const owners = readOwners(sent, 'sent');
    if (owners !== undefined && owners.size > 0) return owners;
  }
  return readOwners(stored, 'stored') ?? new Map();
}

/** Gives `manager` the fields that changed and takes them from all others. Changes `owners`. */
export function recordUpdate(owners: Owners, kind: WriteKind, before: unknown, after: unknown, manager: string): void {
  const { apiVersion, subresource } = kind;
  dropUnservedOwners(owners, kind);
  const changesIn = trackedChanges(kind, before, after);
  const { changed, removed } = changesIn(apiVersion);
  const writer: Identity = { manager: manager === '' ? 'unknown' : manager, operation: 'Update', apiVersion, subresource };
  const id = identityOf(writer);
  takeFromOthers(owners, changesIn, id);
  const fields = difference(changed, untracked);
  const previous = owners.get(id);
  const kept = previous && difference(previous.fields, removed);
  if (!isEmpty(fields)) {
    const owned = kept ? union(kept, fields) : fields;
    owners.set(id, { fields: owned, time: formatTime(kind.now), ...writer });
  } else if (previous && kept !== previous.fields) owners.set(id, { ...previous, fields: kept! });
  dropEmptyOwners(owners);
}

export function dropUnservedOwners(owners: Owners, { apiVersion, servedVersions }: WriteKind): void {
  for (const [id, owner] of owners) {
    if (owner.apiVersion !== apiVersion && !servedVersions?.includes(owner.apiVersion)) owners.delete(id);
  }
}

/** What changes in the eyes of an API version, but for the fields that are reset anyway. */
export type ChangesIn = (apiVersion: string) => Changes;

export interface Changes {
  /** Changed or added. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** Compares in the version of the request, and in others when they are asked for. */
export function trackedChanges(kind: WriteKind, before: unknown, after: unknown): ChangesIn {
  const { type, apiVersion, resetFields, inVersion } = kind;
  const tracked = (set: FieldSet) => withoutResetFields(set, resetFields);
  const compareAs = (model: TypeModel, from: unknown, to: unknown): Changes => {
    const { removed, modified, added } = compare(model, from, to);
    return { changed: union(tracked(modified), tracked(added)), removed: tracked(removed) };
  };
  const own = compareAs(type.model, before, after);
  const others = new Map<string, Changes>();
  return (version) => {
    if (version === apiVersion || !inVersion) return own;
    let changes = others.get(version);
    if (!changes) {
      const form = inVersion(version);
      const converted = (object: unknown): unknown => (object === type.empty ? form!.type.empty : form!.convert(object as KubeObject));
      others.set(version, changes = form ? compareAs(form.type.model, converted(before), converted(after)) : own);
    }
    return changes;
  };
}

/** Takes the changed and removed fields from all owners but one. Changes `owners`. */
export function takeFromOthers(owners: Owners, changesIn: ChangesIn, except: string): void {
  for (const [id, owner] of owners) {
    if (id === except) continue;
    const { changed, removed } = changesIn(owner.apiVersion);
    const fields = difference(difference(owner.fields, changed), removed);
    if (fields !== owner.fields) owners.set(id, { ...owner, fields });
  }
}

/** Fields that nobody owns (stripmeta.go). */
export const untracked = setOf([
  ['f:apiVersion'], ['f:kind'], ['f:metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion']
    .map((name) => ['f:metadata', `f:${name}`]),
]);

export function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/**
 * The managedFields with which `next` counts as unchanged: the stored ones when nothing but their times differs, else its
 * own (apiserver endpoints/handlers/fieldmanager/equality.go).
 */
export function withStoredTimes(next: KubeObject, live: KubeObject): ManagedFieldsEntry[] | undefined {
  const entries = next.metadata.managedFields;
  const stored = live.metadata.managedFields;
  if (entries === undefined || stored === undefined || entries.length !== stored.length) return entries;
  const same = entries.every((entry, i) => equal({ ...entry, time: null }, { ...stored[i], time: null }));
  return same && equal(withoutManagedFields(next), withoutManagedFields(live)) ? stored : entries;
}
