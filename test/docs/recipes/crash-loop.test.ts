import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('the third start fails, and the next one runs', async () => {
  await using kube = await startKube();
  kube.behaviors.add({ selector: { labels: { app: 'web' } }, script: { exits: [{ code: 0, after: '10s' }, { code: 0, after: '10s' }, { code: 7, after: '1s' }, { after: 'never' }] } });
  await kube.pods.create({ metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'example.com/web:1' }] } });
  await kube.until(pod('web').meets('jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=7'));
  await kube.until(pod('web').isReady());
  expect(kube).toHaveRestarted('web', 3);
  expect(kube).toHaveEvents('web', ['Scheduled', 'Pulled', { reason: 'BackOff', type: 'Warning' }]);
});

test('the back-off of a crash loop ends at five minutes', async () => {
  await using kube = await startKube();
  await kube.pods.create({ metadata: { name: 'crash' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'exit 1'] }] } });
  await kube.clock.advance('1h');
  const { restartCount } = (await kube.pods.get('crash')).status.containerStatuses![0]!;
  await kube.clock.advance('5m30s');
  expect(kube).toHaveRestarted('crash', restartCount + 1);
});
