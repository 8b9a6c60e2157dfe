import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

test('an informer comes back after its watch was lost and its revision is too old', async () => {
  await using kube = await startKube({ clock: 'real' });
  const config = new KubeConfig();
  config.loadFromString(kube.kubeconfig());
  const api = config.makeApiClient(CoreV1Api);
  const seen: string[] = [];
  const informer = makeInformer(config, '/api/v1/namespaces/default/configmaps', () => api.listNamespacedConfigMap({ namespace: 'default' }));
  informer.on('add', ({ metadata }) => void seen.push(metadata!.name!));
  const lost = new Promise((resolve) => { informer.on('error', resolve); });
  await informer.start();
  kube.faults.breakWatches({ resource: 'configmaps' });
  await lost;

  // While it is away something happens, and the history is forgotten: the next watch answers 410.
  await kube.resource('configmaps').create({ metadata: { name: 'missed' } });
  kube.faults.add({ name: 'too-old', match: { verbs: ['watch'], resource: 'configmaps' }, count: 1, effect: { expired: true } });
  await informer.start();
  await expect.poll(() => seen).toContain('missed');
  await informer.stop();
});
