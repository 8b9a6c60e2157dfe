import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod, startKube } from 'fakelet';

test('a Pod becomes ready', async (t) => {
  const kube = await startKube();
  t.after(() => kube.close());
  await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
  const { object } = await kube.until(pod('web').isReady());
  assert.equal(object.status.phase, 'Running');
});
