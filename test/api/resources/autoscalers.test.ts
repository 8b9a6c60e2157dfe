import { expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

const pathOf = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' };
const causesOf = (spec: object): string[] => {
  const { body } = new TestApi().call('POST', pathOf('v2'), { metadata: { name: 'a' }, spec });
  return (body as unknown as { details: { causes: { field: string; message: string }[] } }).details.causes.map(({ field, message }) => `${field}: ${message}`);
};

test('the target names a version and replicas are at least one', () => {
  expect(causesOf({ minReplicas: 0, maxReplicas: -1, scaleTargetRef: { kind: 'Deployment', name: 'a' } })).toEqual([
    'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
    'spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1',
    'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
    'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
    'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
  ]);
});

test('a metric has the one source that its type says', () => {
  const resource = { name: 'cpu', target: { type: 'Odd', averageUtilization: 0 } };
  expect(causesOf({ maxReplicas: 2, scaleTargetRef, metrics: [{ type: 'Pods', resource }] })).toEqual([
    'spec.metrics[0].resource.target.type: Invalid value: "Odd": must be either Utilization, Value, or AverageValue',
    'spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0',
    'spec.metrics[0].pods: Required value: must populate information for the given metric source',
  ]);
});

test('an autoscaler without metrics has the target of the version in which it lies', () => {
  const api = new TestApi();
  const body = { metadata: { name: 'a' }, spec: { scaleTargetRef, maxReplicas: 3 } };
  expect(api.call('POST', pathOf('v1'), body).body['spec']).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 80 });
  expect(api.call('GET', `${pathOf('v1')}/a`).body['spec']).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 80 });
});
