import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

test('the operator sees why a container ended', async () => {
  await using kube = await startKube();
  kube.behaviors.add({
    selector: { labels: { app: 'web' } },
    script: {
      pull: [{ result: 'denied' }, { result: 'ok', after: '3s' }],
      probes: { readiness: [{ result: 'failure', output: 'warming up', for: '20s' }, { result: 'success' }] },
      usage: [{ memory: '50Mi', for: '1m' }, { memory: '500Mi' }],
    },
  });
  await fetch(`${kube.url}/api/v1/namespaces/default/pods`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        containers: [{
          name: 'app', image: 'my.registry/web:1', resources: { limits: { memory: '100Mi' } },
          readinessProbe: { httpGet: { path: '/ready', port: 80 }, periodSeconds: 5 },
        }],
      },
    }),
  });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  const { object } = await kube.wait({ name: 'web', for: 'jsonpath={.status.containerStatuses[0].restartCount}=1' });
  expect(object).toMatchObject({ status: { containerStatuses: [{ lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }] } });
  kube.behaviors.assertAllUsed();
});
