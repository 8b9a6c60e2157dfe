/** What `as=` asks for: an answer turned into a Table or into metadata alone, with the type it then has. */
import type { KubeObject } from '../schema/objects.ts';
import { kinds } from '../schema/kinds.ts';
import { structType, type StructType } from '../schema/struct-type.ts';
import { notAcceptable, plainError } from './errors.ts';
import type { Representation, Transform } from './negotiation/accept.ts';
import type { ResourceDef } from './registry.ts';
import { listObject } from './representation.ts';
import type { Answer } from './response.ts';
import { partialObjectMetadata, partialObjectMetadataList, type MetaVersion } from './table/partial-metadata.ts';
import { assertHasTable, tableFor, type IncludeObject, type TableResource } from './table/table.ts';

export interface Typed {
  readonly object: object;
  /** Undefined: there is no protobuf form. */
  readonly type: StructType | undefined;
}

/** What an answer must know of the resource, or of the kind, that it shows. A `ResourceDef` has it all. */
export type ShownResource = TableResource & Pick<ResourceDef, 'group' | 'groupResource' | 'type'> & Partial<Pick<ResourceDef, 'conversion'>>;

export interface TransformOptions {
  /** For ages, in milliseconds. */
  readonly nowMs: number;
  readonly includeObject: IncludeObject;
  readonly noHeaders?: boolean;
}

export function typeNamed(apiVersion: string, kind: string): StructType | undefined {
  const ref = kinds.get(`${apiVersion}/${kind}`);
  return ref && structType(ref);
}

/** The answer as one object. Throws 406 for transforms that do not fit it. */
export function answerObject(answer: Answer, representation: Representation, options: TransformOptions): Typed {
  const { transform } = representation;
  if (answer.kind === 'other') return { object: answer.object, type: answer.type };
  const { def } = answer;
  if (transform === undefined) {
    return answer.kind === 'object' ? { object: answer.object, type: def.type }
      : { object: listObject(answer.def, answer.items, answer.metadata), type: typeNamed(def.apiVersion, `${def.kind}List`) };
  }
  const version = representation.transformVersion as MetaVersion;
  if (transform === 'Table') {
    assertHasTable(def);
    const objects = answer.kind === 'object' ? [answer.object] : objectsOf(answer);
    const metadata = answer.kind === 'list' ? { metadata: answer.metadata } : {};
    return { object: tableFor(def, objects, options.nowMs, { ...options, version, ...metadata }), type: undefined };
  }
  return metadataOnly(answer, transform, version);
}

function metadataOnly(answer: Exclude<Answer, { kind: 'other' }>, transform: Transform, version: MetaVersion): Typed {
  const { def } = answer;
  const type = typeNamed('meta.k8s.io/v1', transform);
  if (transform === 'PartialObjectMetadata') {
    if (answer.kind === 'list') throw notAcceptable(`you requested PartialObjectMetadata, but the requested object is a list (${goType(def, 'List')})`);
    return { object: partialObjectMetadata(def, answer.object, version), type };
  }
  if (answer.kind === 'object') {
    if (!def.type) throw plainError('content is not a list');
    throw notAcceptable(`you requested PartialObjectMetadataList, but the requested object is not a list (${goType(def, '')})`);
  }
  return { object: partialObjectMetadataList(def, objectsOf(answer), answer.metadata, version), type };
}

function objectsOf({ def, items }: Extract<Answer, { kind: 'list' }>): KubeObject[] {
  return items.map(({ value }) => def.conversion?.fromStorage(value) ?? value);
}

/** The Go type of upstream's internal object. */
function goType(def: ShownResource, suffix: string): string {
  if (!def.type) return `*unstructured.Unstructured${suffix}`;
  const group = def.group === '' || def.group === 'events.k8s.io' ? 'core' : def.group.split('.', 1)[0]!;
  return `*${group}.${def.kind}${suffix}`;
}
