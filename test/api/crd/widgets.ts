/** A CustomResourceDefinition to test with, and its resources. */
import { TestApi } from '../api-fixture.ts';

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const widgets = '/apis/example.com/v1/namespaces/default/widgets';

export const specSchema = {
  type: 'object', required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 10 },
    color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, port: { type: 'integer', default: 80 } } },
    },
    any: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    nick: { type: 'string', nullable: true, maxLength: 5 },
    replicas: { type: 'integer' },
  },
};

export const version = (name: string, storage: boolean, schema: object = { type: 'object', properties: { spec: specSchema, status: { type: 'object', properties: { phase: { type: 'string' } } } } }) => ({
  name, served: true, storage, schema: { openAPIV3Schema: schema }, subresources: { status: {} },
});

export const definition = (versions: readonly object[] = [version('v1', true)], plural = 'widgets') => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.example.com` },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural, kind: 'Widget' }, versions },
});

export const widget = (name: string, spec: object, more: object = {}) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec, ...more });

/** An API that serves widgets. */
export function apiWithWidgets(...versions: readonly object[]): TestApi {
  const api = new TestApi();
  const created = api.call('POST', definitions, definition(versions.length > 0 ? versions : undefined));
  if (created.status !== 201) throw new Error(created.text);
  api.clock.runDue();
  return api;
}
