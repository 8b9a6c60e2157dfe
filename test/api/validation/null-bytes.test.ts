import { expect, test } from 'vitest';
import { configMaps, TestApi } from '../api-fixture.ts';

const secrets = '/api/v1/namespaces/default/secrets';

test('null is no bytes, in ConfigMaps and Secrets', () => {
  const api = new TestApi();
  expect(api.call('POST', configMaps, { metadata: { name: 'a' }, binaryData: { k: null } }).body['binaryData']).toEqual({ k: null });
  expect(api.call('POST', secrets, { metadata: { name: 'a' }, data: { k: null } }).body['data']).toEqual({ k: null });
});

test('an applied integer beyond 64 bits is a float, which does not fit', () => {
  const applied = '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","generation":99999999999999999999}}';
  const { status, body } = new TestApi().call('PATCH', `${secrets}/a?fieldManager=m`, applied, { 'content-type': 'application/apply-patch+yaml' });
  expect([status, body['message']]).toEqual([500, 'failed to convert new object (/a; /v1, Kind=Secret) to proper version: '
    + 'unable to convert unstructured object to /v1, Kind=Secret: cannot convert float64 to int64']);
});
