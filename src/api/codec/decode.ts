/**
 * Typed decoding: JSON values into objects of the schema, exactly as Go's decoder would fill its structs.
 *
 * What comes out is canonical: members in Go's order, zero values left out where Go leaves them out and written where it
 * writes them, times and quantities in their one spelling, maps sorted. Mistakes carry upstream's texts and places
 * (sigs.k8s.io/json/internal/golang/encoding/json/decode.go). Each type is compiled into closures at its first use.
 * It knows nothing of defaults, validation or HTTP.
 */
import { isObject } from '../../lib/json.ts';
import { structType, type Field, type StructType, type TypeRef } from '../../schema/struct-type.ts';
import { JSONSchemaProps } from '../../schema/apiextensions/v1.ts';
import { forgetEmptied, noteEmptied } from './emptied.ts';
import { goTypeName, localName } from '../../schema/go-types.ts';
import { NumberText, Repeated, setOwn } from './json-tree.ts';
import { Reading, type PathMember } from './reading.ts';
import { scalarDecoder, zeroOfScalar, type Decode } from './scalars.ts';

export interface Decoded {
  /** The object in canonical form. It shares with the decoded value what was canonical there. */
  readonly object: Record<string, unknown>;
  /** `unknown field "spec.x"` and `duplicate field "spec.y"`, in the order of the text; empty unless asked for. */
  readonly strictErrors: string[];
  /** Object members that were read. */
  readonly members: number;
}

/**
 * Decodes a value (from `JSON.parse` or `parseTree`) as `type`. Unknown and repeated members are reported when `strict`,
 * dropped silently otherwise. Parts of the value that are canonical already are taken over as they are. Parts that equal
 * those of `like`, an object of the type in canonical form, come out as those very parts. Throws DecodeError with Go's text.
 */
export function decodeObject(type: StructType, value: unknown, strict: boolean, like?: object): Decoded {
  return decodeWith(new Reading(strict), type, value, like);
}

/**
 * A value that was put together by code in canonical form, otherwise as `decodeObject`. `forgetsEmpty`: as it comes back
 * from a store that keeps protobuf, where empty lists and maps are no longer told from missing ones.
 */
export function canonicalForm(type: StructType, value: unknown, forgetsEmpty: boolean, like?: object): Record<string, unknown> {
  return decodeWith(new Reading(false, forgetsEmpty, true), type, value, like).object;
}

function decodeWith(reading: Reading, type: StructType, value: unknown, like?: object): Decoded {
  const object = compiled(type).decode(value, reading, like) ?? compiled(type).zero();
  return { object: object as Record<string, unknown>, strictErrors: reading.finish(), members: reading.members };
}

interface Compiled {
  readonly decode: Decode;
  /** A fresh object with nothing set. */
  zero(): Record<string, unknown>;
}

interface Member extends PathMember {
  readonly decode: Decode;
  /** Left out when zero. */
  readonly dropsZero: boolean;
  /** A list or a map. */
  readonly collection: boolean;
  /** What is written when the member is not set; undefined when nothing is. */
  readonly unset: (() => unknown) | undefined;
}

const compiledTypes = new WeakMap<StructType, Compiled>();

function compiled(type: StructType): Compiled {
  let result = compiledTypes.get(type);
  if (!result) {
    result = compileStruct(type);
    compiledTypes.set(type, result);
  }
  return result;
}

function compileStruct(type: StructType): Compiled {
  const goType = goTypeName({ kind: 'struct', struct: type });
  const members = type.fields.filter((field) => !field.meta.noJSON).map((field) => compileMember(field, type));
  const indexOf = new Map(members.map((member, i) => [member.name, i]));
  const alwaysWritten = members.filter(({ unset }) => unset).length;
  const decode: Decode = (value, reading, like) => {
    if (value === like && value !== undefined) return value;
    if (!isObject(value) || value instanceof NumberText) return value === null ? undefined : reading.mismatch(value, goType);
    const before = isObject(like) ? like : undefined;
    const { forgetsEmpty } = reading;
    /** What was read, by member; made when the value turns out not to be canonical. */
    let slots: unknown[] | undefined;
    let written = 0;
    let last = -1;
    for (const key in value) {
      reading.members++;
      const index = indexOf.get(key);
      if (index === undefined) {
        reading.strictError('unknown field', key);
        slots ??= slotsBefore(key, value, indexOf);
        continue;
      }
      const member = members[index]!;
      const sent = value[key];
      const result = readMember(member, sent, reading, before?.[key]);
      if (slots === undefined && (index < last || result !== sent || isLeftOut(member, result, forgetsEmpty))) slots = slotsBefore(key, value, indexOf);
      if (slots !== undefined) slots[index] = result;
      if (member.unset) written++;
      last = index;
    }
    const isCanonical = slots === undefined && written === alwaysWritten;
    if (isCanonical && forgetsEmpty) forgetEmptied(value);
    const object = isCanonical ? value : assemble(members, slots ?? slotsBefore('', value, indexOf), forgetsEmpty);
    return before && sameMembers(object, before) ? before : object;
  };
  return { decode, zero: () => assemble(members, [], false) };
}

