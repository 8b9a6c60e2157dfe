/** Texts of what decides where a Pod runs. */
import type { Texts } from './texts.ts';

export const schedulingTexts = (): Texts => ({
  Affinity: ['Which nodes and which other Pods a Pod is drawn to or kept from.', {
    nodeAffinity: 'Nodes that the Pod prefers or needs.',
    podAffinity: 'Pods near which the Pod prefers or needs to run.',
    podAntiAffinity: 'Pods from which the Pod prefers or needs to stay away.',
  }],
  NodeAffinity: ['Nodes that a Pod prefers or needs.', {
    requiredDuringSchedulingIgnoredDuringExecution: 'What a node has to be for the Pod to be put there; later changes of the node do not move the Pod.',
    preferredDuringSchedulingIgnoredDuringExecution: 'What a node had better be; weights of all that fit are added up.',
  }],
  NodeSelector: ['Chooses nodes that fit at least one of the terms.', { nodeSelectorTerms: 'The terms, at least one.' }],
  NodeSelectorTerm: ['Chooses nodes that meet all requirements; one without any chooses none.', {
    matchExpressions: 'Requirements on labels of the node.',
    matchFields: 'Requirements on fields of the node; metadata.name is the only one.',
  }],
  NodeSelectorRequirement: ['One requirement on a label or field of a node.', {
    key: 'The key of the label, or the path of the field.',
    operator: 'How it is compared: In, NotIn, Exists, DoesNotExist, Gt or Lt.',
    values: 'What it is compared with: one or more values for In and NotIn, none for Exists and DoesNotExist, one integer for Gt and Lt.',
  }],
  PreferredSchedulingTerm: ['A preference for nodes.', {
    weight: 'How much it counts, 1 to 100.',
    preference: 'The nodes that are preferred.',
  }],
  PodAffinity: ['Pods near which a Pod prefers or needs to run.', {
    requiredDuringSchedulingIgnoredDuringExecution: 'Pods that have to be near when the Pod is put on a node; all terms have to hold.',
    preferredDuringSchedulingIgnoredDuringExecution: 'Pods that had better be near; weights of all that fit are added up.',
  }],
  PodAntiAffinity: ['Pods from which a Pod prefers or needs to stay away.', {
    requiredDuringSchedulingIgnoredDuringExecution: 'Pods that must not be near when the Pod is put on a node; all terms have to hold.',
    preferredDuringSchedulingIgnoredDuringExecution: 'Pods that had better not be near; weights of all that fit are counted against the node.',
  }],
  PodAffinityTerm: ['Chooses Pods, and says what being near to them means.', {
    labelSelector: 'Chooses Pods by their labels; no Pods when it is missing.',
    namespaces: 'The namespaces in which Pods are looked for; the Pod\'s own unless others are given or selected.',
    topologyKey: 'Nodes with the same value of this label are near to one another.',
    namespaceSelector: 'Chooses further namespaces by their labels; an empty one chooses all.',
    matchLabelKeys: 'Keys of labels whose values have to be those of the Pod itself.',
    mismatchLabelKeys: 'Keys of labels whose values must not be those of the Pod itself.',
  }],
  WeightedPodAffinityTerm: ['A preference about Pods.', {
    weight: 'How much it counts, 1 to 100.',
    podAffinityTerm: 'The Pods that it is about.',
  }],
  Toleration: ['Lets a Pod stay on nodes with certain taints.', {
    key: 'The key of the taints; all keys when it is empty and the operator is Exists.',
    operator: 'How the value is compared: Equal, Exists, Gt or Lt; Equal unless said otherwise.',
    value: 'What the value of the taint is compared with; empty for Exists.',
    effect: 'The effect of the taints: NoSchedule, PreferNoSchedule or NoExecute; all effects when it is empty.',
    tolerationSeconds: 'For NoExecute, how many seconds the Pod may stay; for ever unless given.',
  }],
  TopologySpreadConstraint: ['How evenly Pods are to be spread over parts of the cluster, for example zones.', {
    maxSkew: 'By how many Pods one part may be ahead of the emptiest one.',
    topologyKey: 'Nodes with the same value of this label are one part.',
    whenUnsatisfiable: 'Whether a Pod that fits nowhere waits (DoNotSchedule) or goes where it does the least harm (ScheduleAnyway).',
    labelSelector: 'Chooses the Pods that are counted.',
    minDomains: 'With fewer parts than this, the emptiest one is taken to have no Pods.',
    nodeAffinityPolicy: 'Whether only nodes that the Pod\'s selector and affinity allow are counted (Honor) or all (Ignore).',
    nodeTaintsPolicy: 'Whether nodes with taints that the Pod does not tolerate are left out (Honor) or counted (Ignore).',
    matchLabelKeys: 'Keys of labels whose values have to be those of the Pod itself for another Pod to be counted.',
  }],
});
