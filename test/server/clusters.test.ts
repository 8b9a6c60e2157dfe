/** Many clusters in one process, snapshots, and waits, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKube, pod, type Kube } from 'fakelet';

let kube: Kube;
beforeAll(async () => { kube = await startKube(); });
afterAll(() => kube.close());

const pods = '/api/v1/namespaces/default/pods';
const web = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 30; exit 1'] }] } });

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(kube.url + path, {
    method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() as Record<string, unknown> };
}

const names = async (base: string) => ((await ask('GET', `${base}${pods}`)).body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

test('50 clusters used at once share nothing', async () => {
  const bases = Array.from({ length: 50 }, (_, i) => `/clusters/c${i}`);
  for (const [i] of bases.entries()) {
    expect((await ask('POST', '/_fakelet/v1/clusters', { name: `c${i}`, options: { seed: i + 1 } })).body).toEqual({ name: `c${i}`, path: `/clusters/c${i}`, isUp: false });
  }
  await Promise.all(bases.map(async (base, i) => {
    expect((await ask('POST', `${base}${pods}`, web(`pod-${i}`))).status).toBe(201);
    expect((await ask('POST', `${base}/_fakelet/v1/clock/advance`, { duration: `${i}s` })).status).toBe(200);
    expect((await ask('POST', `${base}/_fakelet/v1/wait`, { name: `pod-${i}`, for: 'create' })).status).toBe(200);
  }));
  const seen = await Promise.all(bases.map(async (base) => [await names(base), (await ask('GET', `${base}/_fakelet/v1/clock`)).body['now']]));
  expect(seen).toEqual(bases.map((_, i) => [[`pod-${i}`], new Date(Date.parse('2026-01-01T00:00:00Z') + i * 1000).toISOString()]));
  expect(await names('')).toEqual([]);
  for (const [i] of bases.entries()) await ask('DELETE', `/_fakelet/v1/clusters/c${i}`);
  expect((await ask('GET', '/_fakelet/v1/clusters')).body).toEqual({ items: [] });
});

test('a clone begins as its original and goes its own way', async () => {
  await ask('POST', pods, web('both'));
  await ask('POST', '/_fakelet/v1/clusters', { name: 'copy', clone: 'main' });
  await ask('POST', pods, web('mine'));
  expect([await names(''), await names('/clusters/copy')]).toEqual([['both', 'mine'], ['both']]);
  const config = await (await fetch(`${kube.url}/clusters/copy/_fakelet/v1/kubeconfig`)).text();
  expect(config).toContain(`server: ${kube.url}/clusters/copy\n`);
  await ask('DELETE', '/_fakelet/v1/clusters/copy');
  expect((await ask('GET', `/clusters/copy${pods}`)).status).toBe(404);
});

test('the library has for a further cluster what it has for the main one', async () => {
  kube.clusters.add({ name: 'typed', options: { nodes: 1 } });
  const typed = kube.cluster('typed');
  await typed.pods.create(web('inside'));
  await typed.until(pod('inside').isReady());
  await typed.clock.advance('1m');
  expect([typed.inspect.object('pods', 'inside')?.status.phase, kube.inspect.object('pods', 'inside')]).toEqual(['Running', undefined]);
  expect((await typed.fetch(`${typed.url}${pods}/inside`)).status).toBe(200);
  expect((await typed.fetch(`${pods}/inside`)).status).toBe(200);
  expect(typed.clock.now()).toBeGreaterThan(kube.clock.now());
  expect(typed.kubeconfig()).toContain(`server: ${kube.url}/clusters/typed\n`);
  expect([typed.explain('inside').text, typed.transcript()]).toEqual([expect.stringContaining('inside'), expect.stringContaining('inside')]);
  typed.reset();
  expect(await typed.pods.list()).toEqual([]);
  const apart = await kube.clusters.addWithPort({ name: 'apart', port: 0 });
  expect(kube.cluster('apart').url).toBe(apart.url);
  for (const name of ['typed', 'apart']) kube.clusters.remove(name);
  expect(() => kube.cluster('typed')).toThrow("Failed to find the cluster 'typed': there is none.");
});

test('a cluster may have a port of its own, until it is removed', async () => {
  const { status, body } = await ask('POST', '/_fakelet/v1/clusters', { name: 'apart', port: 0 });
  const url = body['url'] as string;
  expect({ status, body }).toEqual({ status: 200, body: { name: 'apart', path: '/clusters/apart', isUp: false, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string } });
  await ask('POST', `/clusters/apart${pods}`, web('here'));
  expect(((await (await fetch(url + pods)).json()) as { items: unknown[] }).items).toHaveLength(1);
  expect(await (await fetch(`${url}/_fakelet/v1/kubeconfig`)).text()).toContain(`server: ${url}\n`);
  expect(await ask('POST', '/_fakelet/v1/clusters', { name: 'same', port: Number(new URL(url).port) })).toEqual({ status: 409, body: {
    error: expect.stringMatching(/^Failed to add the cluster 'same': Failed to listen on .*: the port is in use\./) as string } });
  await ask('DELETE', '/_fakelet/v1/clusters/apart');
  await expect(fetch(`${url}/version`)).rejects.toThrow();
  expect((await ask('GET', '/_fakelet/v1/clusters')).body).toEqual({ items: [] });
});

test.each([
  ['POST', '/_fakelet/v1/clusters', { name: 'Big' }, 400, 'name: '],
  ['POST', '/_fakelet/v1/clusters', { name: 'main' }, 409, "Failed to add the cluster 'main': there is one."],
  ['POST', '/_fakelet/v1/clusters', { name: 'x', options: { port: 1 } }, 400, "'port' is no option of a cluster"],
  ['POST', '/_fakelet/v1/clusters', { name: 'x', options: { seed: 'a' } }, 400, 'Failed to read seed'],
  ['POST', '/_fakelet/v1/clusters', { name: 'x', manifests: [{ apiVersion: 'v1', kind: 'Nope', metadata: { name: 'a' } }] }, 400, "no resource has the kind 'Nope'"],
  ['POST', '/_fakelet/v1/clusters', { name: 'x', clone: 'nobody' }, 404, "Failed to find the cluster 'nobody'"],
  ['POST', '/_fakelet/v1/clusters', { name: 'x', snapshot: 'none' }, 404, "Failed to find the snapshot 'none'"],
  ['DELETE', '/_fakelet/v1/clusters/main', undefined, 400, 'Failed to remove the cluster'],
  ['GET', '/clusters/nobody/version', undefined, 404, "Failed to find the cluster 'nobody'"],
  ['POST', '/_fakelet/v1/snapshots/none/restore', undefined, 404, "Failed to find the snapshot 'none'"],
  ['PUT', '/_fakelet/v1/snapshots/old', { fakeletSnapshot: '0', startTime: '', now: '', sequence: 0, settings: { options: {}, images: [], manifests: [], scenarios: [] }, inputs: [] }, 400, 'taken by fakelet 0'],
  ['POST', '/_fakelet/v1/wait', { name: 'web', for: 'ready' }, 400, "'ready' is not a condition"],
  ['POST', '/_fakelet/v1/wait', { name: 'web', selector: 'a=b', for: 'create' }, 400, 'a name goes with neither selector nor count'],
  ['POST', '/_fakelet/v1/wait', { selector: 'a=(', for: 'create' }, 400, 'is no label selector'],
] as const)('%s %s %j is refused', async (method, path, body, status, text) => {
  const answer = await ask(method, path, body);
  expect(answer).toEqual({ status, body: { error: expect.stringContaining(text) as string } });
});

test('a snapshot brings back a Pod in the middle of its script', async () => {
  kube.reset();
  await ask('POST', pods, web('half'));
  await kube.clock.advance('20s');
  const taken = await ask('POST', '/_fakelet/v1/snapshots', { name: 'half' });
  expect(taken.body).toMatchObject({ name: 'half', now: '2026-01-01T00:00:20.000Z', inputs: 1 });
  await ask('DELETE', `${pods}/half?gracePeriodSeconds=0`);
  await kube.clock.advance('1h');
  expect((await ask('POST', '/_fakelet/v1/snapshots/half/restore')).body).toEqual(taken.body);
  await kube.clock.advance('9s');
  expect(JSON.stringify((await ask('GET', `${pods}/half`)).body)).toContain('"running":{');
  await kube.clock.advance('2s');
  expect(JSON.stringify((await ask('GET', `${pods}/half`)).body)).toContain('"restartCount":1');
});

test('waits count, select, time out with the last state, and end with their client', async () => {
  kube.reset();
  await ask('POST', pods, { ...web('a'), metadata: { name: 'a', labels: { app: 'x' } } });
  await ask('POST', pods, { ...web('b'), metadata: { name: 'b', labels: { app: 'x' } } });
  const wait = (body: object) => ask('POST', '/_fakelet/v1/wait', body);
  expect((await wait({ selector: 'app=x', for: 'condition=Ready' })).status).toBe(200);
  expect((await wait({ selector: 'app=x', for: 'phase=Running', count: 2 })).body['objects']).toHaveLength(2);
  expect((await wait({ name: 'a', for: 'event=BackOff>=2', timeout: '20m' })).status).toBe(200);
  expect(await wait({ name: 'a', for: 'delete', timeout: '1s' })).toMatchObject({ status: 408, body: { object: { metadata: { name: 'a' } } } });
  const gone = new AbortController();
  const abandoned = fetch(`${kube.url}/_fakelet/v1/wait`, {
    method: 'POST', signal: gone.signal, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'a', for: 'delete', timeout: '87000h' }),
  });
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  gone.abort();
  await expect(abandoned).rejects.toThrow();
  expect((await wait({ name: 'a', for: 'create' })).status).toBe(200);
});

test('until tells what happened when it fails; fetch needs no socket', async () => {
  kube.reset();
  await kube.fetch(`${kube.url}${pods}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(web('crash')) });
  await kube.until(pod('crash').isReady());
  await kube.until(pod('crash').hasEvent('BackOff'));
  await expect(kube.until(pod('crash').isGone('1s'))).rejects.toThrow(/What happened to pods default\/crash:\nt\+0\.000s {2}POST|create pods\/default\/crash/);
  const snapshot = kube.snapshot();
  kube.reset();
  expect((await kube.fetch(`${pods}/crash`)).status).toBe(404);
  kube.restore(snapshot);
  expect((await kube.fetch(`${pods}/crash`)).status).toBe(200);
});

test('an auto clock moves while somebody waits, and only then', async () => {
  await using auto = await startKube({ clock: 'auto' });
  await auto.fetch(pods, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(web('one')) });
  const before = auto.clock.now();
  await new Promise((resolve) => { setTimeout(resolve, 30); });
  expect(auto.clock.now()).toBe(before);
  const log = await auto.fetch(`${pods}/one/log?follow=true`);
  expect(await log.text()).toBe('');
  expect(auto.clock.now()).toBeGreaterThanOrEqual(before + 30_000);
});
