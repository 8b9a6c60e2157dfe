/** A cluster is bounded: objects, nodes, and what its limits say of themselves. */
import { afterAll, expect, test } from 'vitest';
import { startKube } from 'fakelet';
import { limits } from '../../src/limits.ts';

const kube = await startKube({ quota: 'objects=600,nodes=3' });
afterAll(() => kube.close());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(kube.url + path, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() as Record<string, unknown> };
}

test('a client in a loop is refused before the memory is full, and goes on once there is room', async () => {
  const maps = kube.resource('configmaps');
  let created = 0;
  const fill = async () => { for (;; created++) await maps.create({ metadata: { name: `m-${created}` } }); };
  const refusal = await fill().catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 403, reason: 'Forbidden',
    message: `configmaps "m-${created}" is forbidden: exceeded quota: fakelet --quota, requested: objects=1, used: objects=600, limited: objects=600`,
  });
  expect(created).toBeGreaterThan(400);
  await maps.patch('m-0', { data: { a: 'changes add nothing' } });
  await maps.delete('m-1');
  await maps.create({ metadata: { name: 'again' } });
  await expect(maps.create({ metadata: { name: 'too-many' } })).rejects.toMatchObject({ code: 403 });
});

test('components are refused as clients are, and the cluster stays alive', async () => {
  kube.reset();
  await kube.resource('deployments.apps').create({
    metadata: { name: 'many' }, spec: { replicas: 700, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'nginx:1.29' }] } } },
  });
  await kube.clock.advance('1m');
  expect((await kube.pods.list()).length).toBeGreaterThan(50);
  expect(await ask('GET', '/version')).toMatchObject({ status: 200 });
  await kube.resource('deployments.apps').delete('many');
  await kube.clock.advance('2m');
  expect(await kube.pods.list()).toEqual([]);
});

test('nodes have a quota of their own', async () => {
  kube.reset();
  expect(kube.controls.addNodes({ count: 2 })).toEqual({ nodes: ['node-2', 'node-3'] });
  expect(await ask('POST', '/_fakelet/v1/nodes', {})).toEqual({ status: 429, body: { error: 'Failed to add nodes: 3 + 1 exceed the quota of 3. Remove some, or raise --quota nodes=N.' } });
});

test('each cluster has its own quota', async () => {
  expect(await ask('POST', '/_fakelet/v1/clusters', { name: 'small', options: { quota: 'nodes=1' } })).toMatchObject({ status: 200 });
  expect(await ask('POST', '/clusters/small/_fakelet/v1/nodes', {})).toMatchObject({ status: 429, body: { error: expect.stringContaining('quota of 1') as string } });
});

test.each([
  ['objects=10', 'Failed to read --quota: objects=10 is below 500'],
  ['objects=999999999', 'Failed to read --quota: objects=999999999 is above the limit objectsMax (5000000). Give less.'],
  ['nodes=999999999', 'Failed to read --quota: nodes=999999999 is above the limit nodesMax (100000). Give less.'],
  ['nodes=0', 'Failed to read --nodes: 1 is above the quota of nodes (0). Give less.'],
  ['pods=3', "Failed to read quota: 'pods=3' is not valid"],
])('the quota %s is refused', async (quota, why) => {
  await expect(startKube({ quota })).rejects.toThrow(why);
  expect(await ask('POST', '/_fakelet/v1/clusters', { name: 'wrong', options: { quota } })).toMatchObject({ status: 400, body: { error: expect.stringContaining(why) as string } });
});

test('every limit is shown by about', async () => {
  expect((await ask('GET', '/_fakelet/v1/about')).body['limits']).toEqual({ ...limits });
});
