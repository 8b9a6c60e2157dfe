/**
 * `application/vnd.kubernetes.protobuf`: objects in the `k8s\0` envelope, and the frames of a watch.
 *
 * Messages are derived from the tags in the schema; there is no generated code. Custom resources and types without tags
 * (Table, discovery documents) have no protobuf form; callers ask `hasProtobuf` first.
 */
import protobuf from 'protobufjs/minimal.js';
import type { KubeObject } from '../../schema/objects.ts';
import type { StructType } from '../../schema/struct-type.ts';
import { DecodeError } from './decode-error.ts';
import { decodeObject } from './decode.ts';
import { readMessage } from './protobuf-read.ts';
import { writeMessage } from './protobuf-write.ts';

const magic = Buffer.from('k8s\0');

export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message of the object. */
  readonly raw: Uint8Array;
}

/** Whether objects of the type can be written as protobuf. */
export function hasProtobuf(type: StructType): boolean {
  return !type.meta.noProto;
}

/** The object in its envelope. `kind` and `apiVersion` are taken from the object. */
export function encodeProtobuf(type: StructType, object: KubeObject | Record<string, unknown>): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).string(String(object['apiVersion'] ?? ''));
  writer.uint32(0x12).string(String(object['kind'] ?? ''));
  writer.ldelim();
  writer.uint32(0x12).fork();
  writeMessage(type, object as Record<string, unknown>, writer);
  writer.ldelim();
  writer.uint32(0x1a).string('').uint32(0x22).string('');
  return Buffer.concat([magic, writer.finish()]);
}

/** One frame of a protobuf watch: four bytes of length and a WatchEvent around the object's envelope. */
export function protobufFrame(event: string, envelope: Uint8Array): Buffer {
  const message = protobuf.Writer.create().uint32(0x0a).string(event)
    .uint32(0x12).fork().uint32(0x0a).bytes(envelope).ldelim().finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** Opens the envelope. Throws DecodeError with upstream's text (runtime/serializer/protobuf/protobuf.go). */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new DecodeError('empty data');
  if (!magic.equals(bytes.subarray(0, magic.length))) {
    throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  if (bytes.length === magic.length) throw new DecodeError('empty body');
  return reading(() => readEnvelope(protobuf.Reader.create(bytes.subarray(magic.length))));
}

function readEnvelope(reader: protobuf.Reader): Envelope {
  const envelope: { apiVersion: string; kind: string; raw: Uint8Array } = { apiVersion: '', kind: '', raw: new Uint8Array() };
  while (reader.pos < reader.len) {
    const head = reader.uint32();
    if (head >>> 3 === 1) {
      for (const end = reader.uint32() + reader.pos; reader.pos < end;) {
        const inner = reader.uint32();
        if (inner >>> 3 === 1) envelope.apiVersion = reader.string();
        else if (inner >>> 3 === 2) envelope.kind = reader.string();
        else reader.skipType(inner & 7);
      }
    } else if (head >>> 3 === 2) {
      envelope.raw = reader.bytes();
    } else {
      reader.skipType(head & 7);
    }
  }
  return envelope;
}

/** The message as an object in canonical form, without kind and apiVersion. Throws DecodeError. */
export function decodeMessage(type: StructType, raw: Uint8Array): Record<string, unknown> {
  const value = reading(() => {
    const reader = protobuf.Reader.create(raw);
    return readMessage(type, reader, reader.len);
  });
  return decodeObject(type, value, false).object;
}

/** Bytes that end too early, or hold what they should not, are one error to Go. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new DecodeError('unexpected EOF', { cause: error });
  }
}
