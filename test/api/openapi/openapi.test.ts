import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { answerOpenApi, type OpenApiRequest } from '../../../src/api/openapi/answer.ts';
import { gnosticMediaType, OpenApi, type Published } from '../../../src/api/openapi/openapi.ts';
import type { PublishedResource } from '../../../src/api/openapi/operations.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import type { SubresourceFacts } from '../../../src/schema/resource-facts.ts';
import { groups } from '../../../src/schema/resources.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const everyVerb = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function resource(group: string, version: string, name: string): PublishedResource {
  const facts = groups.find((one) => one.group === group)!.versions.find((one) => one.version === version)!.resources
    .find((one) => one.resource === name)!;
  const type = structType(kinds.get(`${group === '' ? '' : `${group}/`}${version}/${facts.kind}`)!);
  return {
    group, version, kind: facts.kind, resource: name, namespaced: facts.namespaced, facts, type,
    subresources: new Map((facts.subresources ?? []).map((one) => [one.name, one])),
  };
}

const widgets: PublishedResource = {
  group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true, facts: { verbs: everyVerb },
  subresources: new Map<string, SubresourceFacts>(),
};

class Catalogue implements Published {
  generation = 1;
  served = [resource('', 'v1', 'pods'), resource('apps', 'v1', 'deployments')];

  groups() {
    return [...new Set(this.served.map(({ group }) => group))].map((group) => ({ group, versions: ['v1'] }));
  }

  resources(group: string) {
    return this.served.filter((one) => one.group === group);
  }
}

interface AnyDocument {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, Record<string, unknown>> };
  definitions: Record<string, Record<string, unknown>>;
}
const parsed = (json: string): AnyDocument => JSON.parse(json) as AnyDocument;

describe('OpenAPI v3', () => {
  const document = parsed(new OpenApi(new Catalogue()).v3('api/v1')!.json);

  it('says of members what clients merge and validate by', () => {
    const { containers, nodeSelector, restartPolicy } = document.components.schemas['io.k8s.api.core.v1.PodSpec']!['properties'] as Record<string, unknown>;
    expect(containers).toEqual({
      description: 'The containers of the Pod, at least one; they cannot be added or removed later.', type: 'array', items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }], default: {} },
      'x-kubernetes-list-map-keys': ['name'], 'x-kubernetes-list-type': 'map', 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge',
    });
    expect(nodeSelector).toEqual({
      description: 'Labels that a node has to have for the Pod to run on it.',
      type: 'object', additionalProperties: { type: 'string', default: '' }, 'x-kubernetes-map-type': 'atomic',
    });
    expect(restartPolicy).toEqual({
      description: 'When containers that ended are started again: Always, OnFailure or Never; Always unless said otherwise.',
      type: 'string', enum: ['Always', 'Never', 'OnFailure'],
    });
  });

  it('names the kind of a model and what it requires', () => {
    const { schemas } = document.components;
    expect(schemas['io.k8s.api.core.v1.Pod']!['x-kubernetes-group-version-kind']).toEqual([{ group: '', kind: 'Pod', version: 'v1' }]);
    expect(schemas['io.k8s.api.core.v1.ContainerPort']!['required']).toEqual(['containerPort']);
    expect(schemas['io.k8s.apimachinery.pkg.api.resource.Quantity']).toEqual({
      description: 'An amount with an optional unit, for example 500m, 2 or 128Mi.', oneOf: [{ type: 'string' }, { type: 'number' }],
    });
  });

  it('lets kubectl see that a patch may be validated by the server', () => {
    const patch = document.paths['/api/v1/namespaces/{namespace}/pods/{name}']!['patch']!;
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: '', kind: 'Pod', version: 'v1' });
    expect((patch['parameters'] as { name: string }[]).map(({ name }) => name)).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force']);
    expect(patch['operationId']).toBe('patchCoreV1NamespacedPod');
  });

  it('has no reference that leads nowhere', () => {
    const { schemas } = document.components;
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(names.filter((name) => !schemas[name])).toEqual([]);
    expect(names.length).toBeGreaterThan(300);
  });

  it('lists DeleteOptions under the group version of the document too', () => {
    const apps = parsed(new OpenApi(new Catalogue()).v3('apis/apps/v1')!.json);
    expect(apps.components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']!['x-kubernetes-group-version-kind'])
      .toEqual([{ group: '', kind: 'DeleteOptions', version: 'v1' }, { group: 'apps', kind: 'DeleteOptions', version: 'v1' }]);
  });

  it('shows custom resources when they come, under new hashes', () => {
    const catalogue = new Catalogue();
    const openApi = new OpenApi(catalogue, () => Type.Object({ spec: Type.Object({ size: Type.Integer() }) }) as never);
    const before = openApi.index() as { paths: Record<string, unknown> };
    catalogue.served.push(widgets);
    catalogue.generation++;
    const after = openApi.index() as { paths: Record<string, unknown> };
    expect(Object.keys(after.paths)).toEqual([...Object.keys(before.paths), 'apis/example.com/v1'].sort());
    expect(after.paths['api/v1']).toEqual(before.paths['api/v1']);
    const widget = parsed(openApi.v3('apis/example.com/v1')!.json).components.schemas['com.example.v1.Widget']!;
    expect(Object.keys(widget['properties'] as object).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(widget['x-kubernetes-group-version-kind']).toEqual([{ group: 'example.com', kind: 'Widget', version: 'v1' }]);
  });
});

