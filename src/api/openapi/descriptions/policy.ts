/** Texts of the group policy: disruption budgets and evictions. */
import type { Texts } from './texts.ts';

export const policyTexts = (): Texts => ({
  PodDisruptionBudget: ['Bounds how many of a set of Pods may be evicted at the same time.', {
    spec: 'Which Pods are meant, and how many of them have to stay.',
    status: 'How many of the Pods are well, and how many may go.',
  }],
  PodDisruptionBudgetSpec: ['Which Pods are meant, and how many of them have to stay; only one of the two bounds is set.', {
    minAvailable: 'How many Pods have to stay, as a number or a share.',
    selector: 'Chooses the Pods by their labels; an empty one chooses all of the namespace.',
    maxUnavailable: 'How many Pods may be missing, as a number or a share.',
    unhealthyPodEvictionPolicy: 'Whether Pods that are not ready may always go (AlwaysAllow) or only when enough others are well (IfHealthyBudget).',
  }],
  PodDisruptionBudgetStatus: ['How many of the Pods are well, and how many may go.', {
    observedGeneration: 'The generation of the budget that the status was made from.',
    disruptedPods: 'Pods whose eviction was allowed and that are not seen to end yet, with the time of it.',
    disruptionsAllowed: 'How many Pods may be evicted now.',
    currentHealthy: 'How many Pods are well.',
    desiredHealthy: 'How many Pods have to be well.',
    expectedPods: 'How many Pods there should be.',
    conditions: 'What holds of the budget, for example whether an eviction is allowed.',
  }],
  Eviction: ['Asks for a Pod to be deleted as far as disruption budgets allow; it is posted to the subresource eviction.', {
    deleteOptions: 'How the Pod is to be deleted.',
  }],
});
