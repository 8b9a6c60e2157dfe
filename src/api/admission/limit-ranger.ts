/** LimitRanger: defaults and bounds that a namespace sets for its containers, pods and claims. */
import type { Container, LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod, PodSpec } from '../../schema/core/v1.ts';
import { podLimits, podRequests } from '../../schema/pod-resources.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { keysOf } from '../validation/rules.ts';
import { aggregate, isResource, podOf, refusal } from './refusal.ts';

type ResourceList = Record<string, string>;
interface Amounts {
  readonly requests: ReadonlyMap<string, Quantity>;
  readonly limits: ReadonlyMap<string, Quantity>;
}

const annotation = 'kubernetes.io/limit-ranger';

export const limitRanger: AdmissionStep = {
  name: 'LimitRanger',
  resources: ['pods', 'persistentvolumeclaims'],
  admit(request, context) {
    if (!concernsPods(request)) return;
    for (const range of rangesOf(request, context)) setDefaults(podOf(request.object), range);
  },
  validate(request, context) {
    const concernsClaims = isResource(request, '', 'persistentvolumeclaims')
      && (request.operation === 'CREATE' || request.operation === 'UPDATE');
    if (!concernsClaims && !concernsPods(request)) return;
    for (const { spec } of rangesOf(request, context)) {
      const texts = (spec?.limits ?? []).flatMap((item) => (concernsClaims
        ? claimTexts(item, request.object as unknown as PersistentVolumeClaim) : podTexts(item, podOf(request.object).spec)));
      if (texts.length > 0) throw refusal(request, aggregate(texts));
    }
  },
};

/** Containers change by resize only. */
const concernsPods = (request: AdmissionRequest): boolean =>
  (request.operation === 'CREATE' && isResource(request, '', 'pods'))
  || (request.operation === 'UPDATE' && isResource(request, '', 'pods', 'resize'));

function rangesOf(request: AdmissionRequest, context: AdmissionContext): readonly LimitRange[] {
  if (request.oldObject?.metadata.deletionTimestamp !== undefined) return [];
  return context.list('', 'limitranges', request.namespace) as unknown as LimitRange[];
}

function setDefaults(pod: Pod, range: LimitRange): void {
  const requests: ResourceList = {};
  const limits: ResourceList = {};
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  const notes = [
    ...(pod.spec.containers ?? []).flatMap((container) => fillContainer(container, requests, limits, 'container')),
    ...(pod.spec.initContainers ?? []).flatMap((container) => fillContainer(container, requests, limits, 'init container')),
  ];
  if (notes.length > 0) (pod.metadata.annotations ??= {})[annotation] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

/** Fills what is missing; answers what it filled, for the annotation. */
function fillContainer(container: Container, requests: ResourceList, limits: ResourceList, kind: string): string[] {
  const notes: string[] = [];
  const resources = (container.resources ??= {});
  for (const [side, defaults] of [['request', requests], ['limit', limits]] as const) {
    const missing = keysOf(defaults).filter((name) => !Object.hasOwn(resources[`${side}s`] ?? {}, name));
    if (missing.length === 0) continue;
    const list: ResourceList = { ...resources[`${side}s`] };
    for (const name of missing) list[name] = defaults[name]!;
    resources[`${side}s`] = list;
    notes.push(`${missing.join(', ')} ${side} for ${kind} ${container.name}`);
  }
  return notes;
}

function podTexts(item: LimitRangeItem, spec: PodSpec): string[] {
  if (item.type === 'Pod') return boundTexts(item, { requests: podRequests({ ...spec, overhead: {} }), limits: podLimits({ ...spec, overhead: {} }) });
  if (item.type !== 'Container') return [];
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    boundTexts(item, { requests: quantities(resources?.requests), limits: quantities(resources?.limits) }));
}

const quantities = (list: Readonly<ResourceList> = {}): Map<string, Quantity> =>
  new Map(Object.entries(list).map(([name, text]) => [name, parseQuantity(text)]));

function boundTexts(item: LimitRangeItem, amounts: Amounts): string[] {
  const { min, max, maxLimitRequestRatio: ratio } = item;
  return [
    ...keysOf(min).flatMap((name) => minText(item.type, name, parseQuantity(min![name]!), amounts) ?? []),
    ...keysOf(max).flatMap((name) => maxText(item.type, name, parseQuantity(max![name]!), amounts) ?? []),
    ...keysOf(ratio).flatMap((name) => ratioText(item.type, name, parseQuantity(ratio![name]!), amounts) ?? []),
  ];
}

function minText(type: string, name: string, bound: Quantity, { requests, limits }: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `minimum ${name} usage per ${type} is ${bound.canonical()}`;
  if (!request) return `${rule}.  No request is specified`;
  if (request.cmp(bound) < 0) return `${rule}, but request is ${request.canonical()}`;
  return limit && limit.cmp(bound) < 0 ? `${rule}, but limit is ${limit.canonical()}` : undefined;
}

function maxText(type: string, name: string, bound: Quantity, { requests, limits }: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `maximum ${name} usage per ${type} is ${bound.canonical()}`;
  if (!limit) return `${rule}.  No limit is specified`;
  if (limit.cmp(bound) > 0) return `${rule}, but limit is ${limit.canonical()}`;
  return request && request.cmp(bound) > 0 ? `${rule}, but request is ${request.canonical()}` : undefined;
}

function ratioText(type: string, name: string, bound: Quantity, { requests, limits }: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `${name} max limit to request ratio per ${type} is ${bound.canonical()}`;
  if (!request || request.isZero()) return `${rule}, but no request is specified or request is 0`;
  if (!limit || limit.isZero()) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.milliValue()) / Number(request.milliValue());
  return ratio * 1000 > Number(bound.milliValue()) ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

/** Claims have requests only. */
function claimTexts(item: LimitRangeItem, claim: PersistentVolumeClaim): string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const requests = quantities(claim.spec.resources?.requests);
  const { min, max } = item;
  return [
    ...keysOf(min).flatMap((name) => minText(item.type, name, parseQuantity(min![name]!), { requests, limits: new Map() }) ?? []),
    ...keysOf(max).flatMap((name) => {
      const bound = parseQuantity(max![name]!);
      const request = requests.get(name);
      const rule = `maximum ${name} usage per ${item.type} is ${bound.canonical()}`;
      if (!request) return [`${rule}.  No request is specified`];
      return request.cmp(bound) > 0 ? [`${rule}, but request is ${request.canonical()}`] : [];
    }),
  ];
}
