import { expect, test } from 'vitest';
import { ApiError, startKube, type Kube } from 'fakelet';

/** What is under test, in miniature: renews its lease, and steps down when that failed for ten seconds. */
class Leader {
  leads = true;
  #renewedAt: number;
  readonly #kube: Kube;

  constructor(kube: Kube) {
    this.#kube = kube;
    this.#renewedAt = kube.clock.now();
  }

  async renew(): Promise<void> {
    const now = this.#kube.clock.now();
    try {
      await this.#kube.resource('leases.coordination.k8s.io').patch('leader', { spec: { holderIdentity: 'me', renewTime: new Date(now).toISOString().replace('Z', '000Z') } });
      this.#renewedAt = now;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    this.leads = now - this.#renewedAt < 10_000;
  }
}

test('a leader that cannot renew its lease steps down', async () => {
  await using kube = await startKube();
  await kube.resource('leases.coordination.k8s.io').create({ metadata: { name: 'leader' }, spec: { holderIdentity: 'me' } });
  const leader = new Leader(kube);
  const turn = async () => {
    await kube.clock.advance('2s');
    await leader.renew();
    return leader.leads;
  };
  expect([await turn(), await turn()]).toEqual([true, true]);
  kube.faults.add({ match: { verbs: ['patch'], resource: 'leases.*' }, effect: { error: { code: 503 } } });
  expect([await turn(), await turn(), await turn(), await turn(), await turn()]).toEqual([true, true, true, true, false]);
});
