/** Every endpoint answers over HTTP what the library answers, and bad input with a clear error. */
import fs from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startKube } from 'fakelet';
import { parse } from 'yaml';
import { endpoints, type Endpoint } from './every-endpoint.ts';

const prefix = '/_fakelet/v1';
const { paths } = parse(fs.readFileSync('openapi.yaml', 'utf8')) as { paths: Record<string, Record<string, { requestBody?: unknown; parameters?: { in: string }[] }>> };
const described = Object.entries(paths).filter(([path]) => path.startsWith(prefix))
  .flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ name: `${method} ${path.slice(prefix.length)}`, operation })));
const takesBody = new Set(described.filter(({ operation }) => operation.requestBody !== undefined).map(({ name }) => name));

const kube = await startKube();
afterAll(() => kube.close());
beforeEach(() => begin());

/** The same state before every call. */
async function begin(before?: Endpoint['before']): Promise<void> {
  kube.reset();
  for (const { name } of kube.clusters.list().items) kube.clusters.remove(name);
  for (const { name } of kube.controls.snapshots.list().items) kube.controls.snapshots.remove(name);
  await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
  await kube.clock.advance('1s');
  await before?.(kube);
}

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(kube.url + prefix + path, { method: method.toUpperCase(), ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) as unknown : text };
}

const split = ({ operation, path }: Endpoint) => {
  const [method = '', template = ''] = operation.split(' ');
  return { method, template, path: path ?? template };
};

const fileOperation = 'put /snapshots/{name}';

test('every endpoint of openapi.yaml is here', () => {
  expect([...endpoints.map(({ operation }) => operation), fileOperation].toSorted()).toEqual(described.map(({ name }) => name).toSorted());
});

test.each(endpoints)('$operation answers what the library answers', async (endpoint) => {
  const { method, path } = split(endpoint);
  await begin(endpoint.before);
  const answer = await send(method, path, endpoint.body);
  await begin(endpoint.before);
  const called = await endpoint.library(kube);
  expect(answer).toEqual({ status: 200, body: typeof called === 'string' ? called : JSON.parse(JSON.stringify(called)) });
});

test('a snapshot goes into the library over HTTP and out of it', async () => {
  const { name } = kube.snapshot('s');
  const { body: file } = await send('get', `/snapshots/${name}`);
  expect(await send('put', '/snapshots/other', file)).toEqual({ status: 200, body: { ...kube.controls.snapshots.list().items[0], name: 'other' } });
  expect(kube.controls.snapshots.file('other')).toEqual(file);
});

const refusal = (status: number) => ({ status, body: { error: expect.stringMatching(/^Failed to \w+[^]*: [^]+\.( |$)/) as string } });

test.each(endpoints.filter(({ operation }) => takesBody.has(operation)))('$operation refuses a body that is none', async (endpoint) => {
  const { method, path } = split(endpoint);
  await begin(endpoint.before);
  for (const body of [[], 'text', 7, null]) expect([body, await send(method, path, body)]).toEqual([body, refusal(400)]);
});

test.each(endpoints.filter(({ operation, makes }) => operation.includes('{') && !makes))('$operation says so when there is none of that name', async (endpoint) => {
  const { method, template } = split(endpoint);
  expect(await send(method, template.replaceAll(/\{\w+\}/g, 'nobody'), endpoint.body)).toEqual(refusal(404));
});

test.each(['/journal?since=-1', '/journal?since=x', '/transcript?since=x', '/journal?unknown=1'])('GET %s is refused', async (path) => {
  expect(await send('get', path)).toEqual(refusal(400));
});

test('the library refuses what the routes refuse', () => {
  expect(() => kube.startScenario({ name: 'mine' } as never)).toThrow('Failed to start the scenario: description: Expected required property. See docs/behaviors.md.');
});

test('a request without anything to say may say that it is JSON', async () => {
  const response = await fetch(`${kube.url}${prefix}/reset`, { method: 'POST', headers: { 'content-type': 'application/json' } });
  expect([response.status, await response.text()]).toEqual([200, 'null']);
});
