import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

test('a Pod that crashes is backed off', async () => {
  await using kube = await startKube();
  await fetch(`${kube.url}/api/v1/namespaces/default/pods`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'crash' },
      spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'exit 1'] }] },
    }),
  });
  await kube.clock.advance('10m');
  const pod = await (await fetch(`${kube.url}/api/v1/namespaces/default/pods/crash`)).json();
  expect(pod).toMatchObject({ status: { containerStatuses: [{ restartCount: 6 }] } });
});
