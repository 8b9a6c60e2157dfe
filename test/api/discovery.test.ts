import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestApi } from './api-fixture.ts';

const api = new TestApi();
const session = JSON.parse(readFileSync(new URL('../golden/api/18-discovery.json', import.meta.url), 'utf8')) as {
  cases: { id: string; request: { method: string; path: string }; expect: { body: unknown } }[];
};
const recorded = session.cases.filter(({ id }) => /^(gv-|api-v1)/.test(id)).map(({ request, expect: { body } }) => [request.path, body] as const);

test.each(recorded)('%s lists what a real server lists', (path, body) => {
  expect(api.call('GET', path).body).toEqual(body);
});

test('groups come by priority', () => {
  const groups = api.call('GET', '/apis').body['groups'] as unknown as { name: string }[];
  expect(groups.slice(0, 3).map(({ name }) => name)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io']);
});

test('aggregated discovery has a tag and is not sent twice', () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const first = api.call('GET', '/apis', undefined, { accept });
  expect([first.status, first.body['kind'], first.headers['vary']]).toEqual([200, 'APIGroupDiscoveryList', 'Accept']);
  const again = api.call('GET', '/apis', undefined, { accept, 'if-none-match': first.headers['etag'] as string });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('health endpoints say ok, and what is ok when asked', () => {
  expect(api.call('GET', '/livez').text).toBe('ok');
  expect(api.call('GET', '/readyz/ping').text).toBe('ok');
  const lines = api.call('GET', '/healthz?verbose&exclude=etcd').text.split('\n');
  expect([lines[0], lines[3], lines.at(-2)]).toEqual(['[+]ping ok', '[+]etcd excluded: ok', 'healthz check passed']);
  expect(api.call('GET', '/livez/nothing').status).toBe(404);
});

test('the version is that of the Kubernetes emulated', () => {
  expect(api.call('GET', '/version').body).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.2' });
});

test('all components are well', () => {
  const names = (path: string) => (api.call('GET', path).body['items'] as unknown as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  expect(names('/api/v1/componentstatuses')).toEqual(['scheduler', 'controller-manager', 'etcd-0']);
  expect(names('/api/v1/componentstatuses?fieldSelector=metadata.name!%3Detcd-0&continue=zz')).toEqual(['scheduler', 'controller-manager']);
  expect(api.call('GET', '/api/v1/componentstatuses/etcd-0').body).toEqual({
    kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name: 'etcd-0' }, conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  });
  expect(api.call('GET', '/api/v1/componentstatuses/etcd-1').body['message']).toBe('componentstatus "etcd-1" not found');
});

test('the index names every health check', () => {
  const paths = api.call('GET', '/').body['paths'] as unknown as string[];
  for (const name of ['healthz', 'livez', 'readyz']) {
    const checks = api.call('GET', `/${name}?verbose`).text.split('\n').flatMap((line) => /^\[\+\](\S+) ok$/.exec(line)?.[1] ?? []);
    expect(paths.filter((path) => path.startsWith(`/${name}/`))).toEqual(checks.map((check) => `/${name}/${check}`).sort());
  }
});
