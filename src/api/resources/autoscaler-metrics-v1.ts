/**
 * Metrics of HorizontalPodAutoscalers as autoscaling/v1 spells them, in annotations (pkg/apis/autoscaling/v1/conversion.go):
 * flat, with a name for each amount. Members are in Go's order; those that are undefined are none.
 */
import type { MetricSpec, MetricStatus } from '../../schema/autoscaling/v2.ts';
import { isObject } from '../../lib/json.ts';

interface Reference { readonly kind?: unknown; readonly name?: unknown; readonly apiVersion?: unknown }

interface Amounts { readonly type?: string; readonly value?: string; readonly averageValue?: string; readonly averageUtilization?: number }

/** Any source of a metric in v2: each has some of these. */
interface Source {
  readonly name: string;
  readonly container: string;
  readonly describedObject: Reference;
  readonly metric: { readonly name?: unknown; readonly selector?: unknown };
  readonly target: Amounts;
  readonly current: Amounts;
}

/** The same in v1, as read of an annotation: each may have any of these. */
interface FlatSource {
  readonly name?: string;
  readonly container?: string;
  readonly target?: Reference;
  readonly metricName?: unknown;
  readonly selector?: unknown;
  readonly metricSelector?: unknown;
  readonly targetValue?: string;
  readonly averageValue?: string;
  readonly targetAverageValue?: string;
  readonly targetAverageUtilization?: number;
  readonly currentValue?: string;
  readonly currentAverageValue?: string;
  readonly currentAverageUtilization?: number;
}

type Spelling<From> = Readonly<Record<string, (source: From) => object>>;

const zero = '0';
const reference = ({ kind, name, apiVersion }: Reference): Reference => ({ kind, name, apiVersion });
const identity = (name: unknown, selector: unknown) => ({ name, selector });

const specToV1: Spelling<Source> = {
  object: ({ describedObject, target, metric }) => ({
    target: reference(describedObject), metricName: metric.name, targetValue: target.value ?? zero, selector: metric.selector, averageValue: target.averageValue,
  }),
  pods: ({ metric, target }) => ({ metricName: metric.name, targetAverageValue: target.averageValue ?? zero, selector: metric.selector }),
  resource: ({ name, target }) => ({ name, targetAverageUtilization: target.averageUtilization, targetAverageValue: target.averageValue }),
  containerResource: ({ name, container, target }) =>
    ({ name, targetAverageUtilization: target.averageUtilization, targetAverageValue: target.averageValue, container }),
  external: ({ metric, target }) =>
    ({ metricName: metric.name, metricSelector: metric.selector, targetValue: target.value, targetAverageValue: target.averageValue }),
};

const averageTarget = ({ targetAverageUtilization, targetAverageValue }: FlatSource) => ({
  type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization', averageValue: targetAverageValue, averageUtilization: targetAverageUtilization,
});

const specFromV1: Spelling<FlatSource> = {
  object: ({ target, metricName, targetValue = zero, selector, averageValue }) => ({
    describedObject: reference(target ?? {}), metric: identity(metricName, selector),
    target: averageValue === undefined ? { type: 'Value', value: targetValue }
      // v1 cannot leave the value out, and a value of zero would not be valid.
      : { type: 'AverageValue', value: Number.parseFloat(targetValue) === 0 ? undefined : targetValue, averageValue },
  }),
  pods: ({ metricName, targetAverageValue = zero, selector }) =>
    ({ metric: identity(metricName, selector), target: { type: 'AverageValue', averageValue: targetAverageValue } }),
  resource: (source) => ({ name: source.name, target: averageTarget(source) }),
  containerResource: (source) => ({ name: source.name, target: averageTarget(source), container: source.container }),
  external: ({ metricName, metricSelector, targetValue, targetAverageValue }) => ({
    metric: identity(metricName, metricSelector),
    target: { type: targetValue === undefined ? 'AverageValue' : 'Value', value: targetValue, averageValue: targetAverageValue },
  }),
};

const statusToV1: Spelling<Source> = {
  object: ({ describedObject, current, metric }) => ({
    target: reference(describedObject), metricName: metric.name, currentValue: current.value ?? zero, selector: metric.selector, averageValue: current.averageValue,
  }),
  pods: ({ metric, current }) => ({ metricName: metric.name, currentAverageValue: current.averageValue ?? zero, selector: metric.selector }),
  resource: ({ name, current }) => ({ name, currentAverageUtilization: current.averageUtilization, currentAverageValue: current.averageValue ?? zero }),
  containerResource: ({ name, container, current }) =>
    ({ name, currentAverageUtilization: current.averageUtilization, currentAverageValue: current.averageValue ?? zero, container }),
  external: ({ metric, current }) =>
    ({ metricName: metric.name, metricSelector: metric.selector, currentValue: current.value ?? zero, currentAverageValue: current.averageValue }),
};

const averageCurrent = ({ currentAverageValue = zero, currentAverageUtilization }: FlatSource) =>
  ({ averageValue: currentAverageValue, averageUtilization: currentAverageUtilization });

const statusFromV1: Spelling<FlatSource> = {
  object: ({ target, metricName, currentValue = zero, selector, averageValue }) =>
    ({ metric: identity(metricName, selector), current: { value: currentValue, averageValue }, describedObject: reference(target ?? {}) }),
  pods: ({ metricName, currentAverageValue = zero, selector }) => ({ metric: identity(metricName, selector), current: { averageValue: currentAverageValue } }),
  resource: (source) => ({ name: source.name, current: averageCurrent(source) }),
  containerResource: (source) => ({ name: source.name, current: averageCurrent(source), container: source.container }),
  external: ({ metricName, metricSelector, currentValue = zero, currentAverageValue }) =>
    ({ metric: identity(metricName, metricSelector), current: { value: currentValue, averageValue: currentAverageValue } }),
};

function respelled<From>(metric: object, spelling: Spelling<From>): object {
  const members = metric as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = { type: members['type'] };
  for (const source of Object.keys(spelling)) {
    if (isObject(members[source])) result[source] = defined(spelling[source]!(members[source] as From));
  }
  return result;
}

function defined(object: object): object {
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, isObject(value) ? defined(value) : value]));
}

export const metricsToV1 = (metrics: readonly MetricSpec[]): object[] => metrics.map((metric) => respelled(metric, specToV1));
export const metricsFromV1 = (metrics: readonly object[]): MetricSpec[] => metrics.map((metric) => respelled(metric, specFromV1) as MetricSpec);
export const currentMetricsToV1 = (metrics: readonly MetricStatus[]): object[] => metrics.map((metric) => respelled(metric, statusToV1));
export const currentMetricsFromV1 = (metrics: readonly object[]): MetricStatus[] => metrics.map((metric) => respelled(metric, statusFromV1) as MetricStatus);
