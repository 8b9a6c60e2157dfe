import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a database keeps its data over a restart, and its claim when the set is gone', async () => {
  await using kube = await startKube();
  await kube.resource('storageclasses.storage.k8s.io').create({
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'rancher.io/local-path', volumeBindingMode: 'WaitForFirstConsumer',
  });
  await kube.resource('statefulsets.apps').create({
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db', replicas: 1, selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{
            name: 'db', image: 'busybox:1.36', command: ['sh', '-c', 'echo started >> /data/log; cat /data/log; sleep 3600'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          }],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
    },
  });
  await kube.until(pod('db-0').isReady());
  await kube.pods.delete('db-0');
  await kube.until(pod('db-0').isReady());
  expect(await kube.pods.log('db-0')).toBe('started\nstarted\n');
  await kube.resource('statefulsets.apps').delete('db');
  expect(await kube.resource('persistentvolumeclaims').get('data-db-0')).toMatchObject({ status: { phase: 'Bound' } });
});