describe('OpenAPI v2', () => {
  it('refers plainly and has no defaults', () => {
    const document = parsed(new OpenApi(new Catalogue()).v2().json);
    expect((document.definitions['io.k8s.api.core.v1.Pod']!['properties'] as Record<string, unknown>)['spec'])
      .toEqual({ $ref: '#/definitions/io.k8s.api.core.v1.PodSpec', description: 'What is wanted of the Pod.' });
    expect(JSON.stringify(document.definitions)).not.toContain('"default":""');
  });

  it('is a gnostic document in protobuf', () => {
    const bytes = Buffer.from(new OpenApi(new Catalogue()).v2Protobuf());
    expect(bytes.subarray(0, 5)).toEqual(Buffer.from('\x0a\x032.0'));
    expect(bytes.includes('x-kubernetes-patch-merge-key')).toBe(true);
    expect(bytes.includes('[{"group":"","kind":"Pod","version":"v1"}]\n')).toBe(true);
  });
});

describe('answerOpenApi', () => {
  const openApi = new OpenApi(new Catalogue());
  const ask = (path: string, more: Partial<OpenApiRequest> = {}) => {
    const { status, headers, body } = answerOpenApi(openApi, { path, hash: undefined, accept: undefined, ifNoneMatch: undefined, nowMs: 0, ...more });
    return { status, headers, bytes: body.length };
  };

  it('serves the index as what Go guesses it to be', () => {
    expect(ask('v3')).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });

  it('lets a document with its hash be kept for a year and sends old hashes on', () => {
    const { hash } = openApi.v3('apis/apps/v1')!;
    expect(ask('v3/apis/apps/v1', { hash }).headers).toEqual({
      'content-type': 'application/json', etag: `"${hash}"`, vary: 'Accept', 'cache-control': 'public, immutable', expires: 'Fri, 01 Jan 1971 00:00:00 GMT',
    });
    expect(ask('v3/apis/apps/v1', { hash: 'OLD' })).toEqual({ status: 301, headers: { location: `/openapi/v3/apis/apps/v1?hash=${hash}` }, bytes: 0 });
    expect(ask('v3/apis/apps/v1', { ifNoneMatch: `"${hash}"` })).toMatchObject({ status: 304, bytes: 0 });
  });

  it('negotiates OpenAPI v2', () => {
    expect(ask('v2', { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }).headers['content-type']).toBe(gnosticMediaType);
    expect(ask('v2', { accept: 'text/html, */*' }).headers['content-type']).toBe('application/json');
    expect(ask('v2', { accept: 'image/png' })).toEqual({ status: 406, headers: {}, bytes: 0 });
  });

  it('does not know other paths', () => {
    expect(ask('v3/apis/nope/v1').status).toBe(404);
  });
});
