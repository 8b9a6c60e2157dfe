/**
 * Server-side apply (structured-merge-diff merge/update.go Apply, and the managers that
 * apimachinery/pkg/util/managedfields wraps around it): merges the applied object into the live one, removes what its
 * manager gave up and nobody else owns, and refuses to change what others own unless forced. Everything here works on
 * versioned JSON; decoding, defaulting and validating the result is the caller's.
 */
import { copy, equal, isObject } from '../../lib/json.ts';
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import { apiVersionOf, parseApiVersion, type GroupVersionKind, type KubeObject } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import { badRequest, plainError, type ApiError } from '../errors.ts';
import { applyConflict, type Conflict } from './conflict.ts';
import { difference, hasPath, intersection, isEmpty, pathsOf, setOf, union, type FieldSet } from './field-set.ts';
import { allowedByLastApplied, refreshLastApplied } from './last-applied.ts';
import { dropEmptyOwners, identityOf, readOwners, writeOwners, type Identity, type Owner, type Owners } from './managed-fields.ts';
import { mergeValues } from './merge.ts';
import { ownedPaths, withNamedFields } from './owned-paths.ts';
import { dropUnservedOwners, recordUpdate, takeFromOthers, trackedChanges, untracked, withoutManagedFields, type WriteKind } from './ownership.ts';
import { withoutResetFields } from './reset-fields.ts';
import { removePaths } from './remove-paths.ts';
import type { TypeModel } from './type-model.ts';
import { TypedValueError } from './typed-value.ts';
import { faultsOf } from './validate.ts';

export interface ApplyRequest extends WriteKind {
  /** What the resource holds. */
  readonly gvk: GroupVersionKind;
  /** The stored object; undefined when the apply creates it. */
  readonly live: KubeObject | undefined;
  /** The body as it was sent. */
  readonly applied: Readonly<Record<string, unknown>>;
  readonly manager: string;
  readonly force: boolean;
}

