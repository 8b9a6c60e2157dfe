/**
 * Request bodies as objects: which kind the body says it is, the decode as that kind, and what the client hears when it
 * cannot be used (apiserver/pkg/endpoints/handlers/{create,rest}.go, runtime/serializer). Defaulting comes after.
 */
import { isObject } from '../../lib/json.ts';
import { kinds } from '../../schema/kinds.ts';
import { apiVersionOf, parseApiVersion, type GroupVersionKind, type KubeObject } from '../../schema/objects.ts';
import { structType, type StructType } from '../../schema/struct-type.ts';
import { badRequest, unsupportedMediaType } from '../errors.ts';
import { quote } from '../../lib/go-format.ts';
import { DecodeError } from './decode-error.ts';
import type { Decoded } from './decode.ts';
import { asSentLike } from './emptied.ts';
import { decodeJson, decodeTree, readJson, type JsonSource } from './json.ts';
import { encodingOf, mediaTypes, type Encoding } from './media-types.ts';
import { decodeMessage, openEnvelope } from './protobuf.ts';
import { parseYamlTree } from './yaml-tree.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** What the resource expects. `type` is absent for custom resources. */
export interface Expected extends GroupVersionKind {
  readonly type?: StructType | undefined;
  /** Drops what a custom resource's schema of `version` does not know, in place; answers the paths. Throws DecodeError. */
  prune?(object: Record<string, unknown>, version: string): string[];
}

export interface DecodedBody {
  readonly object: KubeObject;
  /** Texts for Warning headers: unknown and repeated fields under `Warn`. */
  readonly warnings: readonly string[];
}

/**
 * Decodes the body of a create or update. `kind` and `apiVersion` of the answer are those expected. Throws ApiError: 415
 * for another Content-Type, 400 with upstream's text for the rest.
 */
