/**
 * What one object uses of a ResourceQuota, and which Pods a quota with scopes is about. Shared by admission, which
 * charges for new objects, and the controller, which counts what is there. Pure.
 * Upstream: pkg/quota/v1/evaluator/core and apiserver/pkg/quota/v1/generic.
 */
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from './core/v1.ts';
import type { KubeObject } from './objects.ts';
import { podLimits, podRequests } from './pod-resources.ts';
import { timeToMs } from './values/time.ts';
import { parseQuantity, type Quantity } from './values/quantity.ts';

/** Quota resource name → amount. */
export type Usage = Map<string, Quantity>;

const one = parseQuantity('1');
const zero = parseQuantity('0');
/** Resources that may be limited by their bare name, as well as by `count/…`. */
const bareCounts = new Set(['configmaps', 'persistentvolumeclaims', 'pods', 'replicationcontrollers', 'resourcequotas', 'secrets', 'services']);

/** What an object of `resource` (`pods`, `leases.coordination.k8s.io`) uses at `now`, in milliseconds. */
export function usageOf(resource: string, object: KubeObject, now: number): Usage {
  const usage: Usage = new Map([[`count/${resource}`, one]]);
  if (resource === 'pods') return isFinished(object as Pod, now) ? usage : addPod(usage, object as Pod);
  if (bareCounts.has(resource)) usage.set(resource, one);
  if (resource === 'services') addService(usage, object as Service);
  if (resource === 'persistentvolumeclaims') addClaim(usage, object as PersistentVolumeClaim);
  return usage;
}

/** Adds `more` to `total`. */
export function addUsage(total: Usage, more: Usage): void {
  for (const [name, amount] of more) total.set(name, (total.get(name) ?? zero).add(amount));
}

/** The resource that a quota name is counted on (`requests.cpu` → `pods`), or undefined when nothing counts it. */
export function countedResource(quotaName: string): string | undefined {
  if (quotaName.startsWith('count/')) return quotaName.slice('count/'.length);
  if (bareCounts.has(quotaName)) return quotaName;
  if (quotaName.startsWith('services.')) return 'services';
  if (quotaName === 'requests.storage' || quotaName.includes('.storageclass.storage.k8s.io/')) return 'persistentvolumeclaims';
  const ofPods = /^(requests\.|limits\.)|^(cpu|memory|ephemeral-storage|hugepages-.*)$/.test(quotaName);
  return ofPods ? 'pods' : undefined;
}

/** True when the quota is about this object: quotas with scopes are about the Pods, or the claims, that match all of them. */
export function quotaApplies({ spec }: ResourceQuota, resource: string, object: KubeObject): boolean {
  const scopes = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: undefined }));
  const requirements = [...scopes, ...(spec?.scopeSelector?.matchExpressions ?? [])];
  if (requirements.length === 0) return true;
  return requirements.every(({ scopeName, operator, values = [] }) => {
    if (resource === 'pods') return inScope(object as Pod, scopeName, operator, values);
    return resource === 'persistentvolumeclaims' && scopeName === 'VolumeAttributesClass'
      && attributesClasses(object as PersistentVolumeClaim).some((name) => matchesClass(name, operator, values));
  });
}

/** The classes that a claim has, had or will have; an empty name when there is none. */
function attributesClasses({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [spec?.volumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName, status?.currentVolumeAttributesClassName]
    .filter((name) => !!name) as string[];
  return names.length > 0 ? names : [''];
}

function inScope({ spec, status }: Pod, scope: string, operator: string, values: readonly string[]): boolean {
  const terminating = spec?.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
  switch (scope) {
    case 'Terminating': return terminating;
    case 'NotTerminating': return !terminating;
    case 'BestEffort': return status?.qosClass === 'BestEffort';
    case 'NotBestEffort': return status?.qosClass !== 'BestEffort';
    case 'PriorityClass': return matchesClass(spec?.priorityClassName ?? '', operator, values);
    case 'CrossNamespacePodAffinity': return usesOtherNamespaces(spec);
    default: return false;
  }
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'Exists': return name !== '';
    case 'DoesNotExist': return name === '';
    case 'In': return values.includes(name);
    case 'NotIn': return !values.includes(name);
    default: return false;
  }
}

function usesOtherNamespaces(spec: Pod['spec']): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined));
}

/** Ended, or stuck beyond its grace period, for example on a lost node. */
function isFinished({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata ?? {};
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds !== undefined
    && now > timeToMs(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function addPod(usage: Usage, { spec }: Pod): Usage {
  usage.set('pods', one);
  if (!spec) return usage;
  for (const [name, amount] of podRequests(spec)) {
    if (!name.includes('/')) usage.set(name, amount);
    usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of podLimits(spec)) if (!name.includes('/')) usage.set(`limits.${name}`, amount);
  return usage;
}

function addService(usage: Usage, { spec }: Service): void {
  const isLoadBalancer = spec?.type === 'LoadBalancer';
  if (!isLoadBalancer && spec?.type !== 'NodePort') return;
  // Without allocation only the node ports count that were asked for.
  const asked = isLoadBalancer && spec.allocateLoadBalancerNodePorts === false;
  const ports = (spec.ports ?? []).filter(({ nodePort }) => !asked || !!nodePort);
  usage.set('services.nodeports', parseQuantity(ports.length));
  if (isLoadBalancer) usage.set('services.loadbalancers', one);
}

function addClaim(usage: Usage, { metadata, spec }: PersistentVolumeClaim): void {
  const storageClass = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
  const storage = spec?.resources?.requests?.['storage'];
  if (storage !== undefined) usage.set('requests.storage', parseQuantity(storage));
  if (storageClass === '') return;
  const prefix = `${storageClass}.storageclass.storage.k8s.io`;
  usage.set(`${prefix}/persistentvolumeclaims`, one);
  if (storage !== undefined) usage.set(`${prefix}/requests.storage`, parseQuantity(storage));
}
