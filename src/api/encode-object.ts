/** One object in the encoding that was asked for. */
import { encodeJson, encodeProtobuf, encodeYaml, hasProtobuf } from './codec/codec.ts';
import { notAcceptable } from './errors.ts';
import type { Representation } from './negotiation/accept.ts';
import type { Typed } from './transform.ts';

/** Throws 406 for an object that has no protobuf form. */
export function encodeObject({ object, type }: Typed, { encoding, pretty }: Pick<Representation, 'encoding' | 'pretty'>): Buffer {
  switch (encoding) {
    case 'json': return Buffer.from(encodeJson(object, pretty));
    case 'yaml': return Buffer.from(encodeYaml(object));
    case 'protobuf':
      if (!type || !hasProtobuf(type)) throw notAcceptable('only the following media types are accepted: application/json, application/yaml');
      return encodeProtobuf(type, object as Record<string, unknown>);
  }
}
