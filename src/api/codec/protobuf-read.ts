/** Protobuf messages as JSON values. They are not canonical yet: zero values are written out, order is the wire's. */
import protobuf from 'protobufjs/minimal.js';
import { JSONSchemaProps } from '../../schema/apiextensions/v1.ts';
import type { ScalarKind } from '../../schema/meta.ts';
import { structType, type StructType, type TypeRef } from '../../schema/struct-type.ts';
import { printMicroTime, printTime, type Instant } from '../../schema/values/time.ts';
import { wireFieldsOf, type MemberField, type WireField } from './wire-fields.ts';

type Reader = protobuf.Reader;
type Members = Record<string, unknown>;
type Read = (reader: Reader, wireType: number) => unknown;
type FieldReader = (object: Members, reader: Reader, wireType: number) => void;

/** Reads the fields of a message up to `end` into `object`. Unknown fields are skipped. */
export function readMessage(type: StructType, reader: Reader, end: number, object: Members = {}): Members {
  const readers = readersOf(type);
  while (reader.pos < end) {
    const head = reader.uint32();
    const read = readers.get(head >>> 3);
    if (read) read(object, reader, head & 7);
    else reader.skipType(head & 7);
  }
  return object;
}

const compiled = new WeakMap<StructType, ReadonlyMap<number, FieldReader>>();

function readersOf(type: StructType): ReadonlyMap<number, FieldReader> {
  let readers = compiled.get(type);
  if (!readers) {
    readers = new Map(wireFieldsOf(type).map((field) => [field.tag, fieldReader(field)]));
    compiled.set(type, readers);
  }
  return readers;
}

function fieldReader(field: WireField): FieldReader {
  if (field.kind === 'embedded') {
    const { struct } = field;
    return (object, reader) => {
      readMessage(struct, reader, lengthEnd(reader), object);
    };
  }
  const { name, type, wrapped } = field;
  if (type.kind === 'list' && !wrapped) return listReader(name, valueReader(type.items));
  if (type.kind === 'map') return mapReader(name, wrapped ? readWrappedList : valueReader(type.values), type.values, wrapped);
  const read = memberReader(field);
  return (object, reader, wireType) => {
    object[name] = read(reader, wireType);
  };
}

function memberReader({ type, wrapped }: MemberField): Read {
  return wrapped ? readWrappedList : valueReader(type);
}

/** Numbers may come packed: many in one record. */
const listReader = (name: string, read: Read): FieldReader => (object, reader, wireType) => {
  const list = (object[name] ??= []) as unknown[];
  if (wireType !== 2 || !packable.has(read)) {
    list.push(read(reader, wireType));
    return;
  }
  for (const end = lengthEnd(reader); reader.pos < end;) list.push(read(reader, 0));
};

function mapReader(name: string, read: Read, values: TypeRef, wrapped: boolean): FieldReader {
  return (object, reader) => {
    const map = (object[name] ??= Object.create(null)) as Members;
    let key = '';
    let value: unknown = wrapped ? [] : values.kind === 'scalar' && values.scalar === 'string' ? '' : null;
    for (const end = lengthEnd(reader); reader.pos < end;) {
      const head = reader.uint32();
      if (head >>> 3 === 1) key = reader.string();
      else if (head >>> 3 === 2) value = read(reader, head & 7);
      else reader.skipType(head & 7);
    }
    map[key] = value;
  };
}

function valueReader(type: TypeRef): Read {
  switch (type.kind) {
    case 'struct': return (reader) => readMessage(type.struct, reader, lengthEnd(reader));
    case 'scalar': return scalarReaders[type.scalar];
    default: throw new Error(`a ${type.kind} inside a list or map has no protobuf form`);
  }
}

/** The position after a length-prefixed value. Throws RangeError when the bytes end before. */
function lengthEnd(reader: Reader): number {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('index out of range');
  return end;
}

function readWrappedList(reader: Reader): string[] {
  const items: string[] = [];
  readTags(reader, { 1: () => items.push(reader.string()) });
  return items;
}

/** Reads a small message whose fields are handled by tag. */
function readTags(reader: Reader, handlers: Readonly<Record<number, () => unknown>>): void {
  for (const end = lengthEnd(reader); reader.pos < end;) {
    const head = reader.uint32();
    const handle = handlers[head >>> 3];
    if (handle) handle();
    else reader.skipType(head & 7);
  }
}

const readInt64: Read = (reader) => Number(String(reader.int64()));
const readInt32: Read = (reader) => reader.int32();
const readBool: Read = (reader) => reader.bool();
const packable = new Set<Read>([readInt64, readInt32, readBool]);

const scalarReaders: Readonly<Record<ScalarKind, Read>> = {
  string: (reader) => reader.string(),
  bool: readBool,
  int32: readInt32,
  int64: readInt64,
  float64: (reader) => reader.double(),
  bytes: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  quantity: (reader) => {
    let text = '0';
    readTags(reader, { 1: () => (text = reader.string()) });
    return text;
  },
  time: (reader) => readInstant(reader, (instant) => printTime({ ...instant, nanos: 0 })),
  microTime: (reader) => readInstant(reader, printMicroTime),
  intOrString: (reader) => {
    let isString = false;
    let number = 0;
    let text = '';
    readTags(reader, { 1: () => (isString = readInt64(reader, 0) === 1), 2: () => (number = reader.int32()), 3: () => (text = reader.string()) });
    return isString ? text : number;
  },
  fieldsV1: readRaw,
  raw: readRaw,
  json: readRaw,
  object: readRaw,
  schemaOrArray: (reader) => {
    let schema: unknown = null;
    const schemas: unknown[] = [];
    readTags(reader, { 1: () => (schema = readSchema(reader)), 2: () => schemas.push(readSchema(reader)) });
    return schemas.length > 0 ? schemas : schema;
  },
  schemaOrBool: (reader) => {
    let allows = false;
    let schema: unknown;
    readTags(reader, { 1: () => (allows = reader.bool()), 2: () => (schema = readSchema(reader)) });
    return schema ?? allows;
  },
  schemaOrStringArray: (reader) => {
    let schema: unknown = null;
    const names: string[] = [];
    readTags(reader, { 1: () => (schema = readSchema(reader)), 2: () => names.push(reader.string()) });
    return names.length > 0 ? names : schema;
  },
};

function readSchema(reader: Reader): unknown {
  return readMessage(structType(JSONSchemaProps), reader, lengthEnd(reader));
}

function readRaw(reader: Reader): unknown {
  let text = '';
  readTags(reader, { 1: () => (text = reader.string()) });
  return text === '' ? null : JSON.parse(text) as unknown;
}

/** An empty message is the zero time. */
function readInstant(reader: Reader, print: (instant: Instant) => string): string | null {
  let seconds: number | undefined;
  let nanos = 0;
  readTags(reader, { 1: () => (seconds = readInt64(reader, 0) as number), 2: () => (nanos = reader.int32()) });
  return seconds === undefined ? null : print({ seconds, nanos });
}
