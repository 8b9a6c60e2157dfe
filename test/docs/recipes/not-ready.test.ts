import { expect, test } from 'vitest';
import { pod, startKube } from 'fakelet';

test('says what is in the way', async () => {
  await using kube = await startKube();
  await kube.pods.create({ metadata: { name: 'crash' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'exit 1'] }] } });
  await kube.until(pod('crash').meets('jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff'));
  const [first] = kube.explain('crash').findings;
  expect(first).toMatchObject({ about: 'container app', what: expect.stringContaining('it ended with 1'), next: expect.stringContaining('starts again at') });
});
