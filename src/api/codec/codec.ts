/**
 * The codecs: bytes to objects and back, in JSON, YAML and protobuf, all driven by the schema.
 *
 * Objects come out canonical (`decode.ts` says what that is) and go in as they are stored. Nothing here applies defaults,
 * validates, or knows of requests beyond their Content-Type. This file is the list of what the rest of the API calls.
 */
export { decodeAs, decodeBody, parseGroupVersion, readTyped, unsupportedBody, strictText, type DecodedBody, type Expected, type FieldValidation } from './body.ts';
export { decodeObject, type Decoded } from './decode.ts';
export { DecodeError } from './decode-error.ts';
export { encodeJson } from './encode.ts';
export { decodeJson, decodeTree, parseJson, readJson, wholeCharacters } from './json.ts';
export { encodingOf, mediaTypes, type Encoding } from './media-types.ts';
export { normalize, normalizeStored } from './normalize.ts';
export { decodeMessage, encodeProtobuf, hasProtobuf, openEnvelope, protobufFrame } from './protobuf.ts';
export { parseYamlTree } from './yaml-tree.ts';
export { encodeYaml } from './yaml-write.ts';
