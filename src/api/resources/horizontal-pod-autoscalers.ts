/**
 * HorizontalPodAutoscalers of autoscaling/v1, stored as v2 (pkg/apis/autoscaling/v1/conversion.go): the CPU target is a
 * metric like others, and what v1 has no field for travels in annotations.
 */
import type { HorizontalPodAutoscaler as AutoscalerV1 } from '../../schema/autoscaling/v1.ts';
import { HorizontalPodAutoscaler as AutoscalerV2, type MetricSpec } from '../../schema/autoscaling/v2.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { structType } from '../../schema/struct-type.ts';
import { applyDefaults } from '../defaults/defaults.ts';
import type { Conversion } from '../registry.ts';

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
  const others = take(annotations, metrics, []);
  const rules = take(annotations, behavior, undefined);
  const metadata = { ...object.metadata, annotations };
  const stored = {
    ...object, apiVersion: 'autoscaling/v2', metadata,
    spec: { ...shared, metrics: [...cpuMetric, ...others], ...(rules ? { behavior: rules } : {}) },
    status: { ...state, currentMetrics: [...cpuNow, ...take(annotations, currentMetrics, [])], conditions: take(annotations, conditions, []) },
  };
  // What lies in the store is read with the defaults of its version: a target for the CPU.
  applyDefaults(structType(AutoscalerV2), stored);
  return stored;
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
    ...(others.length > 0 ? { [metrics]: JSON.stringify(others) } : {}), ...(rules ? { [behavior]: JSON.stringify(rules) } : {}),
    ...(states.length > 0 ? { [conditions]: JSON.stringify(states) } : {}), ...(now.length > 0 ? { [currentMetrics]: JSON.stringify(now) } : {}),
  };
  return {
    kind: object.kind!, apiVersion: 'autoscaling/v1',
    metadata: Object.keys(annotations).length > 0 ? { ...object.metadata, annotations } : object.metadata,
    spec: { ...shared, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...state, ...(cpuNow === undefined ? {} : { currentCPUUtilizationPercentage: cpuNow }) },
  };
}

/** Takes the value of an annotation out; text that is no JSON counts as nothing. */
function take<T>(annotations: Record<string, string>, name: string, none: T): T {
  const text = annotations[name];
  if (text === undefined) return none;
  delete annotations[name];
  try {
    return JSON.parse(text) as T;
  } catch {
    return none;
  }
}

export const autoscalerConversion: Conversion = {
  storageVersion: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' }, toStorage, fromStorage,
};