/** The members of a value that stand before `end`, by index; all of them when there is none of that name. */
function slotsBefore(end: string, value: Record<string, unknown>, indexOf: ReadonlyMap<string, number>): unknown[] {
  const slots = new Array<unknown>(indexOf.size);
  for (const key in value) {
    if (key === end) break;
    slots[indexOf.get(key)!] = value[key];
  }
  return slots;
}

/** Whether Go would leave a member with this value out, or write it differently. */
const isLeftOut = (member: Member, value: unknown, forgetsEmpty: boolean): boolean =>
  (member.dropsZero || (forgetsEmpty && member.collection)) && isZero(value);

function readMember(member: Member, value: unknown, reading: Reading, like?: unknown): unknown {
  if (value instanceof Repeated) return readRepeated(member, value, reading);
  reading.path.push(member);
  const result = member.decode(value, reading, like);
  reading.path.pop();
  return result;
}

/** Go decodes each value into the same variable: scalars and lists are replaced, objects are merged. */
function readRepeated(member: Member, { values }: Repeated, reading: Reading): unknown {
  reading.strictError('duplicate field', member.name);
  for (const earlier of values.slice(0, -1)) readMember(member, earlier, reading);
  return readMember(member, values.reduce(mergeTrees), reading);
}

function mergeTrees(a: unknown, b: unknown): unknown {
  if (!isObject(a) || !isObject(b) || a instanceof NumberText || b instanceof NumberText) return b;
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) setOwn(result, key, Object.hasOwn(a, key) ? mergeTrees(a[key], value) : value);
  return result;
}

function assemble(members: readonly Member[], slots: readonly unknown[], forgetsEmpty: boolean): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  let emptied: Record<string, unknown> | undefined;
  for (let i = 0; i < members.length; i++) {
    const { name, dropsZero, unset, collection } = members[i]!;
    const value = slots[i];
    if (value === undefined || (forgetsEmpty && collection && isZero(value))) {
      if (unset) object[name] = unset();
    } else if (!dropsZero || !isZero(value)) {
      object[name] = value;
    } else if (collection) (emptied ??= {})[name] = value;
  }
  if (emptied && !forgetsEmpty) noteEmptied(object, emptied);
  return object;
}

