/** DeleteOptions, from the body when there is one and from the query when there is none. */
import { kinds } from '../schema/kinds.ts';
import { structType } from '../schema/struct-type.ts';
import { decodeJson, readJson, encodingOf, decodeTree, DecodeError, decodeMessage, openEnvelope, parseYamlTree, unsupportedBody } from './codec/codec.ts';
import { badRequest } from './errors.ts';
import type { RequestContext } from './resource-request.ts';
import type { ResourceDef } from './registry.ts';
import { deleteOptionsOfQuery, validateDeleteOptions, type DeleteOptions, type DeleteOptionsBody } from './request-options.ts';

export function readDeleteOptions({ request, query }: RequestContext, _def: ResourceDef): DeleteOptions {
  return validateDeleteOptions(request.body.length > 0
    ? decodeOptions(Buffer.from(request.body), request.headers['content-type']) : deleteOptionsOfQuery(query));
}

const optionsType = () => structType(kinds.get('v1/DeleteOptions')!);

function decodeOptions(bytes: Buffer, contentType: string | undefined): DeleteOptionsBody {
  const encoding = encodingOf(contentType);
  if (!encoding) throw unsupportedBody();
  try {
    const object = encoding === 'protobuf' ? decodeMessage(optionsType(), openEnvelope(bytes).raw)
      : encoding === 'yaml' ? decodeTree(optionsType(), parseYamlTree(bytes.toString()).tree, false).object
        : decodeJson(optionsType(), readJson(bytes.toString()), false).object;
    const { kind } = object as { kind?: string };
    if (kind !== undefined && kind !== 'DeleteOptions') throw badRequest(`decoded object cannot be converted to DeleteOptions`);
    return object as DeleteOptionsBody;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}
