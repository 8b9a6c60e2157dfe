/**
 * OpenAPI v2 as protobuf: gnostic's `openapi.v2.Document`, which kubectl asks for
 * (github.com/google/gnostic-models/openapiv2/OpenAPIv2.proto). A table says how each JSON object becomes a message.
 */
import protobuf from 'protobufjs/minimal.js';
import { isObject, type Json, type JsonObject } from '../../lib/json.ts';

type Writer = protobuf.Writer;
type Write = (value: Json, writer: Writer) => void;
/** Writes one member of a JSON object into the message around it. */
type Members = Readonly<Record<string, Write>>;

const delimited = 2;

/** The document as bytes. */
export function encodeGnostic(document: JsonObject): Uint8Array {
  const writer = protobuf.Writer.create();
  message(documentMembers, 16)(document, writer);
  return writer.finish();
}

/** A message whose members are in the table; `x-…` members go to the vendor extensions. */
const message = (members: Members, extensionTag: number): Write => (value, writer) => {
  for (const [name, member] of Object.entries(value as JsonObject)) {
    if (Object.hasOwn(members, name)) members[name]!(member, writer);
    else if (name.startsWith('x-')) nested(extensionTag, namedAny(name))(member, writer);
  }
};

const nested = (tag: number, write: Write): Write => (value, writer) => {
  writer.uint32(tag << 3 | delimited).fork();
  write(value, writer);
  writer.ldelim();
};
const each = (write: Write): Write => (value, writer) => {
  for (const item of value as Json[]) write(item, writer);
};
const text = (tag: number): Write => (value, writer) => writer.uint32(tag << 3 | delimited).string(String(value));
const flag = (tag: number): Write => (value, writer) => writer.uint32(tag << 3).bool(value === true);
const integer = (tag: number): Write => (value, writer) => writer.uint32(tag << 3).int64(value as number);
const double = (tag: number): Write => (value, writer) => writer.uint32(tag << 3 | 1).double(value as number);
/** Values of any type travel as YAML, of which JSON is a part. */
const yamlValue = (tag: number): Write => nested(tag, (value, writer) => text(2)(`${JSON.stringify(value)}\n`, writer));
const namedAny = (name: string): Write => (value, writer) => {
  text(1)(name, writer);
  yamlValue(2)(value, writer);
};
/** A map as repeated `{ name = 1, value = 2 }`. */
const named = (tag: number, write: Write): Write => (value, writer) => {
  for (const [name, member] of Object.entries(value as JsonObject)) {
    nested(tag, () => {
      text(1)(name, writer);
      nested(2, write)(member, writer);
    })(member, writer);
  }
};

/** Schemas hold schemas, so their table is read when it is needed. */
const schema: Write = (value, writer) => message(schemaMembers, 31)(value, writer);
const schemaMembers: Members = {
  $ref: text(1), format: text(2), title: text(3), description: text(4), default: yamlValue(5), multipleOf: double(6), maximum: double(7),
  exclusiveMaximum: flag(8), minimum: double(9), exclusiveMinimum: flag(10), maxLength: integer(11), minLength: integer(12), pattern: text(13),
  maxItems: integer(14), minItems: integer(15), uniqueItems: flag(16), maxProperties: integer(17), minProperties: integer(18),
  required: each(text(19)), enum: each(yamlValue(20)),
  additionalProperties: nested(21, (value, writer) => (isObject(value) ? nested(1, schema) : flag(2))(value, writer)),
  type: nested(22, text(1)), items: nested(23, nested(1, schema)), allOf: each(nested(24, schema)), properties: nested(25, named(1, schema)),
};

const bodyParameter: Write = message({ description: text(1), name: text(2), in: text(3), required: flag(4), schema: nested(5, schema) }, 6);
const queryParameter: Write = message({
  required: flag(1), in: text(2), description: text(3), name: text(4), type: text(6), uniqueItems: flag(20),
}, 23);
const pathParameter: Write = message({
  required: flag(1), in: text(2), description: text(3), name: text(4), type: text(5), uniqueItems: flag(19),
}, 22);

/** `ParametersItem { Parameter { BodyParameter | NonBodyParameter { … } } }`. */
const parameter: Write = nested(1, (value, writer) => {
  switch ((value as JsonObject)['in']) {
    case 'body': return nested(1, bodyParameter)(value, writer);
    case 'query': return nested(2, nested(3, queryParameter))(value, writer);
    default: return nested(2, nested(4, pathParameter))(value, writer);
  }
});

const response: Write = nested(1, message({ description: text(1), schema: nested(2, nested(1, schema)) }, 5));
const operation: Write = message({
  tags: each(text(1)), operationId: text(5), produces: each(text(6)), consumes: each(text(7)), parameters: each(nested(8, parameter)),
  responses: nested(9, named(1, response)), schemes: each(text(10)),
}, 13);
const pathItem: Write = message({
  get: nested(2, operation), put: nested(3, operation), post: nested(4, operation), delete: nested(5, operation), patch: nested(8, operation),
  parameters: each(nested(9, parameter)),
}, 10);
const documentMembers: Members = {
  swagger: text(1), info: nested(2, message({ title: text(1), version: text(2) }, 7)), paths: nested(8, named(2, pathItem)),
  definitions: nested(9, named(1, schema)),
};
