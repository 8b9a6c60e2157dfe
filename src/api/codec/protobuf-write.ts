/** Objects of the schema as protobuf messages, byte for byte as gogo's generated marshallers write them. */
import protobuf from 'protobufjs/minimal.js';
import { JSONSchemaProps } from '../../schema/apiextensions/v1.ts';
import type { ScalarKind } from '../../schema/meta.ts';
import { structType, type StructType, type TypeRef } from '../../schema/struct-type.ts';
import { isZeroTime, parseMicroTime, parseTime, type Instant } from '../../schema/values/time.ts';
import { wireFieldsOf, type MemberField, type WireField } from './wire-fields.ts';

type Writer = protobuf.Writer;
type Members = Readonly<Record<string, unknown>>;
/** Writes a value under a tag; the value may be undefined or null (not set). */
type Write = (value: unknown, writer: Writer) => void;

const varint = 0;
const fixed64 = 1;
const lengthPrefixed = 2;

/** Writes the fields of a message, without a length. */
export function writeMessage(type: StructType, object: Members, writer: Writer): void {
  for (const write of writersOf(type)) write(object, writer);
}

const compiled = new WeakMap<StructType, readonly ((object: Members, writer: Writer) => void)[]>();

function writersOf(type: StructType) {
  let writers = compiled.get(type);
  if (!writers) {
    writers = wireFieldsOf(type).map(fieldWriter);
    compiled.set(type, writers);
  }
  return writers;
}

function fieldWriter(field: WireField): (object: Members, writer: Writer) => void {
  if (field.kind === 'embedded') {
    const { tag, struct } = field;
    return (object, writer) => nested(tag, writer, () => writeMessage(struct, object, writer));
  }
  const { name } = field;
  const write = memberWriter(field);
  return (object, writer) => write(object[name], writer);
}

function memberWriter({ tag, type, presence, wrapped }: MemberField): Write {
  const write = wrapped && type.kind === 'list' ? wrappedList(tag) : valueWriter(tag, type, wrapped);
  if (presence === 'always') return write;
  return (value, writer) => {
    if (value !== undefined && value !== null) write(value, writer);
  };
}

function valueWriter(tag: number, type: TypeRef, wrapped: boolean): Write {
  switch (type.kind) {
    case 'struct': return (value, writer) => nested(tag, writer, () => writeMessage(type.struct, (value ?? {}) as Members, writer));
    case 'list': {
      const write = valueWriter(tag, type.items, false);
      return (value, writer) => {
        for (const item of value as unknown[]) write(item, writer);
      };
    }
    case 'map': return mapWriter(tag, wrapped ? wrappedList(2) : valueWriter(2, type.values, false));
    case 'scalar': return scalarWriter(tag, type.scalar);
  }
}

/** A message `{ repeated string items = 1 }`. */
const wrappedList = (tag: number): Write => (value, writer) => nested(tag, writer, () => {
  for (const item of (value ?? []) as string[]) writer.uint32(1 << 3 | lengthPrefixed).string(item);
});

const mapWriter = (tag: number, writeValue: Write): Write => (value, writer) => {
  for (const key of sortedByBytes(Object.keys(value as object))) {
    nested(tag, writer, () => {
      writer.uint32(1 << 3 | lengthPrefixed).string(key);
      writeValue((value as Members)[key], writer);
    });
  }
};

function sortedByBytes(keys: string[]): string[] {
  return keys.length < 2 ? keys : keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function nested(tag: number, writer: Writer, write: () => void): void {
  writer.uint32(tag << 3 | lengthPrefixed).fork();
  write();
  writer.ldelim();
}

function scalarWriter(tag: number, scalar: ScalarKind): Write {
  const head = (wireType: number) => (tag << 3 | wireType) >>> 0;
  switch (scalar) {
    case 'string': return (value, writer) => writer.uint32(head(lengthPrefixed)).string(value as string ?? '');
    case 'bytes': return (value, writer) => writer.uint32(head(lengthPrefixed)).bytes(Buffer.from(value as string, 'base64'));
    case 'bool': return (value, writer) => writer.uint32(head(varint)).bool(value === true);
    case 'int32': return (value, writer) => writer.uint32(head(varint)).int32(value as number ?? 0);
    case 'int64': return (value, writer) => writer.uint32(head(varint)).int64(int64Bits(value as number ?? 0));
    case 'float64': return (value, writer) => writer.uint32(head(fixed64)).double(value as number ?? 0);
    default: return (value, writer) => nested(tag, writer, () => specialWriters[scalar](value, writer));
  }
}

/** The largest int64 has no exact number; it is what 2^63 stands for. */
const int64Bits = (value: number) => (value >= 2 ** 63 ? protobuf.util.LongBits.from({ low: -1, high: 0x7fffffff } as never).toLong(false) : value);

type Special = Exclude<ScalarKind, 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'float64'>;

/** Scalars of JSON that are messages on the wire. */
const specialWriters: Readonly<Record<Special, Write>> = {
  quantity: (value, writer) => writer.uint32(1 << 3 | lengthPrefixed).string(value as string ?? '0'),
  time: (value, writer) => writeInstant(value, parseTime, writer),
  microTime: (value, writer) => writeInstant(value, parseMicroTime, writer),
  intOrString: (value, writer) => {
    const isString = typeof value === 'string';
    writer.uint32(1 << 3 | varint).int64(isString ? 1 : 0);
    writer.uint32(2 << 3 | varint).int32(isString ? 0 : value as number ?? 0);
    writer.uint32(3 << 3 | lengthPrefixed).string(isString ? value : '');
  },
  fieldsV1: writeRaw,
  raw: writeRaw,
  json: writeRaw,
  object: writeRaw,
  schemaOrArray: (value, writer) => {
    if (Array.isArray(value)) for (const schema of value) writeSchema(2, schema, writer);
    else if (value) writeSchema(1, value, writer);
  },
  schemaOrBool: (value, writer) => {
    writer.uint32(1 << 3 | varint).bool(value !== false);
    if (typeof value !== 'boolean') writeSchema(2, value, writer);
  },
  schemaOrStringArray: (value, writer) => {
    if (Array.isArray(value)) for (const name of value) writer.uint32(2 << 3 | lengthPrefixed).string(name as string);
    else if (value) writeSchema(1, value, writer);
  },
};

function writeSchema(tag: number, schema: unknown, writer: Writer): void {
  nested(tag, writer, () => writeMessage(structType(JSONSchemaProps), schema as Members, writer));
}

function writeRaw(value: unknown, writer: Writer): void {
  if (value !== undefined && value !== null) writer.uint32(1 << 3 | lengthPrefixed).string(JSON.stringify(value));
}

/** The zero time is an empty message. */
function writeInstant(value: unknown, parse: (text: string) => Instant, writer: Writer): void {
  if (typeof value !== 'string') return;
  const instant = parse(value);
  if (isZeroTime(instant)) return;
  writer.uint32(1 << 3 | varint).int64(instant.seconds);
  writer.uint32(2 << 3 | varint).int32(instant.nanos);
}
