import { expect, test } from 'vitest';
import { object, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a node dies, and its Pods come up elsewhere', async () => {
  await using kube = await startKube({ nodes: 2 });
  await kube.resource('deployments.apps').create({
    metadata: { name: 'web' },
    spec: {
      replicas: 2, selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } },
    },
  });
  await kube.until(object('deployments.apps', 'web').hasCondition('Available'));
  kube.controls.node('node-1', 'stop');
  await kube.until(object('nodes', 'node-1').hasCondition('Ready', 'Unknown'));
  await kube.clock.advance('6m');
  const nodes = (await kube.pods.list({ fieldSelector: 'status.phase=Running' })).filter(({ metadata }) => !metadata.deletionTimestamp).map(({ spec }) => spec.nodeName);
  expect(nodes).toEqual(['node-2', 'node-2']);
});
