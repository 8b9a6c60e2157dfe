/**
 * Answers as bytes. Each stored version is encoded as JSON once (`Stored.bytes`); GET, LIST and WATCH share those bytes.
 * Every other representation (YAML, protobuf, Table, metadata only, another version) is made when it is asked for.
 */
import { escapeHtml } from '../lib/go-format.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Stored } from '../store/store.ts';
import type { ResourceDef } from './registry.ts';

/** JSON of an object as Go writes it, without the final newline. */
export function jsonBytes(object: unknown): Buffer {
  return Buffer.from(escapeHtml(JSON.stringify(object)));
}

/** JSON of a stored version, made at first use. */
export function storedBytes(stored: Stored<KubeObject>): Uint8Array {
  return (stored.bytes ??= jsonBytes(stored.value));
}

/** JSON of a stored version in the version of `def`. */
export function bytesIn(def: Partial<Pick<ResourceDef, 'conversion'>>, stored: Stored<KubeObject>): Uint8Array {
  return def.conversion ? jsonBytes(def.conversion.fromStorage(stored.value)) : storedBytes(stored);
}

/** What stands before `metadata` in every stored version of a built-in resource. */
const headOf = (def: ResourceDef) => `{"kind":"${def.kind}","apiVersion":"${def.apiVersion}",`;

const comma = Buffer.from(',');
const brace = Buffer.from('{');

/** JSON of a list, put together from the bytes of its items. Items of built-in resources do not repeat their kind. */
export function listBytes(def: ResourceDef, items: readonly Stored<KubeObject>[], metadata: object): Buffer {
  const head = def.type
    ? `{"kind":"${def.kind}List","apiVersion":"${def.apiVersion}","metadata":${escapeHtml(JSON.stringify(metadata))},"items":[`
    : `{"apiVersion":"${def.apiVersion}","items":[`;
  const tail = def.type ? ']}' : `],"kind":"${def.kind}List","metadata":${escapeHtml(JSON.stringify(listMeta(def, metadata)))}}`;
  const skip = def.type ? Buffer.byteLength(headOf(def)) : 0;
  const parts: Uint8Array[] = [Buffer.from(head)];
  items.forEach((stored, i) => {
    if (i > 0) parts.push(comma);
    const bytes = bytesIn(def, stored);
    if (skip > 0) parts.push(brace, bytes.subarray(skip));
    else parts.push(bytes);
  });
  parts.push(Buffer.from(`${tail}\n`));
  return Buffer.concat(parts);
}

/** Lists of custom resources always say where they continue. */
const listMeta = (def: ResourceDef, metadata: object): object => (def.type ? metadata : { continue: '', ...metadata });

/** The same list as an object. */
export function listObject(def: ResourceDef, items: readonly Stored<KubeObject>[], metadata: object): Record<string, unknown> {
  return {
    kind: `${def.kind}List`, apiVersion: def.apiVersion, metadata: listMeta(def, metadata),
    items: items.map((stored) => itemOf(def, def.conversion?.fromStorage(stored.value) ?? stored.value)),
  };
}

function itemOf(def: ResourceDef, object: KubeObject): Omit<KubeObject, 'kind' | 'apiVersion'> {
  if (!def.type) return object;
  const { kind: _, apiVersion: __, ...item } = object;
  return item;
}
