/**
 * ResourceQuota: the last step, since it charges. What is used stands in the quota's status, where the quota controller
 * corrects it; a write that fails later gives its charge back.
 */
import type { Pod, ResourceQuota } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { isPodLevelResource } from '../../schema/pod-resources.ts';
import { countedResource, quotaApplies, usageOf, type Usage } from '../../schema/quota-usage.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import type { AdmissionRequest, AdmissionStep } from '../admission.ts';
import { printResource } from '../errors.ts';
import { isResource, podOf, refusal } from './refusal.ts';

type Amounts = Readonly<Record<string, string>>;

/** Resources that every container must ask for where a quota limits them. */
const demanded = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);
const zero = parseQuantity('0');

export const resourceQuota: AdmissionStep = {
  name: 'ResourceQuota',
  validate(request, context) {
    if (request.namespace === '' || !isCharged(request)) return;
    const quotas = context.list('', 'resourcequotas', request.namespace) as unknown as ResourceQuota[];
    if (quotas.length === 0) return;
    const charged = quotas.map((quota) => charge(quota, request, context.now)).filter((one) => one !== undefined);
    if (request.dryRun) return;
    for (const [before, after] of charged) {
      context.updateStatus('', 'resourcequotas', after);
      request.onFailure(() => context.updateStatus('', 'resourcequotas', before));
    }
  },
};

/** Writes that can raise the usage of something. */
function isCharged(request: AdmissionRequest): boolean {
  if (request.operation === 'CREATE') return request.subresource === '' && !isResource(request, '', 'events');
  if (request.operation !== 'UPDATE') return false;
  if (isResource(request, '', 'pods')) return hasDeadline(podOf(request.object)) !== hasDeadline(podOf(request.oldObject));
  return isResource(request, '', 'pods', 'resize') || isResource(request, '', 'services') || isResource(request, '', 'persistentvolumeclaims');
}

/** A deadline moves a Pod from the scope NotTerminating to Terminating. */
const hasDeadline = ({ spec }: Pod): boolean => spec.activeDeadlineSeconds !== undefined;

/** The quota as it is and as it will be; undefined when the write does not touch it. Throws when it is exceeded. */
function charge(quota: ResourceQuota, request: AdmissionRequest, now: number): [KubeObject, KubeObject] | undefined {
  const resource = printResource(request);
  const object = request.object!;
  const name = quota.metadata.name!;
  const { hard = {}, used = {} } = quota.status ?? {};
  const concerned = Object.keys(hard).filter((quotaName) => countedResource(quotaName) === resource);
  if (concerned.length === 0 || !quotaApplies(quota, resource, object)) return undefined;
  if (resource === 'pods') demandRequests(podOf(object), concerned, name, request);
  if (!concerned.every((resourceName) => Object.hasOwn(used, resourceName))) {
    throw refusal(request, `status unknown for quota: ${name}, resources: ${[...concerned].sort().join(',')}`);
  }
  const delta = deltaOf(quota, resource, request, now);
  const requested = new Map([...delta].filter(([resourceName, amount]) => Object.hasOwn(hard, resourceName) && !amount.isZero()));
  if (requested.size === 0) return undefined;
  const next: Record<string, string> = { ...used };
  const exceeded: string[] = [];
  for (const [resourceName, amount] of requested) {
    const total = parseQuantity(used[resourceName] ?? '0').add(amount);
    next[resourceName] = total.canonical();
    if (total.cmp(parseQuantity(hard[resourceName]!)) > 0) exceeded.push(resourceName);
  }
  if (exceeded.length > 0) {
    const asked = Object.fromEntries([...requested].map(([resourceName, amount]) => [resourceName, amount.canonical()]));
    throw refusal(request, `exceeded quota: ${name}, requested: ${printed(asked, exceeded)}, used: ${printed(used, exceeded)}, `
      + `limited: ${printed(hard, exceeded)}`);
  }
  return [quota as unknown as KubeObject, { ...quota, status: { ...quota.status, used: next } } as unknown as KubeObject];
}

/** An update is charged for what it adds, if the quota knew the object before. */
function deltaOf(quota: ResourceQuota, resource: string, { object, oldObject }: AdmissionRequest, now: number): Usage {
  const usage = usageOf(resource, object!, now);
  if (!oldObject || !quotaApplies(quota, resource, oldObject)) return usage;
  const before = usageOf(resource, oldObject, now);
  return new Map([...usage].map(([name, amount]) => [name, atLeastZero(amount.sub(before.get(name) ?? zero))]));
}

const atLeastZero = (amount: Quantity): Quantity => (amount.sign() < 0 ? zero : amount);

function demandRequests({ spec }: Pod, concerned: readonly string[], quota: string, request: AdmissionRequest): void {
  const { requests = {}, limits = {} } = spec.resources ?? {};
  if ([...Object.keys(requests), ...Object.keys(limits)].some(isPodLevelResource)) return;
  const missing = new Map<string, Set<string>>();
  for (const { name, resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const asked = new Set([
      ...Object.keys(resources?.requests ?? {}).flatMap((resource) => [resource, `requests.${resource}`]),
      ...Object.keys(resources?.limits ?? {}).map((resource) => `limits.${resource}`),
    ]);
    for (const resource of concerned.filter((one) => demanded.has(one) && !asked.has(one))) {
      missing.set(resource, (missing.get(resource) ?? new Set()).add(name));
    }
  }
  if (missing.size === 0) return;
  const texts = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([resource, names]) => `${resource} for: ${[...names].sort().join(',')}`);
  throw refusal(request, `failed quota: ${quota}: must specify ${texts.join('; ')}`);
}

const printed = (amounts: Amounts, names: readonly string[]): string =>
  [...names].sort().map((name) => `${name}=${amounts[name] ?? '0'}`).join(',');
