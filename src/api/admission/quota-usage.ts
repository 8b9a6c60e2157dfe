/** What objects use of a quota, and which resources and scopes concern which kind (pkg/quota/v1/evaluator/core). */
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { podLimits, podRequests } from '../../schema/pod-resources.ts';
import { podQOSClass } from '../../schema/pod-qos.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import { isExtendedResource } from '../validation/resource-names.ts';
import { classOf } from './storage.ts';

/** Amounts by the name under which a quota counts them. */
export type Usage = Map<string, Quantity>;

type ScopeRequirement = NonNullable<NonNullable<NonNullable<ResourceQuota['spec']>['scopeSelector']>['matchExpressions']>[number];

const one = parseQuantity('1');
const computeNames = ['cpu', 'memory', 'ephemeral-storage'];
/** Core kinds that quotas also count under their bare names. */
const bareNames = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas', 'services', 'persistentvolumeclaims']);

/** What the object counts for; pods that are over count as objects only. */
export function usageOf(object: KubeObject, group: string, resource: string, nowMs: number): Usage {
  const usage: Usage = new Map([[`count/${resource}${group === '' ? '' : `.${group}`}`, one]]);
  if (group !== '') return usage;
  if (bareNames.has(resource)) usage.set(resource, one);
  if (resource === 'pods') addPod(usage, object as unknown as Pod, nowMs);
  if (resource === 'services') addService(usage, object as unknown as Service);
  if (resource === 'persistentvolumeclaims') addClaim(usage, object as unknown as PersistentVolumeClaim);
  return usage;
}

function addPod(usage: Usage, pod: Pod, nowMs: number): void {
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded' || isLost(pod, nowMs)) return;
  for (const [name, amount] of computeUsage(podRequests(pod.spec), podLimits(pod.spec))) usage.set(name, amount);
}

/** Terminating for longer than it was given. */
function isLost({ metadata }: Pod, nowMs: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds !== undefined
    && nowMs > timeToMs(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

/** Requests and limits under the names that quotas use. */
export function computeUsage(requests: ReadonlyMap<string, Quantity>, limits: ReadonlyMap<string, Quantity>): Usage {
  const usage: Usage = new Map([['pods', one]]);
  for (const [name, amount] of requests) {
    const isHugePages = name.startsWith('hugepages-');
    if (computeNames.includes(name) || isHugePages) usage.set(name, amount);
    if (computeNames.includes(name) || isHugePages || isExtendedResource(name)) usage.set(`requests.${name}`, amount);
  }
  for (const name of computeNames) {
    const limit = limits.get(name);
    if (limit) usage.set(`limits.${name}`, limit);
  }
  return usage;
}

function addService(usage: Usage, { spec }: Service): void {
  const ports = spec?.ports ?? [];
  const countsAll = spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const nodePorts = countsAll ? ports : spec?.type === 'LoadBalancer' ? ports.filter(({ nodePort }) => nodePort) : [];
  usage.set('services.nodeports', parseQuantity(nodePorts.length));
  usage.set('services.loadbalancers', parseQuantity(spec?.type === 'LoadBalancer' ? 1 : 0));
}

function addClaim(usage: Usage, claim: PersistentVolumeClaim): void {
  const storage = claim.spec.resources?.requests?.['storage'];
  const amounts: [string, Quantity][] = [['persistentvolumeclaims', one]];
  if (storage !== undefined) amounts.push(['requests.storage', parseQuantity(storage)]);
  const storageClass = classOf(claim);
  for (const [name, amount] of amounts) {
    usage.set(name, amount);
    if (storageClass) usage.set(`${storageClass}.storageclass.storage.k8s.io/${name}`, amount);
  }
}

/** Those of the quota's resources that objects of this kind can use. */
export function concernedResources(names: readonly string[], group: string, resource: string): string[] {
  const objectCount = `count/${resource}${group === '' ? '' : `.${group}`}`;
  return names.filter((name) => name === objectCount || (group === '' && concerns(name, resource)));
}

function concerns(name: string, resource: string): boolean {
  if (bareNames.has(resource) && name === resource) return true;
  switch (resource) {
    case 'pods': {
      const bare = name.replace(/^(requests|limits)\./, '');
      return name === 'pods' || computeNames.includes(bare) || bare.startsWith('hugepages-')
        || (name.startsWith('requests.') && isExtendedResource(bare));
    }
    case 'services': return name === 'services.nodeports' || name === 'services.loadbalancers';
    case 'persistentvolumeclaims': return name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/');
    default: return false;
  }
}

/** Whether every scope of a quota takes the object in. */
export function inScopes(quota: ResourceQuota, object: KubeObject, resource: string): boolean {
  const requirements: ScopeRequirement[] = [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []),
  ];
  return requirements.every((requirement) => {
    if (resource === 'pods') return podInScope(object as unknown as Pod, requirement);
    if (resource !== 'persistentvolumeclaims' || requirement.scopeName !== 'VolumeAttributesClass') return false;
    return matches((object as unknown as PersistentVolumeClaim).spec.volumeAttributesClassName, requirement);
  });
}

export const isTerminatingScope = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0;

function podInScope(pod: Pod, requirement: ScopeRequirement): boolean {
  switch (requirement.scopeName) {
    case 'Terminating': return isTerminatingScope(pod);
    case 'NotTerminating': return !isTerminatingScope(pod);
    case 'BestEffort': return podQOSClass(pod.spec) === 'BestEffort';
    case 'NotBestEffort': return podQOSClass(pod.spec) !== 'BestEffort';
    case 'PriorityClass': return matches(pod.spec.priorityClassName, requirement);
    case 'CrossNamespacePodAffinity': return crossesNamespaces(pod);
    default: return false;
  }
}

function matches(value: string | undefined, { operator, values = [] }: ScopeRequirement): boolean {
  switch (operator) {
    case 'Exists': return Boolean(value);
    case 'DoesNotExist': return !value;
    case 'In': return Boolean(value) && values.includes(value!);
    case 'NotIn': return !value || !values.includes(value);
    default: return false;
  }
}

function crossesNamespaces({ spec }: Pod): boolean {
  return [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity].some((rules) => [
    ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ].some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined));
}