export interface Applied {
  /** Fresh, without managedFields. */
  readonly object: KubeObject;
  /** Undefined when nobody owns anything. */
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/** Applies. Throws ApiError: 400 for a wrong body, 500 for one that does not fit the type, 409 for conflicts. */
export function applyPatch(request: ApplyRequest): Applied {
  checkKind(request.applied, request.gvk);
  const live = request.live === undefined ? emptyObject(request) : withoutManagedFields(request.live);
  const owners = readOwners(request.live?.metadata.managedFields, 'stored');
  if (owners === undefined) throw plainError('failed to decode managed fields');
  if (owners.size === 0) recordExisting(owners, request, live);
  checkApplied(request);
  const { object, owners: after } = settle(request, live, owners);
  const result = copy(object ?? live);
  const fault = object && request.type.fromUnstructured?.(result);
  if (fault !== undefined) throw unreadableResult(request.applied, request.gvk, fault);
  if (request.manager === 'kubectl') refreshLastApplied(result, request.applied);
  return { object: result, managedFields: writeOwners(after) };
}

function emptyObject({ type, gvk }: ApplyRequest): KubeObject {
  return { ...type.empty, apiVersion: apiVersionOf(gvk), kind: gvk.kind } as unknown as KubeObject;
}

function checkKind(applied: Readonly<Record<string, unknown>>, gvk: GroupVersionKind): void {
  const { group, version } = parseApiVersion(typeof applied['apiVersion'] === 'string' ? applied['apiVersion'] : '');
  const kind = typeof applied['kind'] === 'string' ? applied['kind'] : '';
  if (group !== gvk.group || version !== gvk.version || kind !== gvk.kind) {
    throw badRequest(`invalid object type: ${printKind({ group, version, kind })}`);
  }
}

/** What is there before the first apply belongs to whoever wrote it. */
function recordExisting(owners: Owners, request: ApplyRequest, live: KubeObject): void {
  try {
    recordUpdate(owners, request, request.type.empty, live, 'before-first-apply');
  } catch (error) {
    if (!(error instanceof TypedValueError)) throw error;
    throw plainError(`failed to create manager for existing fields: failed to convert new object (${describe(live, request.gvk)}) to smd typed: `
      + (faultsOf(request.type.model, live, 'allowDuplicates') ?? error.message));
  }
}

function checkApplied({ applied, type, gvk }: ApplyRequest): void {
  const metadata = isObject(applied['metadata']) ? applied['metadata'] : {};
  if (Array.isArray(metadata['managedFields'])) throw badRequest('metadata.managedFields must be nil');
  const faults = faultsOf(type.model, applied);
  if (faults !== undefined) throw plainError(`failed to create typed patch object (${describe(applied, gvk)}): ${faults}`);
}

/** The 500 for a merged object that cannot be read as its kind, for example for a time that is none. */
export const unreadableResult = (applied: Readonly<Record<string, unknown>>, gvk: GroupVersionKind, why: string): ApiError =>
  plainError(`failed to convert new object (${describe(applied, gvk)}) to proper version: `
    + `unable to convert unstructured object to ${printKind(gvk)}: ${why}`);

/** Namespace and name as the body has them, and the kind. */
function describe(applied: Readonly<Record<string, unknown>>, gvk: GroupVersionKind): string {
  const metadata = isObject(applied['metadata']) ? applied['metadata'] : {};
  const text = (member: unknown) => (typeof member === 'string' ? member : '');
  return `${text(metadata['namespace'])}/${text(metadata['name'])}; ${printKind(gvk)}`;
}

const printKind = ({ group, version, kind }: GroupVersionKind) => `${group}/${version}, Kind=${kind}`;

interface Settled {
  /** Undefined when the apply changes nothing. */
  readonly object: KubeObject | undefined;
  readonly owners: Owners;
}

/** Applies, with conflicts overruled where force or kubectl's own last apply allow it. */
function settle(request: ApplyRequest, live: KubeObject, owners: Owners): Settled {
  const attempt = attemptOnValidLive(request, live, owners);
  if (request.force || attempt.conflicts.length === 0) return attempt.commit();
  const allowed = request.manager === 'kubectl' ? allowedByLastApplied(request, live) : undefined;
  const conflicts = allowed === undefined ? attempt.conflicts : conflictsBeyond(attempt.conflicts, allowed);
  if (conflicts.length > 0) throw applyConflict(conflicts);
  return attempt.commit();
}

function conflictsBeyond(conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] {
  return conflicts
    .map(({ owner, fields }) => ({ owner, fields: setOf(pathsOf(fields).filter((path) => !hasPath(allowed, path))) }))
    .filter(({ fields }) => !isEmpty(fields));
}

function attemptOnValidLive(request: ApplyRequest, live: KubeObject, owners: Owners): Attempt {
  try {
    return attemptApply(request, live, owners);
  } catch (error) {
    if (!(error instanceof TypedValueError)) throw error;
    const faults = faultsOf(request.type.model, live, 'allowDuplicates') ?? error.message;
    throw plainError(`failed to create typed live object (${describe(live, request.gvk)}): ${faults}`);
  }
}

interface Attempt {
  readonly conflicts: readonly Conflict[];
  /** The outcome with all conflicts decided for the applier. */
  readonly commit: () => Settled;
}

function attemptApply(request: ApplyRequest, live: KubeObject, known: Owners): Attempt {
  const { type, applied, apiVersion, subresource, manager } = request;
  const owners: Owners = new Map(known);
  dropUnservedOwners(owners, request);
  const identity: Identity = { manager, operation: 'Apply', apiVersion, subresource };
  const id = identityOf(identity);
  const last = owners.get(id);
  const own: Owner = { ...identity, fields: withoutResetFields(ownedPaths(type.model, applied), request.resetFields), time: last?.time };
  owners.set(id, own);
  const merged = mergeValues(type.model, live, applied);
  const object = (prune(type.model, merged, last?.fields, owners) ?? {}) as KubeObject;
  const changesIn = trackedChanges(request, live, object);
  const conflicts = [...owners.entries()]
    .filter(([other]) => other !== id)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, owner]) => ({ owner, fields: intersection(owner.fields, changesIn(owner.apiVersion).changed) }))
    .filter(({ fields }) => !isEmpty(fields));
  const commit = (): Settled => {
    takeFromOthers(owners, changesIn, id);
    dropEmptyOwners(owners);
    const isChanged = !equal(live, object);
    const fields = difference(own.fields, untracked);
    if (isEmpty(fields)) owners.delete(id);
    else owners.set(id, { ...own, fields, time: isChanged ? formatTime(request.now) : own.time });
    return { object: isChanged ? object : undefined, owners };
  };
  return { conflicts, commit };
}

/** Removes what the manager's last apply owned and this one does not, unless someone else owns it. */
function prune(model: TypeModel, merged: unknown, last: FieldSet | undefined, owners: Owners): unknown {
  if (last === undefined || isEmpty(last)) return merged;
  const lastNamed = withNamedFields(last, model);
  const mergedSet = withNamedFields(ownedPaths(model, merged), model);
  const pathsIn = (value: unknown) => withNamedFields(ownedPaths(model, value), model);
  const managed = [...owners.values()].reduce<FieldSet>((set, owner) => union(set, owner.fields), {});
  const withoutLast = removePaths(model, merged, lastNamed);
  const kept = union(pathsIn(withoutLast), withNamedFields(managed, model));
  const ownedKept = removePaths(model, merged, difference(mergedSet, kept));
  // Items that only seemed to go because what they stand in went were never part of the last apply.
  return removePaths(model, merged, intersection(difference(mergedSet, pathsIn(ownedKept)), lastNamed));
}
