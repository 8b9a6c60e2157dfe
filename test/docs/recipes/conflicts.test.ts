import { expect, test } from 'vitest';
import { ApiError, startKube, type Kube } from 'fakelet';

/** What is under test: increments a counter, and tries again when somebody else was faster. */
async function increment(kube: Kube, tries = 5): Promise<number> {
  const maps = kube.resource('configmaps');
  for (let i = 1; ; i++) {
    const map = await maps.get('counter');
    try {
      await maps.update({ ...map, data: { count: String(Number(map.data!['count']) + 1) } });
      return i;
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'Conflict' || i === tries) throw error;
    }
  }
}

test('three conflicts in a row are survived', async () => {
  await using kube = await startKube();
  await kube.resource('configmaps').create({ metadata: { name: 'counter' }, data: { count: '0' } });
  kube.faults.add({ name: 'storm', match: { verbs: ['update'], resource: 'configmaps' }, count: 3, effect: { error: { code: 409 } } });
  expect(await increment(kube)).toBe(4);
  expect((await kube.resource('configmaps').get('counter')).data).toEqual({ count: '1' });
  kube.faults.assertAllUsed();
});
