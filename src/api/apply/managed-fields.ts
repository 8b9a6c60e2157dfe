/**
 * The entries of metadata.managedFields: read, combined, sorted and written (apimachinery/pkg/util/managedfields/internal).
 * An owner is known by manager, operation and subresource, and for updates by API version too.
 */
import { isObject } from '../../lib/json.ts';
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import { emptySet, isEmpty, leaf, union, type FieldSet } from './field-set.ts';
import { canonicalElement, compareElements } from './path-element.ts';

export type Operation = 'Apply' | 'Update';

/** Who owns, and what. */
export interface Owner {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly fields: FieldSet;
  /** RFC 3339 in seconds; undefined when the entry never changed the object. */
  readonly time: string | undefined;
}

/** Owners by identity (`identityOf`). */
export type Owners = Map<string, Owner>;

type Identity = Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/** Upstream's identifier: the entry's JSON without what it owns; conflicts are sorted by it. */
export function identityOf({ manager, operation, apiVersion, subresource }: Identity): string {
  return JSON.stringify({
    ...(manager === '' ? {} : { manager }), operation, ...(operation === 'Apply' ? {} : { apiVersion }), ...(subresource === '' ? {} : { subresource }),
  });
}

/** Entries that this module made, whose field sets need no reading. */
const canonicalSets = new WeakSet<object>();

/** The owners of an object; undefined when an entry cannot be read. */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined): Owners | undefined {
  const owners: Owners = new Map();
  for (const entry of entries ?? []) {
    const owner = readOwner(entry);
    if (owner === undefined) return undefined;
    owners.set(identityOf(owner), owner);
  }
  return owners;
}

function readOwner(entry: ManagedFieldsEntry): Owner | undefined {
  const { operation, apiVersion } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (apiVersion === undefined || apiVersion === '' || entry.fieldsType !== 'FieldsV1') return undefined;
  const fields = readFields(entry.fieldsV1);
  if (fields === undefined) return undefined;
  return { manager: entry.manager ?? '', operation, apiVersion, subresource: entry.subresource ?? '', fields, time: entry.time ?? undefined };
}

function readFields(fieldsV1: unknown): FieldSet | undefined {
  if (fieldsV1 === undefined || fieldsV1 === null) return emptySet;
  if (!isObject(fieldsV1)) return undefined;
  if (canonicalSets.has(fieldsV1)) return fieldsV1 as FieldSet;
  return decodeFieldSet(fieldsV1);
}

/** A field set from JSON of any spelling and order; undefined when it is none. */
export function decodeFieldSet(json: unknown): FieldSet | undefined {
  try {
    const set = decodeNode(json).node;
    return '.' in set ? Object.fromEntries(Object.entries(set).filter(([element]) => element !== '.')) : set;
  } catch {
    return undefined;
  }
}

function decodeNode(json: unknown): { node: FieldSet } {
  if (json === null) return { node: leaf };
  if (!isObject(json)) throw new Error('a field set is an object');
  const found = new Map<string, FieldSet>();
  let isSelf = false;
  for (const element of Object.keys(json)) {
    if (element === '.') isSelf = true;
    const canonical = element === '.' ? undefined : canonicalElement(element);
    if (canonical !== undefined) found.set(canonical, decodeNode(json[element]).node);
  }
  if (found.size === 0) return { node: leaf };
  const node: Record<string, FieldSet> = isSelf ? { '.': leaf } : {};
  for (const element of [...found.keys()].sort(compareElements)) node[element] = found.get(element)!;
  return { node };
}

/** The entries as they are stored; undefined when nobody owns anything. */
export function writeOwners(owners: Owners): ManagedFieldsEntry[] | undefined {
  if (owners.size === 0) return undefined;
  return [...owners.values()].sort(compareOwners).map(writeOwner);
}

/** Applies before updates, then by time, manager, API version and subresource. */
function compareOwners(a: Owner, b: Owner): number {
  return order(a.operation, b.operation) || order(a.time ?? '', b.time ?? '') || order(a.manager, b.manager)
    || order(a.apiVersion, b.apiVersion) || order(a.subresource, b.subresource);
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

function writeOwner({ manager, operation, apiVersion, subresource, fields, time }: Owner): ManagedFieldsEntry {
  canonicalSets.add(fields);
  return {
    ...(manager === '' ? {} : { manager }), operation, apiVersion, ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1', fieldsV1: fields, ...(subresource === '' ? {} : { subresource }),
  };
}

/** `[]` or `[{}]` asks to forget all owners. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (!Array.isArray(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && Object.values(entries[0] as object).every((member) => member === undefined || member === null || member === ''));
}

const updateOwnersMax = 10;
const oldUpdatesManager = 'ancient-changes';

/** Joins the oldest updates of each API version when there are more than ten (capmanagers.go). Changes `owners`. */
export function capUpdateOwners(owners: Owners): void {
  const updates = [...owners.entries()].filter(([, owner]) => owner.operation === 'Update');
  let count = updates.length;
  if (count <= updateOwnersMax) return;
  updates.sort(([idA, a], [idB, b]) => order(a.time ?? '', b.time ?? '') || order(idA, idB));
  const firstOf = new Map<string, string>();
  for (const [id, owner] of updates) {
    if (count <= updateOwnersMax) return;
    const { apiVersion } = owner;
    const first = firstOf.get(apiVersion);
    if (first === undefined) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const bucket: Identity = { manager: oldUpdatesManager, operation: 'Update', apiVersion, subresource: '' };
    const bucketId = identityOf(bucket);
    const known = owners.get(bucketId) ?? owners.get(first)!;
    if (!owners.has(bucketId)) owners.delete(first);
    owners.delete(id);
    owners.set(bucketId, { ...bucket, fields: union(owner.fields, known.fields), time: owner.time });
    count--;
  }
}

/** Drops the owners that own nothing. */
export function dropEmptyOwners(owners: Owners): void {
  for (const [id, owner] of owners) if (isEmpty(owner.fields)) owners.delete(id);
}