export function decodeBody(bytes: Buffer, contentType: string | undefined, expected: Expected, validation: FieldValidation): DecodedBody {
  const encoding = encodingOf(contentType);
  if (!encoding || (encoding === 'protobuf' && !expected.type)) throw unsupportedBody(!expected.type);
  let found: GroupVersionKind | undefined;
  try {
    const { decoded, gvk } = decodeAny(bytes, encoding, expected, validation !== 'Ignore', (gvk) => (found = gvk));
    checkKind(gvk, expected, decoded.strictErrors);
    if (validation === 'Strict' && decoded.strictErrors.length > 0) throw new DecodeError(strictText(decoded.strictErrors));
    return { object: decoded.object as KubeObject, warnings: decoded.strictErrors.flatMap(warningsOf) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(found ? `${found.kind} in version ${quote(found.version)} cannot be handled as a ${expected.kind}: ${error.message}`
      : `the object provided is unrecognized (must be of type ${expected.kind}): ${error.message} (${summary(bytes)})`);
  }
}

/**
 * Decodes JSON text that was put together here (a patched object) as the kind it names, which must be the expected one.
 * Throws DecodeError.
 */
export function decodeAs(text: string, expected: Expected, strict: boolean): Decoded {
  const { decoded, gvk } = decodeAny(Buffer.from(text), 'json', expected, strict, () => undefined);
  // The version of a patched custom resource is judged with the rest of it.
  if (expected.type) checkKind(gvk, expected, []);
  return decoded;
}

/** The 415 of a body in an encoding that the server does not read. */
export function unsupportedBody(customResource = false) {
  const readable = [mediaTypes.json, mediaTypes.yaml, ...(customResource ? [] : [mediaTypes.protobuf])];
  return unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${readable.join(', ')}`);
}

export const strictText = (errors: readonly string[]): string => `strict decoding error: ${errors.join(', ')}`;

/** The YAML error lists its lines; as warnings each is one. */
const warningsOf = (strictError: string): string[] =>
  (strictError.startsWith(yamlErrors) ? strictError.slice(yamlErrors.length).split('\n  ') : [strictError]);
const yamlErrors = 'yaml: unmarshal errors:\n  ';

/**
 * Decodes bytes as the kind they name, `fallback` filling what they leave out. `found` hears the kind before the decode.
 * Throws DecodeError.
 */
function decodeAny(
  bytes: Buffer, encoding: Encoding, fallback: Expected, strict: boolean, found: (gvk: GroupVersionKind) => void,
): { decoded: Decoded; gvk: GroupVersionKind } {
  if (encoding === 'protobuf') {
    const envelope = openEnvelope(bytes);
    const gvk = fill(parseGroupVersion(envelope.apiVersion), envelope.kind, fallback);
    found(gvk);
    const object = decodeMessage(typeFor(gvk, fallback)!, envelope.raw);
    return { decoded: { object: withKind(object, gvk), strictErrors: [], members: 0 }, gvk };
  }
  const text = bytes.toString('utf8');
  const { apiVersion, kind, yaml, json } = readTyped(text, encoding);
  if (!fallback.type && kind === '') throw new DecodeError(`Object 'Kind' is missing in '${text}'`);
  // A custom resource must say its version itself.
  const gvk = fallback.type ? fill(parseGroupVersion(apiVersion), kind, fallback) : { ...parseGroupVersion(apiVersion), kind };
  found(gvk);
  const type = typeFor(gvk, fallback);
  const decoded = json ? decodeJson(type, json, strict) : decodeTree(type, yaml.tree, strict);
  const strictErrors = strict && yaml && yaml.duplicates.length > 0
    ? [yamlErrors + yaml.duplicates.join('\n  '), ...decoded.strictErrors] : decoded.strictErrors;
  if (type) return { decoded: { ...decoded, object: withKind(decoded.object, gvk), strictErrors }, gvk };
  const unknown = fallback.prune?.(decoded.object, gvk.version) ?? [];
  return { decoded: { ...decoded, strictErrors: strict ? [...strictErrors, ...unknown.map((path) => `unknown field "${path}"`)] : [] }, gvk };
}

type TypedSource = { readonly apiVersion: string; readonly kind: string }
  & ({ readonly json: JsonSource; readonly yaml?: undefined } | { readonly json?: undefined; readonly yaml: ReturnType<typeof parseYamlTree> });

/** JSON or YAML text, and the kind that it names (empty where it does not). Throws DecodeError. */
export function readTyped(text: string, encoding: 'json' | 'yaml'): TypedSource {
  if (encoding === 'yaml') {
    const yaml = parseYamlTree(text);
    return { yaml, ...typeMeta(yaml.tree) };
  }
  const json = readBody(text);
  return { json, ...typeMeta(json.value) };
}

function readBody(text: string): JsonSource {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(metaError + error.message);
    throw error;
  }
}

const metaError = "couldn't get version/kind; json parse error: ";
const metaStruct = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** `apiVersion` and `kind` as Go's SimpleMetaFactory finds them. */
function typeMeta(value: unknown): { apiVersion: string; kind: string } {
  if (value === null) return { apiVersion: '', kind: '' };
  if (!isObject(value)) throw new DecodeError(`${metaError}json: cannot unmarshal ${kindOf(value)} into Go value of type ${metaStruct}`);
  const member = (name: string): string => {
    const text = Object.hasOwn(value, name) ? value[name] ?? '' : '';
    if (typeof text === 'string') return text;
    throw new DecodeError(`${metaError}json: cannot unmarshal ${kindOf(text)} into Go struct field .${name} of type string`);
  };
  return { apiVersion: member('apiVersion'), kind: member('kind') };
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}

export function parseGroupVersion(apiVersion: string): { group: string; version: string } {
  if (apiVersion.split('/').length > 2) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  return parseApiVersion(apiVersion);
}

function fill({ group, version }: { group: string; version: string }, kind: string, fallback: GroupVersionKind): GroupVersionKind {
  const named = kind === '' ? fallback.kind : kind;
  if (version === '' && (group === '' || group === fallback.group)) return { group: fallback.group, version: fallback.version, kind: named };
  // The eviction subresource still takes the version that old clients send.
  return group === 'policy' && version === 'v1beta1' && named === 'Eviction' ? { group, version: 'v1', kind: named } : { group, version, kind: named };
}

/** Upstream names the scheme by the line of Go that made it. */
const scheme = '"pkg/api/legacyscheme/scheme.go:30"';

/** The type of the kind that a body names; undefined for a custom resource. */
function typeFor(gvk: GroupVersionKind, expected: Expected): StructType | undefined {
  if (!expected.type) return undefined;
  if (sameKind(gvk, expected)) return expected.type;
  const ref = kinds.get(`${apiVersionOf(gvk)}/${gvk.kind}`);
  if (ref) return structType(ref);
  throw new DecodeError(`no kind ${quote(gvk.kind)} is registered for version ${quote(apiVersionOf(gvk))} in scheme ${scheme}`);
}

/** A registered kind that is not the resource's cannot be converted. Custom resources compare versions only; their kind is validated. */
function checkKind(gvk: GroupVersionKind, expected: Expected, warnings: readonly string[]): void {
  if (expected.type) {
    if (sameKind(gvk, expected)) return;
    if (gvk.kind === expected.kind && internalPackage(gvk.group) === internalPackage(expected.group)) throw otherVersion(gvk, expected);
    throw new DecodeError(`converting (${gvk.version}.${gvk.kind}) to (${internalPackage(expected.group)}.${expected.kind}): unknown conversion`);
  }
  if (gvk.group === expected.group && gvk.version === expected.version) return;
  const error = otherVersion(gvk, expected);
  error.warnings = [...warnings];
  throw error;
}

const otherVersion = (gvk: GroupVersionKind, expected: GroupVersionKind) =>
  badRequest(`the API version in the data (${apiVersionOf(gvk)}) does not match the expected API version (${apiVersionOf(expected)})`);

const sameKind = (a: GroupVersionKind, b: GroupVersionKind): boolean => a.kind === b.kind && a.version === b.version && a.group === b.group;

/** The Go package of a group's internal types: `core`, `apps`, `rbac`. Events live in core. */
function internalPackage(group: string): string {
  return group === '' || group === 'events.k8s.io' ? 'core' : group.split('.', 1)[0]!;
}

function withKind(object: Record<string, unknown>, gvk: GroupVersionKind): Record<string, unknown> {
  const apiVersion = apiVersionOf(gvk);
  if (object['kind'] === gvk.kind && object['apiVersion'] === apiVersion) return object;
  const { kind: _, apiVersion: __, ...rest } = object;
  return asSentLike(object, { kind: gvk.kind, apiVersion, ...rest });
}

const summaryBytes = 30;

/** The start of a body as error texts show it: text when it looks like JSON, hexadecimal otherwise. */
function summary(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const start = bytes.subarray(0, summaryBytes);
  const cut = bytes.length > summaryBytes ? ' ...' : '';
  return (bytes[0] === 0x7b ? start.toString() : start.toString('hex')) + cut;
}
