import { beforeAll, expect, test } from 'vitest';
import { configMap, configMaps, TestApi, type Answer } from './api-fixture.ts';

const api = new TestApi();
beforeAll(() => {
  for (const name of ['c', 'a', 'b', 'd']) api.call('POST', configMaps, configMap(name, { labels: { even: String(name === 'b' || name === 'd') } }));
});

const names = ({ body }: Answer) => (body['items'] as unknown as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

test('a list is ordered by name, and its items do not repeat their kind', () => {
  const answer = api.call('GET', configMaps);
  expect(names(answer)).toEqual(['a', 'b', 'c', 'd']);
  expect(answer.text.startsWith('{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"106"},"items":[{"metadata":{"name":"a"')).toBe(true);
});

test('pages of one list show one revision', () => {
  const first = api.call('GET', `${configMaps}?limit=3`);
  const { continue: token, resourceVersion, remainingItemCount } = first.body.metadata as never as Record<string, never>;
  expect([names(first), remainingItemCount]).toEqual([['a', 'b', 'c'], 1]);
  expect(Buffer.from(token!, 'base64url').toString()).toBe(`{"v":"meta.k8s.io/v1","rv":${resourceVersion},"start":"c\\u0000"}`);
  api.call('POST', configMaps, configMap('e'));
  const second = api.call('GET', `${configMaps}?limit=3&continue=${token}`);
  expect([names(second), second.body.metadata]).toEqual([['d'], { resourceVersion }]);
  api.call('DELETE', `${configMaps}/e`);
});

test('with a selector nobody counts what remains', () => {
  const page = api.call('GET', `${configMaps}?limit=1&labelSelector=even%3Dtrue`);
  expect([names(page), 'remainingItemCount' in page.body.metadata]).toEqual([['b'], false]);
});

test.each([
  ['continue=abc', 400, "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value"],
  ['resourceVersion=abc', 400, 'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'],
  ['resourceVersion=1&resourceVersionMatch=Exact', 410, 'The resourceVersion for the provided list is too old.'],
  ['resourceVersion=0&resourceVersionMatch=Exact', 422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'],
  ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['fieldSelector=data%3D1', 400, '"data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
])('?%s is refused', (query, status, message) => {
  const answer = api.call('GET', `${configMaps}?${query}`);
  expect([answer.status, answer.body['message']]).toEqual([status, message]);
});

test('a version that is still to come is a timeout', () => {
  const answer = api.call('GET', `${configMaps}?resourceVersion=99999`);
  expect([answer.status, answer.headers['retry-after'], answer.body['reason']]).toEqual([504, '1', 'Timeout']);
});

test('an expired token comes with one that goes on in the newest state', () => {
  const old = new TestApi();
  for (const name of ['a', 'b', 'c']) old.call('POST', configMaps, configMap(name));
  const token: string = old.call('GET', `${configMaps}?limit=1`).body.metadata['continue']!;
  old.call('POST', configMaps, configMap('d'));
  old.store.compact(old.store.revision);
  const expired = old.call('GET', `${configMaps}?limit=1&continue=${token}`);
  expect([expired.status, expired.body['reason']]).toEqual([410, 'Expired']);
  expect(names(old.call('GET', `${configMaps}?continue=${expired.body.metadata['continue']}`))).toEqual(['b', 'c', 'd']);
});
