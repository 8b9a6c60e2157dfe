import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../src/api/codec/decode-error.ts';
import { decodeMessage, encodeProtobuf, hasProtobuf, openEnvelope, protobufFrame } from '../../../src/api/codec/protobuf.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

interface Vector {
  id: string; title: string; json: Record<string, unknown>; proto?: string; protoFromJSON?: string; jsonAfterDecode?: unknown;
  frame?: string; type?: string;
}
const vectors = JSON.parse(readFileSync(new URL('../../golden/vectors/protobuf-vectors.json', import.meta.url), 'utf8')) as Vector[];
const typeOf = (kind: string) => structType(kinds.get(kind)!);
const typeOfObject = ({ json }: Vector) => typeOf(`${String(json['apiVersion'])}/${String(json['kind'])}`);

describe('protobuf vectors of a real server', () => {
  const messages = vectors.filter(({ proto }) => proto !== undefined);

  it.each(messages)('encodes $id ($title) to the same bytes', (vector) => {
    expect(encodeProtobuf(typeOfObject(vector), vector.json).toString('base64')).toBe(vector.protoFromJSON ?? vector.proto);
  });

  it.each(messages)('decodes $id ($title) to the same text', (vector) => {
    const { kind, apiVersion, raw } = openEnvelope(Buffer.from(vector.proto!, 'base64'));
    const object = { kind, apiVersion, ...decodeMessage(typeOfObject(vector), raw) };
    expect(JSON.stringify(object)).toBe(JSON.stringify(vector.jsonAfterDecode ?? vector.json));
  });

  it.each(vectors.filter(({ frame }) => frame !== undefined))('frames watch event $id', (vector) => {
    const envelope = encodeProtobuf(typeOfObject(vector), vector.json);
    expect(protobufFrame(vector.type!, envelope).toString('base64')).toBe(vector.frame);
  });
});

describe('openEnvelope', () => {
  const failure = (bytes: Uint8Array): string => {
    try {
      openEnvelope(bytes);
    } catch (error) {
      if (error instanceof DecodeError) return error.message;
    }
    return 'no DecodeError';
  };

  it('refuses what is no envelope in the words of the server', () => {
    expect(failure(Buffer.from(''))).toBe('empty data');
    expect(failure(Buffer.from('k8s\0'))).toBe('empty body');
    expect(failure(Buffer.from('{"kind":"Pod"}')))
      .toBe('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
    expect(failure(Buffer.from('k8s\0\x0a\x7f'))).toBe('unexpected EOF');
  });
});

describe('decodeMessage', () => {
  it('skips fields it does not know and reads packed numbers', () => {
    const type = typeOf('v1/Pod');
    const unknownField = [0xfa, 0x3f, 0x01, 0x00];
    const supplementalGroups = [0x12, 0x06, 0x72, 0x04, 0x22, 0x02, 0x05, 0x07];
    const object = decodeMessage(type, Uint8Array.from([...unknownField, ...supplementalGroups]));
    expect(object['spec']).toEqual({ containers: null, securityContext: { supplementalGroups: [5, 7] } });
  });

  it('throws DecodeError when a message ends early', () => {
    expect(() => decodeMessage(typeOf('v1/Pod'), Uint8Array.from([0x0a, 0x20, 0x0a]))).toThrow(DecodeError);
  });
});

describe('hasProtobuf', () => {
  it('is false for Tables and true for Pods', () => {
    expect([hasProtobuf(typeOf('meta.k8s.io/v1/Table')), hasProtobuf(typeOf('v1/Pod'))]).toEqual([false, true]);
  });
});
