import { expect, test } from 'vitest';
import { configMap, configMaps, pod, pods, TestApi } from './api-fixture.ts';

test('what is created can be read, byte for byte', () => {
  const api = new TestApi();
  const created = api.call('POST', configMaps, { ...configMap('a'), data: { z: '<1>', b: '2' } });
  expect(created.status).toBe(201);
  expect(created.text).toBe('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default",'
    + `"uid":"${created.body.metadata['uid']}","resourceVersion":"103","creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[{"manager":"test",`
    + '"operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:b":{},"f:z":{}}}}]},'
    + '"data":{"b":"2","z":"\\u003c1\\u003e"}}\n');
  expect(api.call('GET', `${configMaps}/a`).text).toBe(created.text);
});

test('a second object of the same name is a conflict, also while the first is going', () => {
  const api = new TestApi();
  api.call('POST', configMaps, configMap('a', { finalizers: ['x/y'] }));
  expect(api.call('POST', configMaps, configMap('a')).body['message']).toBe('configmaps "a" already exists');
  api.call('DELETE', `${configMaps}/a`);
  expect(api.call('POST', configMaps, configMap('a')).body['message']).toBe('object is being deleted: configmaps "a" already exists');
});

test('a generated name is the prefix and five letters that spell nothing', () => {
  const api = new TestApi();
  const name: string = api.call('POST', configMaps, { metadata: { generateName: 'job-' } }).body.metadata['name']!;
  expect(name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('a dry run answers like a write and leaves no trace', () => {
  const api = new TestApi();
  const { revision } = api.store;
  const answer = api.call('POST', `${configMaps}?dryRun=All`, configMap('a'));
  expect([answer.status, answer.body.metadata['resourceVersion']]).toEqual([201, undefined]);
  expect(api.store.revision).toBe(revision);
});

test('an update that changes nothing is no write', () => {
  const api = new TestApi();
  const body = { ...configMap('a'), data: { k: 'v' } };
  const { resourceVersion } = api.call('POST', configMaps, body).body.metadata;
  api.clock.advance(5_000);
  expect(api.call('PUT', `${configMaps}/a`, body).body.metadata['resourceVersion']).toBe(resourceVersion);
});

test('a stale version and a wrong uid are conflicts, each with its own words', () => {
  const api = new TestApi();
  const first = api.call('POST', configMaps, configMap('a')).body.metadata;
  api.patch(`${configMaps}/a`, { data: { k: 'v' } });
  const stale = api.call('PUT', `${configMaps}/a`, configMap('a', { resourceVersion: first['resourceVersion'] }));
  expect(stale.body['message']).toBe('Operation cannot be fulfilled on configmaps "a": the object has been modified; '
    + 'please apply your changes to the latest version and try again');
  const other = api.call('PUT', `${configMaps}/a`, configMap('a', { uid: 'x' }));
  expect(other.body['message']).toBe('Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, '
    + `Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: ${first['uid']}`);
});

test('a PUT creates only where upstream lets it', () => {
  const api = new TestApi();
  expect(api.call('PUT', `${configMaps}/a`, configMap('a')).status).toBe(404);
  const lease = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l';
  expect(api.call('PUT', lease, { metadata: { name: 'l' }, spec: {} }).status).toBe(201);
});

test('the last finalizer takes a deleted object with it', () => {
  const api = new TestApi();
  api.call('POST', configMaps, configMap('a', { finalizers: ['x/y'] }));
  const watch = api.watch(`${configMaps}?watch=1&resourceVersion=${api.store.revision}`);
  const held = api.call('DELETE', `${configMaps}/a`);
  expect([held.body['kind'], held.body.metadata['deletionGracePeriodSeconds']]).toEqual(['ConfigMap', 0]);
  expect(api.patch(`${configMaps}/a`, { metadata: { finalizers: null } }).status).toBe(200);
  expect(api.call('GET', `${configMaps}/a`).status).toBe(404);
  expect(watch.events.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
});

test('an unscheduled Pod goes at once, seen as two events; a bound one has its grace period', () => {
  const api = new TestApi();
  api.call('POST', pods, pod('free'));
  api.call('POST', pods, pod('bound', { nodeName: 'n1' }));
  const watch = api.watch(`${pods}?watch=1&resourceVersion=${api.store.revision}`);
  api.call('DELETE', `${pods}/free`);
  const bound = api.call('DELETE', `${pods}/bound`).body.metadata;
  expect(watch.events.map(({ type, object }) => [type, object.metadata.name, object.metadata.deletionGracePeriodSeconds]))
    .toEqual([['MODIFIED', 'free', 0], ['DELETED', 'free', 0], ['MODIFIED', 'bound', 30]]);
  expect([bound['deletionTimestamp'], bound['generation']]).toEqual(['2026-01-01T00:00:30Z', 2]);
  expect(api.call('DELETE', `${pods}/bound`, { gracePeriodSeconds: 10 }).body.metadata['deletionTimestamp']).toBe('2026-01-01T00:00:10Z');
});

test('a body of a DELETE makes its query count for nothing', () => {
  const api = new TestApi();
  api.call('POST', configMaps, configMap('a'));
  expect(api.call('DELETE', `${configMaps}/a?dryRun=All`, {}).status).toBe(200);
  expect(api.call('GET', `${configMaps}/a`).status).toBe(404);
});

test('a collection is answered as it was before it was deleted', () => {
  const api = new TestApi();
  for (const name of ['a', 'b']) api.call('POST', configMaps, configMap(name, { labels: { app: name } }));
  const answer = api.call('DELETE', `${configMaps}?labelSelector=app%3Da`);
  expect((answer.body['items'] as unknown as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual(['a']);
  expect([api.call('GET', `${configMaps}/a`).status, api.call('GET', `${configMaps}/b`).status]).toEqual([404, 200]);
});

test('a namespace goes when its finalizers are taken off', () => {
  const api = new TestApi();
  api.call('POST', '/api/v1/namespaces', { metadata: { name: 'x' } });
  const going = api.call('DELETE', '/api/v1/namespaces/x').body;
  expect(going['status']).toEqual({ phase: 'Terminating' });
  expect(api.call('POST', '/api/v1/namespaces/x/configmaps', configMap('a')).status).toBe(403);
  expect(api.call('PUT', '/api/v1/namespaces/x/finalize', { metadata: { name: 'x' }, spec: {} }).status).toBe(200);
  expect(api.call('GET', '/api/v1/namespaces/x').status).toBe(404);
});
