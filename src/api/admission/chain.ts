/**
 * The admission chain: what a default kube-apiserver does to a write between decoding and the resource's own strategy, in
 * the order of pkg/kubeapiserver/options/plugins.go. Steps mutate first, all of them; after the strategy they validate.
 * Plugins that a default server leaves off are not here, and those about features behind disabled gates neither; `clusterQuota`
 * is ours.
 */
import type { AdmissionStep } from '../admission.ts';
import { clusterQuota } from './cluster-quota.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import {
  mutatingAdmissionPolicy, mutatingAdmissionWebhook, validatingAdmissionPolicy, validatingAdmissionWebhook,
} from './not-emulated-admission.ts';
import { podResizeValidator } from './pod-resize-validator.ts';
import { podSecurity } from './pod-security.ts';
import { podTopologyLabels } from './pod-topology-labels.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './storage.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export const admissionChain: readonly AdmissionStep[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  defaultIngressClass,
  podTopologyLabels,
  podResizeValidator,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  clusterQuota,
  resourceQuota,
];
