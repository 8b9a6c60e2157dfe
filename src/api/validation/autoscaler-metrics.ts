/** What a HorizontalPodAutoscaler measures: one source for each metric, each with a target. */
import type { MetricIdentifier, MetricSpec, MetricTarget } from '../../schema/autoscaling/v2.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { dns1123Label, pathSegmentName } from './names.ts';
import { validateContainerResourceName } from './resource-names.ts';
import { invalidForEach } from './rules.ts';

const sourceTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** In the order in which upstream looks for them: only the first one is looked into. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;
type Source = (typeof sources)[number];

const sourceRules: { readonly [S in Source]: (source: NonNullable<MetricSpec[S]>, path: string, errors: FieldError[]) => void } = {
  object: ({ describedObject, metric, target }, path, errors) => {
    for (const member of ['kind', 'name'] as const) validateReferenceMember(describedObject[member], `${path}.describedObject.${member}`, errors);
    const complaint = groupVersionComplaint(describedObject.apiVersion ?? '', true);
    if (complaint) errors.push(invalid(`${path}.describedObject.apiVersion`, describedObject.apiVersion ?? '', complaint));
    validateIdentifier(metric, `${path}.metric`, errors);
    validateTarget(target, `${path}.target`, errors);
    if (!hasValue(target)) errors.push(required(`${path}.target.averageValue`, 'must set either a target value or averageValue'));
  },
  external: ({ metric, target }, path, errors) => {
    validateIdentifier(metric, `${path}.metric`, errors);
    validateTarget(target, `${path}.target`, errors);
    if (!hasValue(target)) {
      errors.push(required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target'));
    }
    if (target.value !== undefined && target.averageValue !== undefined) {
      errors.push(forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'));
    }
  },
  pods: ({ metric, target }, path, errors) => {
    validateIdentifier(metric, `${path}.metric`, errors);
    validateTarget(target, `${path}.target`, errors);
    if (target.averageValue === undefined) {
      errors.push(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'));
    }
  },
  resource: ({ name, target }, path, errors) => {
    if (!name) errors.push(required(`${path}.name`, 'must specify a resource name'));
    validateResourceTarget(target, `${path}.target`, errors);
  },
  containerResource: ({ name, container, target }, path, errors) => {
    if (!name) errors.push(required(`${path}.name`, 'must specify a resource name'));
    else validateContainerResourceName(name, `${path}.name`, errors);
    if (!container) errors.push(required(`${path}.container`, 'must specify a container'));
    else invalidForEach(dns1123Label(container), container, `${path}.container`, errors);
    validateResourceTarget(target, `${path}.target`, errors);
  },
};

export function validateMetric(metric: MetricSpec, path: string, errors: FieldError[]): void {
  const isKnown = sourceTypes.includes(metric.type);
  if (!metric.type) errors.push(required(`${path}.type`, 'must specify a metric source type'));
  if (!isKnown) errors.push(notSupported(`${path}.type`, metric.type, sourceTypes));
  const present = sources.filter((source) => metric[source] !== undefined);
  const [first] = present;
  if (first) validateSource(first, metric, `${path}.${first}`, errors);
  const expected = sources.find((source) => source.toLowerCase() === metric.type.toLowerCase());
  if (!isKnown || !expected) errors.push(notSupported(`${path}.type`, metric.type, sourceTypes));
  else if (metric[expected] === undefined) errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  if (present.length === 1) return;
  for (const source of present) {
    if (source !== expected) errors.push(forbidden(`${path}.${source}`, 'must populate the given metric source only'));
  }
}

function validateSource<S extends Source>(source: S, metric: MetricSpec, path: string, errors: FieldError[]): void {
  sourceRules[source](metric[source]!, path, errors);
}

/** What is wrong with an apiVersion; undefined when nothing is. `coreGroup`: it may be without a group. */
export function groupVersionComplaint(apiVersion: string, coreGroup: boolean): string | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  return coreGroup || (parts.length === 2 && parts[0]) ? undefined : 'apiVersion must specify API group';
}

const hasValue = ({ value, averageValue }: MetricTarget): boolean => value !== undefined || averageValue !== undefined;

function validateReferenceMember(value: string | undefined, path: string, errors: FieldError[], missing = ''): void {
  if (!value) errors.push(required(path, missing));
  else invalidForEach(pathSegmentName(value), value, path, errors);
}

function validateIdentifier({ name }: MetricIdentifier, path: string, errors: FieldError[]): void {
  validateReferenceMember(name, `${path}.name`, errors, 'must specify a metric name');
}

function validateResourceTarget(target: MetricTarget, path: string, errors: FieldError[]): void {
  validateTarget(target, path, errors);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) {
    errors.push(required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    errors.push(forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'));
  }
}

function validateTarget(target: MetricTarget, path: string, errors: FieldError[]): void {
  const { type, averageUtilization } = target;
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const member of ['value', 'averageValue'] as const) {
    const value = target[member];
    if (value !== undefined && parseQuantity(value).sign() <= 0) errors.push(invalid(`${path}.${member}`, value, 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  }
}
