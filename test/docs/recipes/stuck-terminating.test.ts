import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a Pod stays Terminating until its finalizer is gone', async () => {
  await using kube = await startKube();
  await kube.pods.create({
    metadata: { name: 'web', finalizers: ['example.com/cleanup'] },
    spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', '3600'] }] },
  });
  await kube.until(pod('web').isReady());
  await kube.pods.delete('web');
  await kube.clock.advance('1h');
  expect(kube).toHaveObject('web');
  expect(kube).not.toBeReady('web');

  await kube.pods.patch('web', { metadata: { finalizers: [] } }, { type: 'merge' });
  await kube.until(pod('web').isGone());
});

test('a container that ignores SIGTERM is killed after its grace period', async () => {
  await using kube = await startKube();
  await kube.pods.create({
    metadata: { name: 'deaf' },
    spec: { terminationGracePeriodSeconds: 20, containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', "trap '' TERM; while true; do sleep 1; done"] }] },
  });
  await kube.until(pod('deaf').isReady());
  const before = kube.clock.now();
  await kube.pods.delete('deaf');
  await kube.until(pod('deaf').isGone());
  expect(kube.clock.now() - before).toBeGreaterThanOrEqual(20_000);
});
