import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPatch, type ApplyRequest } from '../../../src/api/apply/apply.ts';
import { updateManagedFields, withStoredTimes } from '../../../src/api/apply/ownership.ts';
import { objectTypeOf } from '../../../src/api/apply/type-model.ts';
import { ApiError } from '../../../src/api/errors.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { Pod, ServiceAccount } from '../../../src/schema/core/v1.ts';
import type { KubeObject } from '../../../src/schema/objects.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const kind = { type: objectTypeOf(structType(Pod)), apiVersion: 'v1', subresource: '', now: 0, resetFields: ['.status'] };
const gvk = { group: '', version: 'v1', kind: 'Pod' };
const second = (n: number) => `1970-01-01T00:00:${String(n).padStart(2, '0')}Z`;

function apply(live: KubeObject | undefined, spec: object, more: Partial<ApplyRequest> = {}): KubeObject {
  const applied = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, ...spec };
  const { object, managedFields } = applyPatch({ ...kind, gvk, live, applied, manager: 'm', force: false, ...more });
  return deepFreeze(managedFields ? { ...object, metadata: { ...object.metadata, uid: 'u', managedFields } } : object);
}

function update(live: KubeObject | undefined, next: KubeObject, manager: string, atSecond = 0): KubeObject {
  const managedFields = updateManagedFields({ ...kind, live, next: deepFreeze(next), manager, now: atSecond * 1000 });
  const { managedFields: _, ...metadata } = next.metadata;
  return deepFreeze({ ...next, metadata: { ...metadata, uid: 'u', ...(managedFields ? { managedFields } : {}) } });
}

const owners = (object: KubeObject) => object.metadata.managedFields?.map((entry) => [entry.manager, entry.operation, entry.time, entry.fieldsV1]);
const labelled = (labels: Record<string, string>): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels } });

test('a create owns what it set, but for what Go writes of itself', () => {
  const created = update(undefined, { ...labelled({ a: '1' }), spec: { containers: [{ name: 'c', resources: {} }] }, status: {} }, 'creator', 3);
  expect(owners(created)).toEqual([['creator', 'Update', second(3), {
    'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
    'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {}, 'f:resources': {} } } },
  }]]);
});

test('an update takes changed fields over, and leaves the time of who only loses', () => {
  const created = update(undefined, labelled({ a: '1', b: '1' }), 'creator', 1);
  const changed = update(created, { ...labelled({ a: '2' }), metadata: { ...created.metadata, labels: { a: '2' } } }, 'changer', 2);
  expect(owners(changed)).toEqual([
    ['creator', 'Update', second(1), { 'f:metadata': { 'f:labels': {} } }],
    ['changer', 'Update', second(2), { 'f:metadata': { 'f:labels': { 'f:a': {} } } }],
  ]);
});

test('reset entries forget all owners until an apply', () => {
  const created = update(undefined, labelled({ a: '1' }), 'creator');
  const reset = update(created, { ...created, metadata: { ...created.metadata, managedFields: [{}] } }, 'x');
  expect(reset.metadata.managedFields).toBe(undefined);
  expect(update(reset, labelled({ a: '2' }), 'x').metadata.managedFields).toBe(undefined);
  expect(owners(apply(reset, labelled({ b: '1' }), { now: 5000 }))).toEqual([
    ['m', 'Apply', second(5), { 'f:metadata': { 'f:labels': { 'f:b': {} } } }],
    ['before-first-apply', 'Update', second(5), { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } }],
  ]);
});

test('entries that a client sends replace the stored ones if they can be read', () => {
  const created = update(undefined, labelled({ a: '1' }), 'creator');
  const send = (entry: object) => owners(update(created, { ...created, metadata: { ...created.metadata, managedFields: [entry] } }, 'x'));
  const mine = { manager: 'mine', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:a': {} } } } };
  expect(send(mine)).toEqual([['mine', 'Apply', undefined, mine.fieldsV1]]);
  for (const wrong of [{ ...mine, operation: 'Spin' }, { ...mine, fieldsType: 'FieldsV9' }, { ...mine, apiVersion: '' }, { ...mine, fieldsV1: { 'f:a': 1 } }]) {
    expect(send(wrong)).toEqual(owners(created));
  }
});

test('entries of versions that are not served are dropped', () => {
  const stale = { manager: 'old', operation: 'Update', apiVersion: 'v0', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } };
  const live = update(undefined, labelled({ a: '1' }), 'creator');
  const next = { ...live, metadata: { ...live.metadata, managedFields: [stale, ...live.metadata.managedFields!] } };
  expect(owners(update(live, next, 'x'))).toEqual(owners(live));
});

test('more than ten updates are joined from the oldest on', () => {
  let live = update(undefined, labelled({ k0: 'x' }), 'mgr00', 0);
  for (let i = 1; i <= 11; i++) {
    live = update(live, { ...live, metadata: { ...live.metadata, labels: { ...live.metadata.labels, [`k${i}`]: 'x' } } }, `mgr${String(i).padStart(2, '0')}`, i);
  }
  expect(owners(live)!.map(([manager, , time]) => [manager, time])).toEqual([
    ['ancient-changes', second(2)], ...[3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => [`mgr${String(i).padStart(2, '0')}`, second(i)]),
  ]);
  expect(owners(live)![0]![3]).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {} } } });
});

