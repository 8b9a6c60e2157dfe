/** OpenAPI v3: one document for each group version. */
import type { JsonObject } from '../../lib/json.ts';
import type { GroupVersionKind } from '../../schema/objects.ts';
import { resourceListPath } from './discovery-documents.ts';
import { documentWith } from './document.ts';
import { contentSchema, type SchemaOf } from './bodies.ts';
import { Models } from './models.ts';
import { consumedTypes, pathsOf, producedTypes, type Operation, type Parameter, type PublishedResource } from './operations.ts';

/** The document of a group version that serves `resources`. */
export function documentV3(groupVersion: Omit<GroupVersionKind, 'kind'>, resources: readonly PublishedResource[], schemaOf: SchemaOf): JsonObject {
  const models = new Models('v3');
  const paths: Record<string, JsonObject> = {};
  for (const resource of resources) {
    for (const { path, operations, shared } of pathsOf(resource)) {
      const methods = operations.map((operation) => [operation.method, operationV3(operation, shared, resource, models, schemaOf)] as const);
      paths[path] = { ...Object.fromEntries(methods), ...(shared.length > 0 ? { parameters: shared.map(parameterV3) } : {}) };
    }
  }
  if (resources.some(({ type }) => type)) {
    const [path, item] = resourceListPath(groupVersion.group, groupVersion.version, models);
    paths[path] = item;
  }
  addOwnKinds(models, groupVersion);
  return documentWith(paths, models);
}

function operationV3(
  operation: Operation, shared: readonly Parameter[], resource: PublishedResource, models: Models, schemaOf: SchemaOf,
): JsonObject {
  const { gvk, request, response, action } = operation;
  const own = operation.parameters.filter(({ name, in: place }) => !shared.some((other) => other.name === name && other.in === place));
  const content = (types: readonly string[], part: Operation['response']): JsonObject => {
    const schema = contentSchema(part, resource, models, schemaOf);
    return Object.fromEntries(types.map((type) => [type, { schema }]));
  };
  const required = action.startsWith('delete') ? {} : { required: true };
  return {
    tags: [operation.tag],
    operationId: operation.id,
    ...(own.length > 0 ? { parameters: own.map(parameterV3) } : {}),
    ...(request === undefined ? {} : { requestBody: { content: content(consumedTypes(operation, resource), request), ...required } }),
    responses: Object.fromEntries([
      ...operation.codes.map((code) => [code, { description: codeTexts[code]!, content: content(producedTypes(operation), response) }] as const),
      [401, { description: 'Unauthorized' }],
    ]),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...gvk },
  };
}

export const codeTexts: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

function parameterV3({ name, in: place, type }: Parameter): JsonObject {
  return { name, in: place, ...(place === 'path' ? { required: true } : {}), schema: { type, uniqueItems: true } };
}

/** DeleteOptions and WatchEvents are registered in every group version; a document names its own. */
function addOwnKinds(models: Models, { group, version }: Omit<GroupVersionKind, 'kind'>): void {
  if (group === '' && version === 'v1') return;
  for (const kind of ['DeleteOptions', 'WatchEvent']) {
    const model = models.all.get(`io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`);
    if (model) model['x-kubernetes-group-version-kind'] = [...model['x-kubernetes-group-version-kind'] as JsonObject[], { group, kind, version }];
  }
}
