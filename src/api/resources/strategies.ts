/** Which strategy each resource has. Resources that are not named here follow their facts alone. */
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { genericStrategy } from './generic-strategy.ts';
import { namespaceStrategy } from './namespaces.ts';
import { autoscalerStrategy } from './autoscalers.ts';
import { budgetStrategy, leaseStrategy } from './budgets-and-leases.ts';
import { claimStrategy } from './claims.ts';
import { signingRequestStrategy } from './certificate-signing-requests.ts';
import { runtimeClassStrategy, storageClassStrategy, volumeAttributesClassStrategy } from './classes.ts';
import { configMapStrategy, secretStrategy } from './config.ts';
import { controllerRevisionStrategy } from './controller-revisions.ts';
import { csiDriverStrategy, csiNodeStrategy, csiStorageCapacityStrategy, volumeAttachmentStrategy } from './csi.ts';
import { addressStrategy, serviceRangeStrategy } from './addresses.ts';
import {
  mutatingBindingStrategy, mutatingPolicyStrategy, validatingBindingStrategy, validatingPolicyStrategy, webhooksStrategy,
} from './admission-registration.ts';
import { definitionStrategy } from '../crd/definition-strategy.ts';
import { deviceClassStrategy, resourceClaimStrategy, resourceClaimTemplateStrategy, resourceSliceStrategy } from './devices.ts';
import { coreEventStrategy, eventsEventStrategy } from './events.ts';
import { endpointsStrategy } from './endpoints.ts';
import { endpointSliceStrategy } from './endpoint-slices.ts';
import { cronJobStrategy, jobStrategy } from './jobs.ts';
import { flowSchemaStrategy, priorityLevelStrategy } from './flow-control.ts';
import { ingressClassStrategy, ingressStrategy } from './ingresses.ts';
import { networkPolicyStrategy } from './network-policies.ts';
import { nodeStrategy } from './nodes.ts';
import { podStrategy } from './pods.ts';
import { limitRangeStrategy, quotaStrategy } from './quotas-and-limits.ts';
import { bindingStrategy, clusterRoleStrategy, roleStrategy } from './rbac.ts';
import { serviceAccountStrategy } from './service-accounts.ts';
import { serviceStrategy } from './services.ts';
import { volumeStrategy } from './persistent-volumes.ts';
import { priorityClassStrategy } from './priority-classes.ts';
import {
  daemonSetStrategy, deploymentStrategy, podTemplateStrategy, replicaSetStrategy, replicationControllerStrategy, statefulSetStrategy,
} from './workloads.ts';

type StrategyFactory = (facts: ResourceFacts) => Strategy;

const strategies: Readonly<Record<string, StrategyFactory>> = {
  '/namespaces': namespaceStrategy,
  '/events': () => coreEventStrategy,
  'events.k8s.io/events': () => eventsEventStrategy,
  '/configmaps': configMapStrategy,
  '/endpoints': endpointsStrategy,
  '/limitranges': limitRangeStrategy,
  '/resourcequotas': quotaStrategy,
  '/nodes': nodeStrategy,
  '/secrets': secretStrategy,
  '/serviceaccounts': serviceAccountStrategy,
  '/services': serviceStrategy,
  'coordination.k8s.io/leases': leaseStrategy,
  'autoscaling/horizontalpodautoscalers': autoscalerStrategy,
  'flowcontrol.apiserver.k8s.io/flowschemas': flowSchemaStrategy,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': priorityLevelStrategy,
  'networking.k8s.io/ingressclasses': ingressClassStrategy,
  'networking.k8s.io/ingresses': ingressStrategy,
  'networking.k8s.io/ipaddresses': addressStrategy,
  'networking.k8s.io/networkpolicies': networkPolicyStrategy,
  'networking.k8s.io/servicecidrs': serviceRangeStrategy,
  'policy/poddisruptionbudgets': budgetStrategy,
  '/persistentvolumeclaims': claimStrategy,
  '/persistentvolumes': volumeStrategy,
  '/podtemplates': podTemplateStrategy,
  '/replicationcontrollers': replicationControllerStrategy,
  'admissionregistration.k8s.io/mutatingadmissionpolicies': mutatingPolicyStrategy,
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': mutatingBindingStrategy,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhooksStrategy,
  'admissionregistration.k8s.io/validatingadmissionpolicies': validatingPolicyStrategy,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': validatingBindingStrategy,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhooksStrategy,
  'apiextensions.k8s.io/customresourcedefinitions': definitionStrategy,
  'apps/controllerrevisions': controllerRevisionStrategy,
  'apps/daemonsets': daemonSetStrategy,
  'apps/deployments': deploymentStrategy,
  'apps/replicasets': replicaSetStrategy,
  'apps/statefulsets': statefulSetStrategy,
  'batch/cronjobs': cronJobStrategy,
  'batch/jobs': jobStrategy,
  'certificates.k8s.io/certificatesigningrequests': signingRequestStrategy,
  'discovery.k8s.io/endpointslices': endpointSliceStrategy,
  'node.k8s.io/runtimeclasses': runtimeClassStrategy,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingStrategy,
  'rbac.authorization.k8s.io/clusterroles': clusterRoleStrategy,
  'rbac.authorization.k8s.io/rolebindings': bindingStrategy,
  'rbac.authorization.k8s.io/roles': roleStrategy,
  'resource.k8s.io/deviceclasses': deviceClassStrategy,
  'resource.k8s.io/resourceclaims': resourceClaimStrategy,
  'resource.k8s.io/resourceclaimtemplates': resourceClaimTemplateStrategy,
  'resource.k8s.io/resourceslices': resourceSliceStrategy,
  'scheduling.k8s.io/priorityclasses': priorityClassStrategy,
  'storage.k8s.io/csidrivers': csiDriverStrategy,
  'storage.k8s.io/csinodes': csiNodeStrategy,
  'storage.k8s.io/csistoragecapacities': csiStorageCapacityStrategy,
  'storage.k8s.io/storageclasses': storageClassStrategy,
  'storage.k8s.io/volumeattachments': volumeAttachmentStrategy,
  'storage.k8s.io/volumeattributesclasses': volumeAttributesClassStrategy,
  '/pods': () => podStrategy as unknown as Strategy,
};

export function strategyOf(group: string, facts: ResourceFacts): Strategy {
  return (strategies[`${group}/${facts.resource}`] ?? genericStrategy)(facts);
}
