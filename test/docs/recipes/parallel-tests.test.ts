import { describe, expect, test } from 'vitest';
import { startKube } from 'fakelet';

const kube = await startKube();

/** A cluster of its own for each test: a store, a clock and a seed that no other test sees. */
function cluster(name: string): string {
  kube.clusters.add({ name, options: { nodes: 2 } });
  return `/clusters/${name}`;
}

describe.concurrent('tests that run at once', () => {
  test.for(['a', 'b', 'c'])('%s', async (name, { expect: check }) => {
    const url = kube.url + cluster(name);
    const ask = (method: string, path: string, body: object) =>
      fetch(url + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    await ask('POST', '/api/v1/namespaces/default/pods', { metadata: { name }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
    const { object } = await (await ask('POST', '/_fakelet/v1/wait', { name, for: 'condition=Ready' })).json() as { object: { status: { phase: string } } };
    check(object.status.phase).toBe('Running');
    kube.clusters.remove(name);
  });
});

test('one cluster for several tests, prepared once and put back by a snapshot', async () => {
  await kube.pods.create({ metadata: { name: 'fixture' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
  await kube.pods.wait('fixture', 'condition=Ready');
  const prepared = kube.snapshot();

  await kube.pods.delete('fixture', { gracePeriodSeconds: 0 });
  kube.restore(prepared);
  expect((await kube.pods.get('fixture')).status.phase).toBe('Running');
  await kube.close();
});
