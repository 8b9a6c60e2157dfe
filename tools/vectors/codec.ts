/** Adapters for protobuf and for defaulting. */
import { decodeMessage, decodeObject, encodeProtobuf, normalize, openEnvelope, protobufFrame } from '../../src/api/codec/codec.ts';
import { applyDefaults } from '../../src/api/defaults/defaults.ts';
import { kinds } from '../../src/schema/kinds.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { structType, type StructType } from '../../src/schema/struct-type.ts';
import type { Adapter } from './vector.ts';

/** The type of `v1/Pod` or `apps/v1/Deployment`. */
export function typeNamed(name: string): StructType {
  const ref = kinds.get(name);
  if (!ref) throw new Error(`unknown kind ${name}`);
  return structType(ref);
}

export const protobuf: Adapter = (vector) => {
  const json = vector['json'] as Record<string, unknown>;
  const type = typeNamed(`${json['apiVersion']}/${json['kind']}`);
  const encoded = encodeProtobuf(type, decodeObject(type, json, false).object);
  if (vector['frame'] !== undefined) {
    return { expected: vector['frame'], got: protobufFrame(vector['type'] as string, encoded).toString('base64') };
  }
  const { apiVersion, kind, raw } = openEnvelope(Buffer.from(vector['proto'] as string, 'base64'));
  return {
    expected: { proto: vector['protoFromJSON'] ?? vector['proto'], json: vector['jsonAfterDecode'] ?? json },
    got: { proto: encoded.toString('base64'), json: { kind, apiVersion, ...decodeMessage(type, raw) } },
  };
};

export const defaults: Adapter = (vector) => {
  const sent = vector['object'] as KubeObject;
  const type = typeNamed(`${sent.apiVersion}/${sent.kind}`);
  const { object } = decodeObject(type, sent, false);
  applyDefaults(type, object);
  return { expected: vector['defaulted'], got: normalize(type, object) };
};
