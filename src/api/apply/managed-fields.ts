/**
 * The entries of metadata.managedFields: read, combined, sorted and written (apimachinery/pkg/util/managedfields/internal).
 * An owner is known by manager, operation and subresource, and for updates by API version too.
 */
import { isObject } from '../../lib/json.ts';
import type { ManagedFieldsEntry } from '../../schema/meta/v1.ts';
import { goJson } from '../../lib/go-format.ts';
import { emptySet, isEmpty, leaf, nodeOf, union, type FieldSet } from './field-set.ts';
import { canonicalElement, sortElements } from './path-element.ts';

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

export type Identity = Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/** Upstream's identifier: the entry's JSON without what it owns; conflicts are sorted by it. */
export function identityOf(owner: Identity): string {
  const { operation, manager, apiVersion, subresource } = owner;
  const key = `${operation} ${apiVersion} ${subresource} ${manager}`;
  let identity = identities.get(key);
  if (identity === undefined) {
    if (identities.size >= identitiesMax) identities.clear();
    identities.set(key, identity = identityText(owner));
  }
  return identity;
}

/** The same few managers write again and again. */
const identities = new Map<string, string>();
const identitiesMax = 1000;

function identityText({ operation, manager, apiVersion, subresource }: Identity): string {
  const who = manager === '' ? '' : `"manager":${goJson(manager)},`;
  const version = operation === 'Apply' ? '' : `,"apiVersion":${goJson(apiVersion)}`;
  return `{${who}"operation":"${operation}"${version}${subresource === '' ? '' : `,"subresource":${goJson(subresource)}`}}`;
}

/**
 * The owners in entries; undefined when one cannot be read. Field sets of `stored` entries are taken as they are, those
 * that a client sent are read with care.
 */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined, from: 'stored' | 'sent'): Owners | undefined {
  const owners: Owners = new Map();
  for (const entry of entries ?? []) {
    const owner = readOwner(entry, from);
    if (owner === undefined) return undefined;
    owners.set(identityOf(owner), owner);
  }
  return owners;
}

function readOwner(entry: ManagedFieldsEntry, from: 'stored' | 'sent'): Owner | undefined {
  const { operation, apiVersion, fieldsV1 } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (apiVersion === undefined || apiVersion === '' || entry.fieldsType !== 'FieldsV1') return undefined;
  const fields = from === 'stored' ? (fieldsV1 as FieldSet | undefined) ?? emptySet : decodeFieldSet(fieldsV1 ?? null);
  if (fields === undefined) return undefined;
  return { manager: entry.manager ?? '', operation, apiVersion, subresource: entry.subresource ?? '', fields, time: entry.time ?? undefined };
}

/** A field set from JSON of any spelling and order; undefined when it is none. */
export function decodeFieldSet(json: unknown): FieldSet | undefined {
  try {
    const { '.': _, ...set } = decodeNode(json);
    return set;
  } catch {
    return undefined;
  }
}

function decodeNode(json: unknown): FieldSet {
  if (json === null) return leaf;
  if (!isObject(json)) throw new Error('a field set is an object');
  const found = new Map<string, FieldSet>();
  for (const element of Object.keys(json)) {
    const canonical = element === '.' ? undefined : canonicalElement(element);
    if (canonical !== undefined) found.set(canonical, decodeNode(json[element]));
  }
  const elements = sortElements([...found.keys()]);
  return nodeOf(Object.hasOwn(json, '.'), elements, elements.map((element) => found.get(element)!)) ?? leaf;
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
  const entry: ManagedFieldsEntry = manager === '' ? { operation, apiVersion } : { manager, operation, apiVersion };
  if (time !== undefined) entry.time = time;
  entry.fieldsType = 'FieldsV1';
  entry.fieldsV1 = fields;
  if (subresource !== '') entry.subresource = subresource;
  return entry;
}

/** `[]` or `[{}]` asks to forget all owners. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (!Array.isArray(entries)) return false;
  const unset = (member: unknown) => member === undefined || member === null || member === '';
  return entries.length === 0 || (entries.length === 1 && Object.values(entries[0] as object).every(unset));
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
