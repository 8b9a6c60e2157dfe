import { expect, test } from 'vitest';
import { startKube } from 'fakelet';
import 'fakelet/vitest';

test('a budget blocks an eviction until there is room', async () => {
  await using kube = await startKube();
  const deployments = kube.resource('deployments.apps');
  await deployments.create({
    metadata: { name: 'web' },
    spec: {
      replicas: 2, selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } },
    },
  });
  await kube.resource('poddisruptionbudgets.policy').create({ metadata: { name: 'web' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } });
  await deployments.wait('web', 'condition=Available');
  const [name = ''] = (await kube.pods.list()).map(({ metadata }) => metadata.name);
  await expect(kube.pods.evict(name)).rejects.toMatchObject({ code: 429, reason: 'TooManyRequests' });

  await deployments.patch('web', { spec: { replicas: 3 } });
  await deployments.wait('web', 'jsonpath={.status.readyReplicas}=3');
  await kube.pods.evict(name);
  await kube.pods.wait(name, 'delete');
});
