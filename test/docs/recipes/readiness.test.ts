import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';
import 'fakelet/vitest';

test('a readiness probe flaps', async () => {
  await using kube = await startKube();
  kube.behaviors.add({ script: { probes: { readiness: [{ result: 'success', for: '30s' }, { result: 'failure', for: '30s' }, { result: 'success' }] } } });
  await kube.pods.create({
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app', image: 'nginx:1.29', readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 1 } }] },
  });
  await kube.until(pod('web').isReady());
  await kube.until(pod('web').hasCondition('Ready', 'False'));
  expect(kube).toHaveEvents('web', ['Started', { reason: 'Unhealthy', message: /^Readiness probe failed/ }]);
  await kube.until(pod('web').isReady());
  expect(kube).not.toHaveRestarted('web');
});

test('a readiness gate is set by a controller', async () => {
  await using kube = await startKube();
  await kube.pods.create({
    metadata: { name: 'web' },
    spec: { readinessGates: [{ conditionType: 'example.com/in-rotation' }], containers: [{ name: 'app', image: 'nginx:1.29' }] },
  });
  await kube.until(pod('web').hasPhase('Running'));
  expect(kube).toHaveCondition('web', 'Ready', 'False');
  await kube.pods.patchStatus('web', { conditions: [{ type: 'example.com/in-rotation', status: 'True' }] });
  await kube.until(pod('web').isReady());
});
