/**
 * HorizontalPodAutoscalers of autoscaling/v1, stored as v2 (pkg/apis/autoscaling/v1/conversion.go): the CPU target is a
 * metric like others, and what v1 has no field for travels in annotations.
 */
import type { HorizontalPodAutoscaler as AutoscalerV1 } from '../../schema/autoscaling/v1.ts';
import { HorizontalPodAutoscaler as AutoscalerV2, HorizontalPodAutoscalerBehavior, type MetricSpec } from '../../schema/autoscaling/v2.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { structType } from '../../schema/struct-type.ts';
import { goJson } from '../../lib/go-format.ts';
import { isObject } from '../../lib/json.ts';
import { applyDefaults } from '../defaults/defaults.ts';
import type { Conversion } from '../registry.ts';
import { internalForm } from '../validation/internal-form.ts';
import { currentMetricsFromV1, currentMetricsToV1, metricsFromV1, metricsToV1 } from './autoscaler-metrics-v1.ts';

const prefix = 'autoscaling.alpha.kubernetes.io/';
const [metrics, behavior, conditions, currentMetrics] = ['metrics', 'behavior', 'conditions', 'current-metrics'].map((name) => prefix + name) as
  [string, string, string, string];

/** What v2 has fields for and v1 has not. */
export const autoscalerAnnotations = [metrics, behavior, conditions, currentMetrics];

const isCpuTarget = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

function toStorage(object: KubeObject): KubeObject {
  const { spec, status } = object as unknown as AutoscalerV1;
  const { targetCPUUtilizationPercentage: cpu, ...shared } = spec ?? {} as never;
  const { currentCPUUtilizationPercentage, ...state } = status ?? {} as never;
  const annotations = { ...object.metadata.annotations };
  const cpuMetric = cpu === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } }];
  const cpuNow = currentCPUUtilizationPercentage === undefined ? []
    : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: currentCPUUtilizationPercentage } } }];
  const others = metricsFromV1(takeList(annotations, metrics) ?? []);
  const rules = fromInternal(take(annotations, behavior)) as object | undefined;
  const now = takeList(annotations, currentMetrics);
  const states = takeList(annotations, conditions) ?? [];
  const { annotations: _, ...plain } = object.metadata;
  const metadata = Object.keys(annotations).length > 0 ? { ...plain, annotations } : plain;
  const stored = {
    ...object, apiVersion: 'autoscaling/v2', metadata,
    spec: { ...shared, metrics: [...others, ...cpuMetric], ...(isObject(rules) && Object.keys(rules).length > 0 ? { behavior: rules } : {}) },
    // The annotation knows more than v1's one number.
    status: { ...state, currentMetrics: now ? currentMetricsFromV1(now) : cpuNow, conditions: states },
  };
  // What lies in the store is read with the defaults of its version; rules that are not valid get no policies by that.
  if (hasPolicies(stored.spec.behavior)) applyDefaults(structType(AutoscalerV2), stored);
  return stored;
}

const hasPolicies = (rules: { scaleUp?: { policies?: unknown[] }; scaleDown?: { policies?: unknown[] } } = {}): boolean =>
  Object.values(rules).every(({ policies }) => policies !== undefined && policies.length > 0);

/** What a v1 object is once it was an internal one, in place: its annotations say what was read of them, and nothing else. */
export function passThroughInternal(object: KubeObject): void {
  if (object.apiVersion !== 'autoscaling/v1') return;
  const { metadata, spec, status } = fromStorage(toStorage(object));
  Object.assign(object, { metadata, spec, status });
}

function fromStorage(object: KubeObject): KubeObject {
  const { spec, status } = object as unknown as AutoscalerV2;
  const { metrics: allOrNull, behavior: rules, ...shared } = spec ?? {} as never;
  const { currentMetrics: nowOrNull, conditions: statesOrNull, ...state } = status ?? {} as never;
  // Stored lists without items are null.
  const [all, now, states] = [allOrNull ?? [], nowOrNull ?? [], statesOrNull ?? []];
  const target = all.find(isCpuTarget)?.resource?.target.averageUtilization;
  const others = all.filter((metric) => !isCpuTarget(metric));
  const cpuNow = now.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization;
  const annotations = {
    ...object.metadata.annotations,
    ...(others.length > 0 ? { [metrics]: goJson(metricsToV1(others)) } : {}),
    // Upstream writes the internal type.
    ...(rules ? { [behavior]: goJson(internalForm(HorizontalPodAutoscalerBehavior, rules)) } : {}),
    ...(states.length > 0 ? { [conditions]: goJson(states) } : {}), ...(now.length > 0 ? { [currentMetrics]: goJson(currentMetricsToV1(now)) } : {}),
  };
  return {
    kind: object.kind!, apiVersion: 'autoscaling/v1',
    metadata: Object.keys(annotations).length > 0 ? { ...object.metadata, annotations } : object.metadata,
    spec: { ...shared, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...state, ...(cpuNow === undefined ? {} : { currentCPUUtilizationPercentage: cpuNow }) },
  };
}

/** Takes the value of an annotation out; text that is no JSON counts as nothing. */
function take(annotations: Record<string, string>, name: string): unknown {
  const text = annotations[name];
  if (text === undefined) return undefined;
  delete annotations[name];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The same for a list of objects; undefined for anything else. */
function takeList(annotations: Record<string, string>, name: string): Record<string, unknown>[] | undefined {
  const value = take(annotations, name);
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

/** A value whose members have Go's names, with those of v2. */
function fromInternal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromInternal);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), fromInternal(member)]));
}

export const autoscalerConversion: Conversion = {
  storageVersion: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' }, toStorage, fromStorage,
};
