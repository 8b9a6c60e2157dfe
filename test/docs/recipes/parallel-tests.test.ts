import { describe, expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';

const kube = await startKube();

/** A cluster of its own for each test: a store, a clock and a seed that no other test sees. */
function ownCluster(name: string) {
  kube.clusters.add({ name, options: { nodes: 2 } });
  return { ...kube.cluster(name), [Symbol.dispose]: () => void kube.clusters.remove(name) };
}

describe.concurrent('tests that run at once', () => {
  test.for(['a', 'b', 'c'])('%s', async (name, { expect: check }) => {
    using own = ownCluster(name);
    await own.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
    await own.until(pod('web').isReady());
    check((await own.pods.list()).length).toBe(1);
    check((await fetch(`${own.url}/api/v1/namespaces/default/pods/web`)).status).toBe(200);
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
