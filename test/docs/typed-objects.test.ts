import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a Pod is restarted until it is deleted', async () => {
  await using kube = await startKube({ seed: 7 });
  await kube.pods.create({
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'echo started; sleep 20; exit 1'] }] },
  });
  await kube.until(pod('web').isReady());
  expect(await kube.pods.log('web')).toBe('started\n');
  await kube.clock.advance('5m');
  expect(kube).toHaveRestarted('web', 5);
  expect(kube).toHaveEvents('web', ['Scheduled', 'Started', { reason: 'BackOff', type: 'Warning' }]);
  await kube.pods.delete('web');
  await kube.until(pod('web').isGone());
  expect(await kube.pods.list({ labelSelector: 'app=web' })).toEqual([]);
});
