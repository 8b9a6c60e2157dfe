/**
 * The descriptions that OpenAPI documents carry and `kubectl explain` prints: one sentence for a type, one for a field.
 *
 * They are data in functions, read together when a document or its hash is first asked for, so that a start pays nothing.
 */
import { createHash } from 'node:crypto';
import type { Field, StructType } from '../../../schema/struct-type.ts';
import { appsTexts } from './apps.ts';
import { clusterTexts } from './cluster.ts';
import { containerTexts } from './container.ts';
import { coordinationTexts } from './coordination.ts';
import { metaTexts } from './meta.ts';
import { networkTexts } from './network.ts';
import { objectTexts } from './objects.ts';
import { podStatusTexts } from './pod-status.ts';
import { podTexts } from './pod.ts';
import { policyTexts } from './policy.ts';
import { schedulingTexts } from './scheduling.ts';
import { securityTexts } from './security.ts';
import { storageTexts } from './storage.ts';
import { volumeTexts } from './volume.ts';

export type FieldTexts = Readonly<Record<string, string>>;
/** Of each type, by its name without the package: its own text, and those of its fields. */
export type Texts = Readonly<Record<string, readonly [own: string, fields: FieldTexts]>>;

/** Texts of types by the package of their model. */
const packages = (): Readonly<Record<string, Texts>> => ({
  'io.k8s.apimachinery.pkg.apis.meta.v1': metaTexts(),
  'io.k8s.api.core.v1': {
    ...podTexts(), ...containerTexts(), ...securityTexts(), ...volumeTexts(), ...storageTexts(), ...schedulingTexts(), ...podStatusTexts(),
    ...clusterTexts(), ...networkTexts(), ...objectTexts(),
  },
  'io.k8s.api.apps.v1': appsTexts(),
  'io.k8s.api.coordination.v1': coordinationTexts(),
  'io.k8s.api.policy.v1': policyTexts(),
});

/** Texts of members that every object or list has, custom ones too. */
export const commonTexts = {
  apiVersion: 'The group and version of the API that the object is written in, for example apps/v1.',
  kind: 'The kind of the object, for example Pod.',
  objectMeta: 'The name of the object, its labels and other data that every object has.',
  listMeta: 'Data about the list as a whole, such as the state of the store that it shows.',
  items: 'The objects of the list.',
} as const;

export const listText = (kind: string): string => `A list of objects of the kind ${kind}.`;

/** All texts, by the name of the model. */
export function allTexts(): ReadonlyMap<string, Texts[string]> {
  return (read ??= new Map(Object.entries(packages())
    .flatMap(([name, texts]) => Object.entries(texts).map(([type, text]) => [`${name}.${type}`, text] as const))));
}

let read: ReadonlyMap<string, Texts[string]> | undefined;
let digest: string | undefined;

/** Changes with the texts: clients keep documents by their hashes for a year. */
export function textsDigest(): string {
  return (digest ??= createHash('sha512').update(JSON.stringify([...allTexts(), commonTexts])).digest('hex'));
}

/** The description of a type; undefined when there is none. */
export function typeText(type: StructType): string | undefined {
  return allTexts().get(type.meta.model!)?.[0] ?? (isList(type) ? listText(type.meta.gvk![0]!.kind.slice(0, -'List'.length)) : undefined);
}

/** The description of a type's field; undefined when there is none. */
export function fieldText(type: StructType, { name, type: value }: Field): string | undefined {
  const own = allTexts().get(type.meta.model!)?.[1][name];
  if (own !== undefined || !type.meta.gvk) return own;
  switch (name) {
    case 'apiVersion': case 'kind': return commonTexts[name];
    case 'items': return isList(type) ? commonTexts.items : undefined;
    case 'metadata': return value.kind === 'struct' && value.struct.name === 'meta/v1.ListMeta' ? commonTexts.listMeta : commonTexts.objectMeta;
    default: return undefined;
  }
}

const isList = ({ meta, byName }: StructType): boolean => meta.gvk?.[0]?.kind.endsWith('List') === true && byName.has('items');
