/** OpenAPI v2: one document for all group versions. */
import type { JsonObject } from '../../lib/json.ts';
import { contentSchema, type SchemaOf } from './bodies.ts';
import { discoveryPathsV2 } from './discovery-documents.ts';
import { codeTexts } from './document-v3.ts';
import { openApiInfo } from './document.ts';
import { Models } from './models.ts';
import { consumedTypes, pathsOf, producedTypes, type Operation, type Parameter, type PublishedResource } from './operations.ts';

/** The document of all that is served. */
export function documentV2(resources: readonly PublishedResource[], schemaOf: SchemaOf): JsonObject {
  const models = new Models('v2');
  const paths = discoveryPathsV2(groupVersionsOf(resources), models);
  for (const resource of resources) {
    for (const { path, operations, shared } of pathsOf(resource)) {
      const methods = operations.map((operation) => [operation.method, operationV2(operation, shared, resource, models, schemaOf)] as const);
      paths[path] = { ...Object.fromEntries(methods), ...(shared.length > 0 ? { parameters: shared.map(parameterV2) } : {}) };
    }
  }
  return {
    swagger: '2.0',
    info: openApiInfo,
    paths: Object.fromEntries(Object.keys(paths).sort().map((path) => [path, paths[path]!])),
    definitions: models.sorted(),
    securityDefinitions: { BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' } },
    security: [{ BearerToken: [] }],
  };
}

/** Of built-in resources: groups of custom ones have no paths of their own here. */
function groupVersionsOf(resources: readonly PublishedResource[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { group, version, type } of resources) {
    if (!type) continue;
    const versions = groups.get(group) ?? new Set();
    groups.set(group, versions.add(version));
  }
  return groups;
}

function operationV2(
  operation: Operation, shared: readonly Parameter[], resource: PublishedResource, models: Models, schemaOf: SchemaOf,
): JsonObject {
  const { gvk, request, response, action } = operation;
  const own = operation.parameters.filter(({ name, in: place }) => !shared.some((other) => other.name === name && other.in === place));
  const schema = (content: Operation['response']) => contentSchema(content, resource, models, schemaOf);
  const body = request === undefined ? []
    : [{ name: 'body', in: 'body', ...(action.startsWith('delete') ? {} : { required: true }), schema: schema(request) }];
  return {
    consumes: consumedTypes(operation, resource),
    produces: producedTypes(operation),
    schemes: ['https'],
    tags: [operation.tag],
    operationId: operation.id,
    ...(body.length + own.length > 0 ? { parameters: [...body, ...own.map(parameterV2)] } : {}),
    responses: Object.fromEntries([
      ...operation.codes.map((code) => [code, { description: codeTexts[code]!, schema: schema(response) }] as const),
      [401, { description: 'Unauthorized' }],
    ]),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...gvk },
  };
}

function parameterV2({ name, in: place, type }: Parameter): JsonObject {
  return { name, in: place, ...(place === 'path' ? { required: true } : {}), type, uniqueItems: true };
}
