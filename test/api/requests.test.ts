import { expect, test } from 'vitest';
import { configMap, configMaps, pods, TestApi } from './api-fixture.ts';

const api = new TestApi();
api.call('POST', configMaps, configMap('a'));

const noRoute = 'the server could not find the requested resource';
const wrongMethod = 'the server does not allow this method on the requested resource';

test.each([
  ['GET', '/foo', 404, '404 page not found\n'],
  ['GET', '/apis/foo.example/v1/things', 404, '404 page not found\n'],
  ['GET', '/apis/apps/v9/deployments', 404, noRoute],
  ['GET', '/api/v1/namespaces/default/foos', 404, noRoute],
  ['GET', '/api/v1/namespaces/default/nodes', 404, noRoute],
  ['GET', '/api/v1/pods/x', 404, noRoute],
  ['GET', '/api/v1//namespaces/default/pods', 404, noRoute],
  ['GET', `${pods}/a%2Fb`, 404, noRoute],
  ['GET', `${pods}/p/foo`, 404, noRoute],
  ['POST', '/api/v1/pods', 405, wrongMethod],
  ['POST', `${pods}/p`, 405, wrongMethod],
  ['HEAD', `${pods}/p`, 405, ''],
  ['DELETE', '/api/v1/namespaces', 405, wrongMethod],
  ['GET', `${pods}/..`, 400, 'Name parameter invalid: "..": may not be \'..\''],
  ['GET', `${pods}/p?resourceVersion=x`, 500, 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
  ['GET', `${pods}?timeout=soon`, 400, 'invalid timeout specified in the request URL - time: invalid duration "soon"'],
])('%s %s answers %i', (method, path, status, message) => {
  const answer = api.call(method, path);
  expect([answer.status, answer.body['message'] ?? answer.text]).toEqual([status, message]);
});

test.each([
  [undefined, 'application/json'], ['', 'application/json'], ['*/*', 'application/json'], ['application/yaml', 'application/yaml'],
  ['application/json;q=0.5,application/yaml;q=0.9', 'application/yaml'],
  ['application/json;q=0.2,application/vnd.kubernetes.protobuf;q=0.8', 'application/vnd.kubernetes.protobuf'],
  ['application/json;as=Picture;v=v1;g=meta.k8s.io,application/json', 'application/json'],
])('Accept %s is answered in %s', (accept, contentType) => {
  expect(api.call('GET', `${configMaps}/a`, undefined, { accept }).headers['content-type']).toBe(contentType);
});

test.each(['text/plain', 'application/*', 'Application/JSON', 'application/cbor'])('Accept %s is refused by the router', (accept) => {
  const answer = api.call('GET', `${configMaps}/a`, undefined, { accept });
  expect([answer.status, answer.body['message']]).toEqual([406, '406: Not Acceptable\n\nAvailable representations: application/json, '
    + 'application/yaml, application/vnd.kubernetes.protobuf']);
});

test('people get indented JSON, programs get one line', () => {
  const text = (headers: Record<string, string>, query = '') => api.call('GET', `${configMaps}/a${query}`, undefined, headers).text;
  expect(text({ 'user-agent': 'curl/8.0' }).startsWith('{\n  "kind": "ConfigMap",')).toBe(true);
  expect(text({ 'user-agent': 'curl/8.0' }, '?pretty=false').endsWith('}\n')).toBe(true);
  expect(text({}, '?pretty=1').endsWith('\n}')).toBe(true);
});

test('large answers are compressed for those who ask exactly', () => {
  const large = new TestApi();
  large.call('POST', configMaps, { ...configMap('big'), data: { k: 'x'.repeat(140_000) } });
  expect(large.call('GET', configMaps, undefined, { 'accept-encoding': 'deflate, gzip' }).headers['content-encoding']).toBe('gzip');
  expect(large.call('GET', configMaps, undefined, { 'accept-encoding': 'gzip;q=0.5' }).headers['content-encoding']).toBeUndefined();
  expect(large.call('GET', `${configMaps}?limit=0`, undefined, {}).headers['content-encoding']).toBeUndefined();
});

test('every answer has an audit id and may not be cached', () => {
  const { headers } = api.call('GET', `${configMaps}/a`);
  expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['cache-control']).toBe('no-cache, private');
});

test.each([
  ['POST', `${configMaps}?dryRun=x`, 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"'],
  ['POST', `${configMaps}?fieldValidation=x`, 'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"'],
  ['PUT', `${configMaps}/a?fieldManager=${'x'.repeat(129)}`, 'UpdateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes'],
  ['DELETE', `${configMaps}/a?propagationPolicy=x`, 'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"'],
])('%s %s: bad options are 422', (method, path, message) => {
  const answer = api.call(method, path, method === 'DELETE' ? undefined : configMap('a'));
  expect([answer.status, answer.body['message']]).toEqual([422, message]);
});

test('a patch type that is none is refused by the router, another body type by the decoder', () => {
  expect(api.call('PATCH', `${configMaps}/a`, {}, { 'content-type': 'application/json' }).body['message']).toBe('415: Unsupported Media Type');
  expect(api.call('POST', configMaps, configMap('x'), { 'content-type': 'text/plain' }).body['message']).toBe('the body of the request was in an unknown '
    + 'format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf');
});

test('unknown fields are warned of, once each', () => {
  const answer = api.call('POST', configMaps, { ...configMap('warned'), x: 1, y: { z: 2 } });
  expect(answer.headers['warning']).toEqual(['299 - "unknown field \\"x\\""', '299 - "unknown field \\"y\\""']);
});
