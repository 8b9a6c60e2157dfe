import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

test('a client comes back after the server was busy and the watch was lost', async () => {
  await using kube = await startKube();
  const url = `${kube.url}/api/v1/namespaces/default/configmaps`;
  kube.faults.add({ name: 'busy', match: { verbs: ['list'], resource: 'configmaps' }, nth: 2, effect: { error: { code: 429, retryAfterSeconds: 5 } } });
  expect((await fetch(url)).status).toBe(200);
  const busy = await fetch(url);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '5']);

  const watch = (await fetch(`${url}?watch=true`)).body!.getReader();
  await watch.read();
  expect(kube.faults.breakWatches({ resource: 'configmaps' })).toEqual({ watches: 1 });
  await expect(watch.read()).rejects.toThrow();

  kube.faults.add({ name: 'slow', match: { path: '/readyz' }, effect: { delay: '30s' } });
  const answer = fetch(`${kube.url}/readyz`);
  while (kube.faults.get('slow').hit === 0) await new Promise((resolve) => { setImmediate(resolve); });
  await kube.clock.advance('30s');
  expect((await answer).status).toBe(200);
  kube.faults.assertAllUsed();
});
