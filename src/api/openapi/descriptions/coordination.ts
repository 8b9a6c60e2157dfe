/** Texts of the group coordination.k8s.io: leases. */
import type { Texts } from './texts.ts';

export const coordinationTexts = (): Texts => ({
  Lease: ['Says who holds something for now; nodes renew one to show that they live.', { spec: 'Who holds the lease, and for how long.' }],
  LeaseSpec: ['Who holds a lease, and for how long.', {
    holderIdentity: 'Who holds the lease.',
    leaseDurationSeconds: 'After how many seconds without a renewal others may take it.',
    acquireTime: 'When the holder got it.',
    renewTime: 'When the holder last renewed it.',
    leaseTransitions: 'How often it went from one holder to another.',
    strategy: 'How a holder is chosen, when candidates do not settle it themselves.',
    preferredHolder: 'Who should get the lease next.',
  }],
});