/** Whether two objects of one type, or two maps, have the very same members. */
function sameMembers(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let count = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object') return value === '' || value === 0 || value === false;
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

function compileMember(field: Field, owner: StructType): Member {
  const decode = decoderOf(field.type, goTypeName(field.type, field.meta));
  const embedded = (field.meta.inlines ?? []).map((inline) => localName(inline.struct.typeName));
  return {
    name: field.name,
    goPath: [...embedded, field.name].join('.'),
    owner: localName(owner.name),
    // Null sets a pointer to nil before a type with its own way of reading is asked.
    decode: field.pointer ? (value, reading, like) => (value === null ? undefined : decode(value, reading, like)) : decode,
    collection: field.type.kind === 'list' || field.type.kind === 'map',
    dropsZero: field.optional && !field.pointer && field.type.kind !== 'struct',
    unset: field.nullable ? () => null : field.optional ? undefined : zeroFactory(field.type),
  };
}

function zeroFactory(type: TypeRef): () => unknown {
  if (type.kind === 'struct') return () => compiled(type.struct).zero();
  const zero = type.kind === 'scalar' ? zeroOfScalar(type.scalar) : null;
  return () => zero;
}

function decoderOf(type: TypeRef, goType: string): Decode {
  switch (type.kind) {
    case 'struct': return (value, reading, like) => compiled(type.struct).decode(value, reading, like);
    case 'list': return listDecoder(type.items, goType);
    case 'map': return mapDecoder(type.values, goType);
    case 'scalar':
      switch (type.scalar) {
        case 'schemaOrArray': case 'schemaOrStringArray': case 'schemaOrBool': return schemaOr[type.scalar];
        default: return scalarDecoder(type.scalar, goType);
      }
  }
}

function listDecoder(items: TypeRef, goType: string): Decode {
  const decodeItem = decoderOf(items, goType.startsWith('[]') ? goType.slice(2) : goTypeName(items));
  const zero = zeroFactory(items);
  return (value, reading, like) => {
    if (value === like && value !== undefined) return value;
    if (!Array.isArray(value)) return value === null ? undefined : reading.mismatch(value, goType);
    const before: readonly unknown[] | undefined = Array.isArray(like) ? like : undefined;
    let result: unknown[] | undefined;
    let same = value.length === before?.length;
    for (let i = 0; i < value.length; i++) {
      reading.path.push(i);
      const item = decodeItem(value[i], reading, before?.[i]) ?? zero();
      reading.path.pop();
      if (item !== value[i]) result ??= value.slice();
      if (result) result[i] = item;
      same &&= item === before?.[i];
    }
    return same ? before : result ?? value;
  };
}

/** Maps are null-prototype, so that no key of a user's can be special. */
function mapDecoder(values: TypeRef, goType: string): Decode {
  const decodeValue = decoderOf(values, goType.startsWith('map[') ? goType.slice(goType.indexOf(']') + 1) : goTypeName(values));
  const zero = zeroFactory(values);
  return (value, reading, like) => {
    if (value === like && value !== undefined) return value;
    if (!isObject(value) || value instanceof NumberText) return value === null ? undefined : reading.mismatch(value, goType);
    const before = isObject(like) ? like : undefined;
    const result = Object.create(null) as Record<string, unknown>;
    let canonical = Object.getPrototypeOf(value) === null;
    let last = '';
    for (const key of Object.keys(value)) {
      reading.members++;
      let member = value[key];
      if (member instanceof Repeated) {
        reading.strictError('duplicate field', key);
        member = member.last;
      }
      reading.path.push(key);
      const item = result[key] = decodeValue(member, reading, before?.[key]) ?? zero();
      reading.path.pop();
      canonical &&= item === value[key] && last <= key;
      last = key;
    }
    if (before && sameMembers(result, before)) return before;
    return canonical ? value : sortedByKey(result);
  };
}

function sortedByKey(map: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(map);
  if (keys.every((key, i) => i === 0 || keys[i - 1]! <= key)) return map;
  const result = Object.create(null) as Record<string, unknown>;
  for (const key of keys.toSorted()) result[key] = map[key];
  return result;
}

/** The unions of apiextensions/v1: a schema, or something simpler. They read themselves, without strictness. */
const schemaDecoder: Decode = (value, reading) => {
  const inner = new Reading(false, reading.forgetsEmpty);
  const schema = compiled(structType(JSONSchemaProps)).decode(value, inner);
  inner.finish();
  reading.members += inner.members;
  return schema;
};
const schemasDecoder: Decode = (value, reading) => (value as unknown[]).map((item) => schemaDecoder(item, reading));
const schemaOr: Record<'schemaOrArray' | 'schemaOrStringArray' | 'schemaOrBool', Decode> = {
  schemaOrArray: (value, reading) => {
    if (Array.isArray(value)) return schemasDecoder(value, reading);
    return isObject(value) ? schemaDecoder(value, reading) : undefined;
  },
  schemaOrStringArray: (value, reading) => {
    if (Array.isArray(value)) return listDecoder({ kind: 'scalar', scalar: 'string' }, '[]string')(value, reading);
    return isObject(value) ? schemaDecoder(value, reading) : undefined;
  },
  schemaOrBool: (value, reading) => {
    if (typeof value === 'boolean') return value;
    return isObject(value) ? schemaDecoder(value, reading) : reading.note('boolean or JSON schema expected');
  },
};
