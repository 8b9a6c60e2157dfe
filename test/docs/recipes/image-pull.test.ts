import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a registry denies twice, and then the Pod comes up', async () => {
  await using kube = await startKube();
  kube.behaviors.add({ selector: { image: 'my.registry/*' }, script: { pull: [{ result: 'denied' }, { result: 'denied' }, { result: 'ok', after: '4s' }] } });
  await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'my.registry/web:1' }] } });
  await kube.until(pod('web').hasEvent('BackOff'));
  expect(kube).toHavePhase('web', 'Pending');
  await kube.until(pod('web').isReady());
  expect(kube).toHaveEvents('web', [{ reason: 'Failed', message: 'ErrImagePull', count: 2 }, 'Pulled', 'Started']);
});
