import { describe, expect, it } from 'vitest';
import { apiWithWidgets, specSchema, version, widget, widgets } from './widgets.ts';

describe('A custom resource', () => {
  it('is pruned with warnings, defaulted and written with sorted keys', () => {
    const api = apiWithWidgets();
    const created = api.call('POST', widgets, widget('a', { size: 2, bogus: 1, free: { x: 1 }, ports: [{ name: 'p', y: 1 }] }, { extra: 1 }));
    expect(created.headers['warning']).toEqual(['extra', 'spec.bogus', 'spec.ports[0].y'].map((path) => `299 - "unknown field \\"${path}\\""`));
    expect(created.body).toMatchObject({ spec: { color: 'red', free: { x: 1 }, ports: [{ name: 'p', port: 80 }], size: 2 } });
    expect(created.body).not.toHaveProperty('extra');
    expect(Object.keys(created.body)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  it('is refused for unknown members under strict validation', () => {
    const api = apiWithWidgets();
    expect(api.call('POST', `${widgets}?fieldValidation=Strict`, { ...widget('a', { size: 2, bogus: 1 }), metadata: { name: 'a', odd: 1 } }).body).toMatchObject({
      code: 400,
      message: 'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "metadata.odd", unknown field "spec.bogus"',
    });
  });

  it.each([
    [{ size: 0 }, 'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    [{ size: 'x' }, 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    [{}, 'spec.size: Required value'],
    [{ size: 1, color: 'green' }, 'spec.color: Unsupported value: "green": supported values: "red", "blue"'],
    [{ size: 1, nick: 'toolong' }, 'spec.nick: Too long: may not be more than 5 bytes'],
    [{ size: 1, any: true }, 'spec.any: Invalid value: "boolean": spec.any in body must be of type integer,string: "boolean"'],
    [{ size: 1, tags: ['a', 'a'] }, 'spec.tags[1]: Duplicate value: "a"'],
    [{ size: 1, ports: [{ name: 'p' }, { name: 'p' }] }, 'spec.ports[1]: Duplicate value: {"name":"p"}'],
  ])('is refused for %j', (spec, text) => {
    const api = apiWithWidgets();
    expect(api.call('POST', widgets, widget('a', spec)).body).toMatchObject({ code: 422, message: `Widget.example.com "a" is invalid: ${text}` });
  });

  it('may stay wrong where an update leaves it alone', () => {
    const lax = version('v1', true, { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' }, color: { type: 'string' } } } } });
    const api = apiWithWidgets(lax);
    api.call('POST', widgets, widget('a', { size: 99, color: 'red' }));
    api.patch('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com', { spec: { versions: [version('v1', true)] } });
    api.clock.runDue();
    expect(api.patch(`${widgets}/a`, { spec: { color: 'blue' } }).status).toBe(200);
    expect(api.patch(`${widgets}/a`, { spec: { size: 98 } }).status).toBe(422);
  });

  it('keeps status and the rest apart, and raises its generation with the rest', () => {
    const api = apiWithWidgets();
    api.call('POST', widgets, widget('a', { size: 1 }, { status: { phase: 'no' } }));
    const byStatus = api.patch(`${widgets}/a/status`, { status: { phase: 'Up' }, spec: { size: 9 } });
    expect(byStatus.body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 }, status: { phase: 'Up' } });
    expect(api.patch(`${widgets}/a`, { status: null, spec: { size: 2 } }).body)
      .toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 }, status: { phase: 'Up' } });
  });

  it('may have finalizers without a domain, with a warning', () => {
    const api = apiWithWidgets();
    const { status, headers } = api.call('POST', widgets, { ...widget('a', { size: 1 }), metadata: { name: 'a', finalizers: ['mine'] } });
    expect([status, headers['warning']]).toEqual([201, ['299 - "metadata.finalizers: \\"mine\\": prefer a domain-qualified finalizer name '
      + 'to avoid accidental conflicts with other finalizer writers"']]);
  });

  it('is had in every served version', () => {
    const api = apiWithWidgets(version('v1', true), version('v2', false, { type: 'object', properties: {
      spec: { type: 'object', properties: { size: { type: 'integer' }, extra: { type: 'string', default: 'x' } } },
    } }));
    api.call('POST', widgets, widget('a', { size: 1 }));
    const inV2 = api.call('GET', '/apis/example.com/v2/namespaces/default/widgets/a').body;
    expect(inV2).toMatchObject({ apiVersion: 'example.com/v2', spec: { extra: 'x', size: 1 } });
    expect(inV2['spec']).not.toHaveProperty('color');
  });

  it('is scaled where its definition says', () => {
    const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
    const api = apiWithWidgets({ ...version('v1', true), subresources: { scale } });
    api.call('POST', widgets, widget('a', { size: 1 }));
    expect(api.call('GET', `${widgets}/a/scale`).body).toMatchObject({ code: 500, message: 'Internal error occurred: the spec replicas field ".spec.replicas" does not exist' });
    expect(api.patch(`${widgets}/a/scale`, { spec: { replicas: 3 } }).body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { replicas: 0 } });
    expect(api.call('GET', `${widgets}/a`).body).toMatchObject({ spec: { replicas: 3, size: 1 } });
  });

  it('says its version itself, and has metadata that are an object and numbers that fit', () => {
    const api = apiWithWidgets(version('v1', true), version('v2', false));
    const answer = (body: object | string) => api.call('POST', widgets, body).body['message'];
    expect(answer({ kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1 } }))
      .toBe('the API version in the data () does not match the expected API version (example.com/v1)');
    expect(answer({ ...widget('a', { size: 1 }), metadata: 'str' }))
      .toBe('Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal string into Go value of type v1.ObjectMeta');
    expect(answer(JSON.stringify(widget('a', { size: 1, free: { x: 0 } })).replace('"x":0', '"x":1e400')))
      .toBe('Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number 1e400 into Go value of type float64');
    api.call('POST', widgets, widget('a', { size: 1 }));
    const v2 = '/apis/example.com/v2/namespaces/default/widgets/a';
    for (const [path, expected] of [[`${widgets}/a`, 'v1'], [v2, 'v2']] as const) {
      expect(api.patch(path, { apiVersion: 'example.com/v9' }).body['message'])
        .toBe(`Widget.example.com "a" is invalid: apiVersion: Invalid value: "example.com/v9": must be example.com/${expected}`);
    }
  });

  it('is selected by the fields that its definition names, and patched by no strategic patch', () => {
    const api = apiWithWidgets({ ...version('v1', true), selectableFields: [{ jsonPath: '.spec.color' }] });
    api.call('POST', widgets, widget('a', { size: 1 }));
    api.call('POST', widgets, widget('b', { size: 1, color: 'blue' }));
    const { items } = api.call('GET', `${widgets}?fieldSelector=spec.color%3Dblue`).body as unknown as { items: { metadata: { name: string } }[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(api.patch(`${widgets}/a`, {}, 'strategic-merge-patch+json').status).toBe(415);
  });

  it('follows CEL rules, those about changes on updates only', () => {
    const rules = [
      { rule: '!has(self.replicas) || self.replicas <= self.size', message: 'too many' },
      { rule: 'self.size >= oldSelf.size', messageExpression: '"not below %d".format([oldSelf.size])', reason: 'FieldValueForbidden' },
    ];
    const api = apiWithWidgets(version('v1', true, { type: 'object', properties: { spec: { ...specSchema, 'x-kubernetes-validations': rules } } }));
    expect(api.call('POST', widgets, widget('a', { size: 1, replicas: 2 })).body).toMatchObject({ message: 'Widget.example.com "a" is invalid: spec: Invalid value: too many' });
    expect(api.call('POST', widgets, widget('a', { size: 5 })).status).toBe(201);
    expect(api.patch(`${widgets}/a`, { spec: { size: 4 } }).body).toMatchObject({ message: 'Widget.example.com "a" is invalid: spec: Forbidden: not below 5' });
  });
});
