/** DeleteOptions, from the body when there is one and from the query when there is none. */
import { kinds } from '../schema/kinds.ts';
import { quote } from '../lib/go-format.ts';
import { structType } from '../schema/struct-type.ts';
import {
  decodeJson, decodeMessage, decodeTree, DecodeError, encodingOf, openEnvelope, parseGroupVersion, readTyped, unsupportedBody,
} from './codec/codec.ts';
import { badRequest } from './errors.ts';
import type { RequestContext } from './resource-request.ts';
import { deleteOptionsOfQuery, validateDeleteOptions, type DeleteOptions, type DeleteOptionsBody } from './request-options.ts';

export function readDeleteOptions({ request, query }: RequestContext): DeleteOptions {
  return validateDeleteOptions(request.body.length > 0
    ? decodeOptions(Buffer.from(request.body), request.headers['content-type']) : deleteOptionsOfQuery(query));
}

const optionsType = () => structType(kinds.get('v1/DeleteOptions')!);

function decodeOptions(bytes: Buffer, contentType: string | undefined): DeleteOptionsBody {
  const encoding = encodingOf(contentType);
  if (!encoding) throw unsupportedBody();
  try {
    if (encoding === 'protobuf') {
      const { apiVersion, kind, raw } = openEnvelope(bytes);
      checkKind(apiVersion, kind);
      return decodeMessage(optionsType(), raw);
    }
    const { apiVersion, kind, json, yaml } = readTyped(bytes.toString(), encoding);
    checkKind(apiVersion, kind);
    return (json ? decodeJson(optionsType(), json, false) : decodeTree(optionsType(), yaml.tree, false)).object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

const group = 'meta.k8s.io';
/** The other kinds that the scheme of options knows: they are read, and cannot be converted. */
const otherKinds: ReadonlySet<string> = new Set([
  ...['CreateOptions', 'GetOptions', 'ListOptions', 'PartialObjectMetadata', 'PartialObjectMetadataList', 'PatchOptions', 'Table', 'TableOptions',
    'UpdateOptions'].map((kind) => `${group}/v1/${kind}`),
  ...['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'].map((kind) => `v1/${kind}`),
]);
const scheme = '"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"';

/** DeleteOptions may come in the name of any group. Throws DecodeError. */
function checkKind(apiVersion: string, kind: string): void {
  parseGroupVersion(apiVersion);
  if (kind === '' || kind === 'DeleteOptions') return;
  const named = apiVersion === '' ? `${group}/v1` : apiVersion;
  throw new DecodeError(otherKinds.has(`${named}/${kind}`) ? `converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`
    : `no kind ${quote(kind)} is registered for version ${quote(named)} in scheme ${scheme}`);
}