const env = fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.string() }), { selector: (item) => item.name });
const containers = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.string(), env }, { requiredKeys: ['name'] }), { selector: (item) => item.name, maxLength: 3 });
const body = fc.record({ metadata: fc.record({ name: fc.constant('p'), labels: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.string()) }), spec: fc.record({ containers }) });

test('applying the same again changes nothing, not even a time', () => {
  fc.assert(fc.property(body, body, (first, other) => {
    const live = apply(apply(undefined, first), other, { manager: 'n', force: true, now: 1000 });
    const again = apply(live, other, { manager: 'n', now: 9000 });
    expect(again).toEqual(live);
  }), { numRuns: 40 });
});

test('a forced apply leaves its fields as applied and its owner without conflicts', () => {
  fc.assert(fc.property(body, body, (first, other) => {
    const live = apply(apply(undefined, first), other, { manager: 'n', force: true });
    expect(live.metadata.labels ?? {}).toEqual(expect.objectContaining(other.metadata.labels));
    expect(() => apply(live, other, { manager: 'n' })).not.toThrow();
  }), { numRuns: 40 });
});

test('what two managers apply apart from each other goes when both give it up', () => {
  fc.assert(fc.property(body, (applied) => {
    const both = apply(apply(undefined, applied), applied, { manager: 'n' });
    const one = apply(both, {}, { manager: 'n' });
    expect(one.metadata.labels ?? {}).toEqual(applied.metadata.labels);
    expect(apply(one, {}, {}).metadata.labels ?? {}).toEqual({});
  }), { numRuns: 40 });
});

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

test('kubectl takes over what its own last apply set, and keeps the annotation up to date', () => {
  const annotated = { ...labelled({ a: '1' }), metadata: { name: 'p', labels: { a: '1', b: '1' }, annotations: { [lastApplied]: JSON.stringify(labelled({ a: '1' })) } } };
  const live = update(undefined, annotated, 'kubectl-client-side-apply');
  const taken = apply(live, labelled({ a: '2' }), { manager: 'kubectl' });
  expect(taken.metadata.labels).toEqual({ a: '2', b: '1' });
  expect(taken.metadata.annotations![lastApplied]).toBe('{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":"2"},"name":"p"}}\n');
  const conflict = 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .metadata.labels.b';
  expect(() => apply(live, labelled({ a: '2', b: '2' }), { manager: 'kubectl' })).toThrow(conflict);
});

test.each([
  [{ kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
  [{ apiVersion: 'apps/v1' }, 400, 'invalid object type: apps/v1, Kind=Pod'],
  [{ metadata: { managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
  [{ spec: { bogus: 1 } }, 500, 'failed to create typed patch object (/; /v1, Kind=Pod): .spec.bogus: field not declared in schema'],
  [{ spec: { hostname: 1, hostIPC: 'x' } }, 500, 'failed to create typed patch object (/; /v1, Kind=Pod): errors:\n'
    + '  .spec.hostname: expected string, got &value.valueUnstructured{Value:1}\n  .spec.hostIPC: expected boolean, got &{x}'],
  [{ spec: { priority: 'x' } }, 500, 'failed to create typed patch object (/; /v1, Kind=Pod): .spec.priority: expected numeric (int or float), got string'],
  [{ spec: { priority: 1.5 } }, 500, 'failed to convert new object (/; /v1, Kind=Pod) to proper version: '
    + 'unable to convert unstructured object to /v1, Kind=Pod: cannot convert float64 to int32'],
])('%j is refused', (wrong, code, message) => {
  const attempt = (): unknown => {
    try {
      return apply(undefined, { metadata: {}, ...wrong });
    } catch (error) {
      return error instanceof ApiError ? [error.code, error.message] : error;
    }
  };
  expect(attempt()).toEqual([code, message]);
});

test('a live object whose list items cannot be told apart cannot be applied to', () => {
  const type = objectTypeOf(structType(ServiceAccount));
  const live = deepFreeze({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 's', namespace: 'ns' }, secrets: [{}] });
  const applied = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 's' } };
  const request = { ...kind, type, gvk: { ...gvk, kind: 'ServiceAccount' }, live, applied, manager: 'm', force: false };
  expect(() => applyPatch(request)).toThrow('failed to create manager for existing fields: failed to convert new object '
    + '(ns/s; /v1, Kind=ServiceAccount) to smd typed: .secrets: element 0: associative list with keys has an element that omits '
    + `all key fields ["name"] (and doesn't have default values for any key fields)`);
});

test('an object that differs in the times of its entries only counts as unchanged', () => {
  const live = update(undefined, labelled({ a: '1' }), 'm', 1);
  const later = update(undefined, labelled({ a: '1' }), 'm', 2);
  expect(withStoredTimes(later, live)).toBe(live.metadata.managedFields);
  expect(withStoredTimes({ ...later, spec: { x: 1 } }, live)).toBe(later.metadata.managedFields);
});
