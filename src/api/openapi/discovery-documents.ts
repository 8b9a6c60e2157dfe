/** OpenAPI of what is no resource: the lists of groups and resources, the version, the keys of service accounts. */
import { kinds } from '../../schema/kinds.ts';
import { structType } from '../../schema/struct-type.ts';
import type { JsonObject } from '../../lib/json.ts';
import { documentWith } from './document.ts';
import { Models } from './models.ts';
import { capital, tagGroup } from './operations.ts';

interface Endpoint {
  readonly tag: string;
  readonly description: string;
  readonly id: string;
  readonly types: readonly string[];
  /** The kind that is answered; a plain text or an object of its own when it is none. */
  readonly schema: (models: Models) => JsonObject;
}

const discoveryTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const answers = (kind: string) => (models: Models): JsonObject => models.ref(structType(kinds.get(`v1/${kind}`)!));
const text = (): JsonObject => ({ type: 'string' });

const requiredInfo = ['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'];
const optionalInfo = ['emulationMajor', 'emulationMinor', 'minCompatibilityMajor', 'minCompatibilityMinor'];

const versionInfo = (models: Models): JsonObject => models.custom('io.k8s.apimachinery.pkg.version.Info', {
  type: 'object', required: requiredInfo,
  properties: Object.fromEntries([...requiredInfo, ...optionalInfo].sort()
    .map((name) => [name, { type: 'string', ...(models.version === 'v3' && requiredInfo.includes(name) ? { default: '' } : {}) }])),
});

const fixedEndpoints: Readonly<Record<string, Endpoint>> = {
  '.well-known/openid-configuration': {
    tag: 'WellKnown', description: "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
    id: 'getServiceAccountIssuerOpenIDConfiguration', types: ['application/json'], schema: text,
  },
  'api': { tag: 'core', description: 'get available API versions', id: 'getCoreAPIVersions', types: discoveryTypes, schema: answers('APIVersions') },
  'apis': { tag: 'apis', description: 'get available API versions', id: 'getAPIVersions', types: discoveryTypes, schema: answers('APIGroupList') },
  'openid/v1/jwks': {
    tag: 'openid', description: 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)',
    id: 'getServiceAccountIssuerOpenIDKeyset', types: ['application/jwk-set+json'], schema: text,
  },
  'version': {
    tag: 'version', description: 'get the version information for this server', id: 'getCodeVersion', types: ['application/json'], schema: versionInfo,
  },
};

const groupEndpoint = (group: string): Endpoint => ({
  tag: tagGroup(group), description: 'get information of a group', id: `get${capital(tagGroup(group))}APIGroup`, types: discoveryTypes,
  schema: answers('APIGroup'),
});

/** The documents' paths below `/openapi/v3`, where `groups` are the named ones. */
export const discoveryPaths = (groups: readonly string[]): string[] => [...Object.keys(fixedEndpoints), ...groups.map((group) => `apis/${group}`)];

/** The document at one of those paths. */
export function discoveryDocument(path: string): JsonObject {
  const models = new Models('v3');
  const endpoint = fixedEndpoints[path] ?? groupEndpoint(path.slice('apis/'.length));
  return documentWith({ [`/${path}/`]: { get: getOperation(endpoint, models) } }, models);
}

/** `GET /apis/{group}/{version}/`, in the document of that group version. */
export function resourceListPath(group: string, version: string, models: Models): readonly [path: string, item: JsonObject] {
  const [path, endpoint] = resourceListEndpoint(group, version);
  return [path, { get: getOperation(endpoint, models) }];
}

/** All of them as the one document of OpenAPI v2 has them. Groups come with their versions. */
export function discoveryPathsV2(groups: ReadonlyMap<string, ReadonlySet<string>>, models: Models): Record<string, JsonObject> {
  const endpoints: (readonly [path: string, Endpoint])[] = Object.entries(fixedEndpoints).map(([path, endpoint]) => [`/${path}/`, endpoint]);
  for (const [group, versions] of groups) {
    if (group !== '') endpoints.push([`/apis/${group}/`, groupEndpoint(group)]);
    for (const version of versions) endpoints.push(resourceListEndpoint(group, version));
  }
  return Object.fromEntries(endpoints.map(([path, endpoint]) => [path, { get: getOperationV2(endpoint, models) }]));
}

function resourceListEndpoint(group: string, version: string): readonly [path: string, Endpoint] {
  const tag = `${tagGroup(group)}_${version}`;
  const id = `get${capital(tagGroup(group))}${capital(version)}APIResources`;
  const endpoint: Endpoint = { tag, description: 'get available resources', id, types: discoveryTypes, schema: answers('APIResourceList') };
  return [group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`, endpoint];
}

function getOperation({ tag, description, id, types, schema }: Endpoint, models: Models): JsonObject {
  const content = schema(models);
  return {
    tags: [tag], description, operationId: id,
    responses: {
      200: { description: 'OK', content: Object.fromEntries(types.map((type) => [type, { schema: content }])) },
      401: { description: 'Unauthorized' },
    },
  };
}

function getOperationV2({ tag, description, id, types, schema }: Endpoint, models: Models): JsonObject {
  return {
    description, ...(schema === text ? {} : { consumes: [...types] }), produces: [...types], schemes: ['https'], tags: [tag], operationId: id,
    responses: { 200: { description: 'OK', schema: schema(models) }, 401: { description: 'Unauthorized' } },
  };
}
