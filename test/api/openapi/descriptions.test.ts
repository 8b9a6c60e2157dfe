import { describe, expect, it } from 'vitest';
import { allTexts, commonTexts } from '../../../src/api/openapi/descriptions/texts.ts';
import { OpenApi, type Published } from '../../../src/api/openapi/openapi.ts';
import { Models } from '../../../src/api/openapi/models.ts';
import { specialModels } from '../../../src/api/openapi/special-models.ts';
import type { PublishedResource } from '../../../src/api/openapi/operations.ts';
import { isObject, type JsonObject } from '../../../src/lib/json.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

type Properties = Record<string, JsonObject>;

/** Every model that a built-in kind refers to. */
function allModels(version: 'v2' | 'v3'): ReadonlyMap<string, JsonObject> {
  const models = new Models(version);
  for (const kind of kinds.values()) if (structType(kind).meta.model) models.ref(structType(kind));
  return models.all;
}

const textsOf = (model: JsonObject): unknown[] =>
  [model['description'], ...Object.values((model['properties'] ?? {}) as Properties).map((property) => property['description'])];

const podsAndWidgets: Published = {
  generation: 1,
  groups: () => [{ group: '', versions: ['v1'] }, { group: 'example.com', versions: ['v1'] }],
  resources: (group): PublishedResource[] => (group === ''
    ? [{
      group, version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true, facts: { verbs: ['get', 'list'] }, subresources: new Map(),
      type: structType(kinds.get('v1/Pod')!),
    }]
    : [{ group, version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true, facts: { verbs: ['get', 'list'] }, subresources: new Map() }]),
};

describe('descriptions', () => {
  it('are about types and fields that exist', () => {
    const models = allModels('v3');
    const unknown = [...allTexts()].flatMap(([name, [, fields]]) => {
      const model = models.get(name);
      if (!model) return [name];
      return Object.keys(fields).filter((field) => !(field in (model['properties'] as object))).map((field) => `${name}.${field}`);
    });
    expect(unknown).toEqual([]);
  });

  it('leave out no field of a type that has one', () => {
    const models = allModels('v3');
    const silent = [...allTexts().keys()].flatMap((name) => Object.entries(models.get(name)!['properties'] as Properties)
      .filter(([, property]) => property['description'] === undefined).map(([field]) => `${name}.${field}`));
    expect(silent).toEqual([]);
  });

  it('are one plain sentence', () => {
    const texts = [
      ...[...allTexts().values()].flatMap(([own, fields]) => [own, ...Object.values(fields)]),
      ...Object.values(commonTexts), ...Object.values(specialModels).map(({ text }) => text),
    ];
    expect(texts.filter((text) => !/^[A-Z][^\n]{1,198}\.$/.test(text) || /\. [A-Z]/.test(text))).toEqual([]);
    expect(texts.length).toBeGreaterThan(900);
  });

  it('come first in OpenAPI v3, also beside a wrapped reference', () => {
    const podSpec = allModels('v3').get('io.k8s.api.core.v1.PodSpec')!;
    expect(Object.keys(podSpec)[0]).toBe('description');
    expect(JSON.stringify((podSpec['properties'] as Properties)['affinity'])).toBe(
      '{"description":"Which nodes, and which other Pods, the Pod prefers or needs to be near to or away from.",'
      + '"allOf":[{"$ref":"#/components/schemas/io.k8s.api.core.v1.Affinity"}]}');
  });

  it('are the same in OpenAPI v2', () => {
    const v2 = allModels('v2');
    for (const [name, model] of allModels('v3')) expect([name, textsOf(v2.get(name)!)]).toEqual([name, textsOf(model)]);
  });

  it('leave references bare where upstream does', () => {
    const { metadata } = allModels('v3').get('io.k8s.api.certificates.v1.CertificateSigningRequest')!['properties'] as Properties;
    expect(metadata).toEqual({ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', default: {} });
  });
});

describe('documents', () => {
  const openApi = new OpenApi(podsAndWidgets, () => ({ type: 'object', description: 'A widget.', properties: { spec: { type: 'object' } } }));
  const schemas = (path: string) => (JSON.parse(openApi.v3(path)!.json) as { components: { schemas: Record<string, JsonObject> } }).components.schemas;

  it('say what kubectl explain pod.spec.containers prints', () => {
    const { description, properties } = schemas('api/v1')['io.k8s.api.core.v1.PodSpec']!;
    expect(description).toBe('What is wanted of a Pod: its containers, and how and where they run.');
    expect((properties as Properties)['containers']!['description']).toBe('The containers of the Pod, at least one; they cannot be added or removed later.');
    expect(schemas('api/v1')['io.k8s.api.core.v1.PodList']!['description']).toBe('A list of objects of the kind Pod.');
  });

  it('say of custom resources what their definitions do, and of common members what all do', () => {
    const widget = schemas('apis/example.com/v1')['com.example.v1.Widget']!;
    expect(widget['description']).toBe('A widget.');
    expect(Object.entries(widget['properties'] as Properties).filter(([, property]) => isObject(property) && 'description' in property).map(([name]) => name))
      .toEqual(['apiVersion', 'kind', 'metadata']);
    expect(textsOf(schemas('apis/example.com/v1')['com.example.v1.WidgetList']!)).not.toContain(undefined);
  });

  it('have them in protobuf', () => {
    expect(Buffer.from(openApi.v2Protobuf()).includes('What is wanted of a Pod: its containers, and how and where they run.')).toBe(true);
  });
});
