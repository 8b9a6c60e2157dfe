import { expect, test } from 'vitest';
import { applyPatch } from '../../../src/api/apply/apply.ts';
import { customResourceType } from '../../../src/api/apply/json-schema-model.ts';
import { updateManagedFields } from '../../../src/api/apply/ownership.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import type { KubeObject } from '../../../src/schema/objects.ts';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        any: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        list: { type: 'array', items: { type: 'string' } },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        template: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
        ports: {
          type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: { type: 'object', properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } } },
        },
      },
    },
  },
};
const gvk = { group: 'example.com', version: 'v1', kind: 'Widget' };
const kind = { type: customResourceType(schema), apiVersion: 'example.com/v1', subresource: '', now: 0 };
const widget = (spec: object): KubeObject => deepFreeze({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec });

function apply(spec: object, live?: KubeObject, manager = 'm'): KubeObject {
  const { object, managedFields } = applyPatch({ ...kind, gvk, live, applied: { ...widget(spec) }, manager, force: false });
  return deepFreeze({ ...object, metadata: { ...object.metadata, ...(managedFields ? { managedFields } : {}) } });
}

test('lists and maps are owned as the schema says', () => {
  const applied = apply({
    size: 1, any: '50%', tags: ['x'], list: ['a'], whole: { k: 'v' }, map: { k: 'v' }, ports: [{ port: 80 }], free: { x: { y: [1] } },
    template: { metadata: { finalizers: ['f'] }, more: { z: 1 } },
  });
  expect(applied.metadata.managedFields![0]!.fieldsV1).toEqual({
    'f:spec': {
      'f:any': {}, 'f:free': { 'f:x': { '.': {}, 'f:y': {} } }, 'f:list': {}, 'f:map': { 'f:k': {} },
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } }, 'f:size': {}, 'f:tags': { 'v:"x"': {} },
      'f:template': { 'f:metadata': { 'f:finalizers': { 'v:"f"': {} } }, 'f:more': { '.': {}, 'f:z': {} } },
      'f:whole': {},
    },
  });
});

test('managers share lists, and a member that nobody owns any more goes', () => {
  const first = apply({ size: 1, tags: ['x'], ports: [{ port: 80 }] });
  const both = apply({ tags: ['y'], ports: [{ port: 80, protocol: 'UDP' }] }, first, 'n');
  expect(both['spec']).toEqual({ size: 1, tags: ['x', 'y'], ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }] });
  expect(apply({}, both)['spec']).toEqual({ tags: ['y'], ports: [{ port: 80, protocol: 'UDP' }] });
});

test('undeclared members are refused unless the schema keeps them', () => {
  expect(() => apply({ bogus: 1 })).toThrow('failed to create typed patch object (/w; example.com/v1, Kind=Widget): .spec.bogus: field not declared in schema');
  expect(() => apply({ ports: [{}, { protocol: 'TCP' }] }))
    .toThrow('.spec.ports: duplicate entries for key [protocol="TCP"]');
  expect(apply({ template: { bogus: 1 } })['spec']).toEqual({ template: { bogus: 1 } });
});

test('a create owns every level, for nothing is there before', () => {
  const next = widget({ size: 1, map: {} });
  expect(updateManagedFields({ ...kind, live: undefined, next, manager: 'c' })![0]!.fieldsV1)
    .toEqual({ 'f:spec': { '.': {}, 'f:map': {}, 'f:size': {} } });
});

test('items that cannot be told apart leave the object without managedFields', () => {
  const items = { type: 'object', properties: { k: { type: 'string' } } };
  const list = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'], items };
  const noKeys = customResourceType({ type: 'object', properties: { l: list } });
  const next = deepFreeze({ ...widget({}), l: [{}] });
  expect(updateManagedFields({ ...kind, type: noKeys, live: undefined, next, manager: 'c' })).toBe(undefined);
});
