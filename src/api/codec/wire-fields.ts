/**
 * The protobuf side of a type: its message fields in wire order, as gogo's generated code has them. Embedded structs with
 * a tag are messages of their own that share the JSON object; embedded TypeMeta travels in the envelope instead.
 */
import { structType, type Field, type StructType, type TypeRef } from '../../schema/struct-type.ts';

export type WireField =
  | MemberField
  | { readonly kind: 'embedded'; readonly tag: number; readonly struct: StructType };

export interface MemberField {
  readonly kind: 'field';
  readonly tag: number;
  readonly name: string;
  readonly type: TypeRef;
  readonly presence: Presence;
  /** A list (the member itself, or a map's value) that is a message around its items. */
  readonly wrapped: boolean;
}

/** When a member is written: always, or only when it is set (pointers, bytes). Lists and maps write what they hold. */
export type Presence = 'always' | 'set';

/** Named lists of strings that are messages: `{ repeated string items = 1 }`. */
const listMessages = new Set(['authentication/v1.ExtraValue', 'authorization/v1.ExtraValue', 'certificates/v1.ExtraValue', 'meta/v1.Verbs']);

export function wireFieldsOf(type: StructType): WireField[] {
  const fields = new Map<number, WireField>();
  for (const field of type.fields) {
    const outermost = field.meta.inlines?.[0];
    if (outermost) {
      if (outermost.tag !== undefined) fields.set(outermost.tag, { kind: 'embedded', tag: outermost.tag, struct: structType(outermost.struct) });
    } else if (field.meta.tag !== undefined) {
      fields.set(field.meta.tag, { kind: 'field', tag: field.meta.tag, name: field.name, type: field.type,
        presence: presenceOf(field), wrapped: isListMessage(field) });
    }
  }
  return [...fields.values()].sort((a, b) => a.tag - b.tag);
}

function presenceOf({ type, pointer, nullable }: Field): Presence {
  if (pointer) return 'set';
  if (type.kind === 'struct') return nullable ? 'set' : 'always';
  if (type.kind !== 'scalar') return 'set';
  switch (type.scalar) {
    case 'bytes': return 'set';
    case 'time': case 'microTime': case 'raw': case 'json': case 'fieldsV1': return 'always';
    default: return nullable ? 'set' : 'always';
  }
}

function isListMessage({ meta: { named = '' } }: Field): boolean {
  return listMessages.has(named.split('->').at(-1)!);
}
