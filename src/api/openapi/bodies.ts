/** Which model stands for the content of a body. */
import type { Json, JsonObject } from '../../lib/json.ts';
import { ObjectMeta, ListMeta } from '../../schema/meta/v1.ts';
import { kinds } from '../../schema/kinds.ts';
import { apiVersionOf, type GroupVersionKind } from '../../schema/objects.ts';
import { structType } from '../../schema/struct-type.ts';
import { commonTexts, listText } from './descriptions/texts.ts';
import { withoutV3, type Models } from './models.ts';
import type { Content, PublishedResource } from './operations.ts';
import { patchModel } from './special-models.ts';

/** The OpenAPI v3 schema of a custom resource. */
export type SchemaOf = (resource: PublishedResource) => JsonObject | undefined;

/** A schema (mostly a reference) for a body of one of the resource's operations. */
export function contentSchema(content: Content, resource: PublishedResource, models: Models, schemaOf: SchemaOf): JsonObject {
  if (content === 'text') return { type: 'string' };
  if (content === 'patch') return models.special(patchModel);
  if (typeof content === 'object') return models.ref(content);
  if (resource.type) return content === 'object' ? models.ref(resource.type) : models.ref(listType(resource));
  const object = customModel(resource, models, schemaOf);
  return content === 'object' ? object : customListModel(resource, object, models);
}

function listType(resource: PublishedResource) {
  return structType(kinds.get(`${apiVersionOf(resource)}/${resource.kind}List`)!);
}

function customModel(resource: PublishedResource, models: Models, schemaOf: SchemaOf): JsonObject {
  const name = modelName(resource, resource.kind);
  if (models.all.has(name)) return models.refTo(name);
  const schema = schemaOf(resource) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const { properties, ...rest } = (models.version === 'v2' ? withoutV3(schema) : schema) as { properties?: JsonObject };
  const meta = models.ref(structType(ObjectMeta));
  return models.custom(name, {
    ...rest, type: 'object',
    properties: { ...properties, ...typeMeta, metadata: models.described(meta, commonTexts.objectMeta) },
    'x-kubernetes-group-version-kind': [gvkJson(resource, resource.kind)],
  });
}

const typeMeta: JsonObject = {
  apiVersion: { description: commonTexts.apiVersion, type: 'string' }, kind: { description: commonTexts.kind, type: 'string' },
};

function customListModel(resource: PublishedResource, items: JsonObject, models: Models): JsonObject {
  const kind = `${resource.kind}List`;
  const meta = models.ref(structType(ListMeta));
  return models.custom(modelName(resource, kind), {
    description: listText(resource.kind), type: 'object', required: ['items'],
    properties: {
      ...typeMeta, items: { description: commonTexts.items, type: 'array', items }, metadata: models.described(meta, commonTexts.listMeta),
    },
    'x-kubernetes-group-version-kind': [gvkJson(resource, kind)],
  });
}

/** `example.com/v1 Widget` → `com.example.v1.Widget`. */
function modelName({ group, version }: GroupVersionKind, kind: string): string {
  return [...group.split('.').toReversed(), version, kind].join('.');
}

const gvkJson = ({ group, version }: GroupVersionKind, kind: string): Json => ({ group, kind, version });
