/** Whatever a client makes of openapi.yaml: the server answers, and never with an error of its own. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Cluster } from '../../src/cluster/cluster.ts';
import { ClusterSet } from '../../src/cluster/cluster-set.ts';
import { Prng } from '../../src/lib/prng.ts';
import { libraryOptions } from '../../src/options.ts';
import { createApp } from '../../src/server.ts';
import { RandomValue, type Schema } from './random-value.ts';

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}
const document = parse(fs.readFileSync('openapi.yaml', 'utf8')) as {
  paths: Record<string, Record<string, Operation> & { parameters?: Operation['parameters'] }>; components: { schemas: Record<string, Schema> };
};
const methods = ['get', 'put', 'post', 'delete', 'patch'];
/** These answer for as long as the client listens. */
const endless = new Set(['watch', 'follow']);
const streams = /\/(exec|attach|portforward|proxy)/;
const operations = Object.entries(document.paths).filter(([path]) => !streams.test(path) && !path.includes('/watch/')).flatMap(([path, item]) =>
  methods.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method]!, shared: item.parameters ?? [] })));

interface Sent { method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH'; url: string; payload?: string; headers: Record<string, string> }

function requestFor(values: RandomValue, { path, method, operation, shared }: (typeof operations)[number]): Sent {
  const parameters = [...shared, ...operation.parameters ?? []].filter(({ name }) => !endless.has(name));
  const text = (schema: Schema) => {
    const value = values.of(schema);
    return encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value) ?? '');
  };
  const isAimed = values.of({ type: 'boolean' }) !== false;
  const url = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => (isAimed ? thereIs(path, parameter) : text({ type: 'string' }).slice(0, 500) || 'x'));
  const query = parameters.filter((one) => one.in === 'query').filter((_, i) => (i + url.length) % 3 === 0).map(({ name, schema }) => `${name}=${text(schema)}`).join('&');
  const body = operation.requestBody && Object.entries(operation.requestBody.content)[0];
  return {
    method: method.toUpperCase() as Sent['method'], url: query === '' ? url : `${url}?${query}`,
    headers: body ? { 'content-type': body[0] === '*/*' ? 'application/json' : body[0] } : {},
    ...(body ? { payload: JSON.stringify(values.of(body[1].schema)) } : {}),
  };
}

/** What `furnishings` make, where a path has a parameter. */
const names: Readonly<Record<string, string>> = { nodes: 'node-1', clusters: 'c', behaviors: 'r', faults: 'f', snapshots: 's', scenarios: 'crash-loop' };
const thereIs = (path: string, parameter: string) =>
  ({ namespace: 'default', container: 'app', pod: 'static', type: 'example.com/ready', name: names[path.split('/')[3]!] ?? 'web' })[parameter] ?? 'x';
const furnishings: readonly (readonly [Sent['method'], string, object])[] = [
  ['POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', '3600'] }] } }],
  ['POST', '/_fakelet/v1/clock/advance', { duration: '1s' }],
  ['PUT', '/_fakelet/v1/behaviors/r', { selector: { pod: 'other' }, script: {} }],
  ['PUT', '/_fakelet/v1/faults/f', { match: { name: 'other' }, effect: { error: { code: 409 } } }],
  ['POST', '/_fakelet/v1/snapshots', { name: 's' }],
  ['POST', '/_fakelet/v1/clusters', { name: 'c' }],
];

/** A refusal is a Status of Kubernetes, or the emulator's own: what failed, why, what to do. */
function isClear(url: string, body: string): boolean {
  const refusal = JSON.parse(body) as { error?: string; kind?: string; message?: string };
  return url.startsWith('/_fakelet/') ? /^Failed to [^]+: [^]+/.test(refusal.error ?? '') : refusal.kind === 'Status' && refusal.message !== undefined;
}

test.each([1, 2])('no random request ends in a 5xx (seed %i)', async (seed) => {
  const options = libraryOptions({ seed });
  const cluster = new Cluster({ options, version: 'test', manifests: [] });
  const clusters = new ClusterSet(cluster);
  const app = createApp(cluster, options, { clusters });
  const values = new RandomValue(new Prng(seed), document.components.schemas);
  const failed: unknown[] = [];
  const taken = new Set<string>();
  for (let round = 0; round < 8; round++) {
    for (const [method, url, payload] of furnishings) await app.inject({ method, url, payload });
    for (const operation of operations) {
      const sent = requestFor(values, operation);
      cluster.controls.faults.clear();
      const response = await app.inject(sent);
      if (response.statusCode < 300) taken.add(`${operation.method} ${operation.path}`);
      else if (response.statusCode >= 500 || !isClear(sent.url, response.body)) failed.push({ ...sent, status: response.statusCode, body: response.body });
      cluster.controls.setClock({ mode: 'manual' });
    }
  }
  await app.close();
  await clusters.close();
  expect(failed).toEqual([]);
  // Requests that are refused every time would prove little.
  expect(taken.size).toBeGreaterThan(operations.length / 2);
  expect(operations.length).toBeGreaterThan(60);
}, 120_000);
