import { describe, expect, it } from 'vitest';
import { TestApi } from '../api-fixture.ts';
import { apiWithWidgets, definition, definitions, version, widget, widgets } from './widgets.ts';

interface Status { conditions: { type: string; status: string; reason: string }[]; storedVersions: string[] }

const conditions = (api: TestApi, name: string): string[] => {
  const { status } = api.call('GET', `${definitions}/${name}`).body as unknown as { status: Status };
  return status.conditions.map((condition) => `${condition.type}=${condition.status} ${condition.reason}`);
};
const causes = (api: TestApi, body: object): string[] => {
  const { body: answer } = api.call('POST', definitions, body) as unknown as { body: { details: { causes: { field: string; message: string }[] } } };
  return answer.details.causes.map(({ field, message }) => `${field}: ${message}`);
};
const withSchema = (schema: object) => definition([version('v1', true, schema)]);

describe('A CustomResourceDefinition', () => {
  it('is served once its names are accepted, in discovery too', () => {
    const api = new TestApi();
    api.call('POST', definitions, definition());
    expect(api.call('GET', widgets).status).toBe(404);
    api.clock.runDue();
    expect(conditions(api, 'widgets.example.com')).toEqual(['NamesAccepted=True NoConflicts', 'Established=True InitialNamesAccepted']);
    expect(api.call('GET', widgets).body).toEqual({ apiVersion: 'example.com/v1', items: [], kind: 'WidgetList', metadata: { continue: '', resourceVersion: expect.any(String) as string } });
    expect((api.call('GET', '/apis/example.com/v1').body as unknown as { resources: { name: string }[] }).resources.map(({ name }) => name))
      .toEqual(['widgets', 'widgets/status']);
  });

  it('waits for names that another one of its group has', () => {
    const api = apiWithWidgets();
    api.call('POST', definitions, definition(undefined, 'widgets2'));
    api.clock.runDue();
    expect(conditions(api, 'widgets2.example.com')).toEqual(['NamesAccepted=False ListKindConflict', 'Established=False NotAccepted']);
    api.call('DELETE', `${definitions}/widgets.example.com`);
    api.clock.runDue();
    expect(conditions(api, 'widgets2.example.com')).toEqual(['NamesAccepted=True NoConflicts', 'Established=True InitialNamesAccepted']);
  });

  it('takes its resources along when it is deleted, and waits for their finalizers', () => {
    const api = apiWithWidgets();
    api.call('POST', widgets, widget('a', { size: 1 }));
    api.call('POST', widgets, { ...widget('b', { size: 1 }), metadata: { name: 'b', finalizers: ['example.com/hold'] } });
    const { body } = api.call('DELETE', `${definitions}/widgets.example.com`);
    expect(body.metadata['finalizers']).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    api.clock.runDue();
    expect(api.call('GET', `${widgets}/a`).status).toBe(404);
    expect(conditions(api, 'widgets.example.com').at(-1)).toBe('Terminating=True InstanceDeletionInProgress');
    api.patch(`${widgets}/b`, { metadata: { finalizers: null } });
    api.clock.advance(5000);
    expect(api.call('GET', `${definitions}/widgets.example.com`).status).toBe(404);
    expect(api.call('GET', widgets)).toMatchObject({ status: 404, text: '404 page not found\n' });
  });

  it('remembers every version that was stored, and prefers the most mature one', () => {
    const api = apiWithWidgets(version('v1beta1', true));
    api.patch(`${definitions}/widgets.example.com`, { spec: { versions: [version('v1beta1', false), version('v1', true), version('v2alpha1', false)] } });
    api.clock.runDue();
    const { status } = api.call('GET', `${definitions}/widgets.example.com`).body as unknown as { status: Status };
    expect(status.storedVersions).toEqual(['v1beta1', 'v1']);
    expect(api.call('GET', '/apis/example.com').body).toMatchObject({
      versions: [{ version: 'v1' }, { version: 'v1beta1' }, { version: 'v2alpha1' }], preferredVersion: { version: 'v1' },
    });
  });

  it('is refused for schemas that are not structural', () => {
    const api = new TestApi();
    const path = 'spec.validation.openAPIV3Schema';
    expect(causes(api, withSchema({ type: 'object', properties: { spec: { properties: {} }, list: { type: 'array' } } }))).toEqual([
      `${path}.properties[list].items: Required value: must be specified`,
      `${path}.properties[spec].type: Required value: must not be empty for specified object fields`,
    ]);
    expect(causes(api, withSchema({ type: 'object', properties: { a: { type: 'string', anyOf: [{ type: 'string' }] } } }))).toEqual([
      `${path}.properties[a].anyOf[0].type: Forbidden: must be empty to be structural`,
    ]);
    expect(causes(api, withSchema({ type: 'object', properties: { a: { type: 'integer', default: 'x' } } }))).toEqual([
      `${path}.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ]);
  });

  it('is refused by name for what is not emulated', () => {
    const api = new TestApi();
    const webhook = definition();
    Object.assign(webhook.spec, { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } });
    expect(api.call('POST', definitions, webhook)).toMatchObject({ status: 501 });
  });
});
